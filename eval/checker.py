"""Measure the checks of `summarizer.checks` themselves: on texts damaged on purpose, and on undamaged ones."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from eval.data import DataSet, load_summaries, load_translations
from summarizer.checks import Fault, check_abstract, check_translation
from summarizer.checks.numbers.grammar import load_grammar
from summarizer.checks.wordlists import serious_words
from summarizer.errors import InputError
from summarizer.text.sentences import split_sentences

Perturb = Callable[[str, str, Sequence[str], random.Random], str | None]
"""(text, source, names or sentences of other items, randomness) -> the text with one thing wrong, or None."""

_DIGITS = re.compile(r"(?<!\w)\d+(?:[.,]\d+)*(?!\w)|(?<=Rp)\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}(?!\w)")
_INDONESIAN = load_grammar("id")
_ENGLISH = load_grammar("en")
# How often another number is drawn before the source is taken to have them all.
_DRAWS = 100
_NO_NAMES = {*_INDONESIAN.months, *_INDONESIAN.days, *_ENGLISH.months, *_ENGLISH.days}
# Words for numbers from three on: "satu" and "one" are often no numbers.
_INDONESIAN_WORDS = [word for word, value in _INDONESIAN.units.items() if value > 2]
_ENGLISH_WORDS = [word for word, value in _ENGLISH.units.items() if value > 2]
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_ENGLISH_WORDS + _INDONESIAN_WORDS)})\b")
_NEGATIVE = re.compile(r"\b(?:tidak|tak|bukan|belum|tanpa|jangan|tidaklah|bukanlah)\b", re.IGNORECASE)
_DROPS = (
    (re.compile(r"\b(can)not\b", re.IGNORECASE), r"\1"),
    (
        re.compile(r"\b(is|are|was|were|has|have|had|will|would|should|could|must|do|does|did) not\b", re.IGNORECASE),
        r"\1",
    ),
    (re.compile(r"\b(is|are|was|were|has|have|had|would|should|could|do|does|did)n['’]t\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\bnot "), ""),
    (re.compile(r"\bwithout\b"), "with"),
    (re.compile(r"\bnever "), ""),
    (re.compile(r"\bno (?!longer|\d|\w+er than)"), ""),
)


# One English word of some of each of some serious matters of the word lists.
_SERIOUS = {
    "death": "dead",
    "arrest": "arrested",
    "corruption": "corrupt",
    "denial": "denied",
    "resignation": "resigned",
    "sentence": "convicted",
    "theft": "robbed",
}


# Words of English and their opposites, each behind words of Indonesian of which the source must have one.
_OPPOSITES = (
    (r"naik|meningkat\w*|menguat|kenaikan|peningkatan", "rise:fall rises:falls rose:fell risen:fallen rising:falling"),
    (
        r"naik|meningkat\w*|kenaikan|peningkatan",
        "increase:decrease increases:decreases increased:decreased increasing:decreasing",
    ),
    (r"turun|menurun\w*|melemah|penurunan", "fall:rise falls:rises fell:rose fallen:risen falling:rising"),
    (
        r"turun|menurun\w*|penurunan",
        "decrease:increase decreases:increases decreased:increased decline:increase declined:increased drop:rise "
        "dropped:rose",
    ),
    (r"menang\w*|kemenangan", "win:lose wins:loses won:lost winning:losing victory:defeat"),
    (r"kalah|kekalahan", "lose:win loses:wins lost:won losing:winning defeat:victory"),
    (r"di atas", "above:below over:under"),
    (r"di bawah", "below:above under:over"),
    (r"sebelum", "before:after"),
    (r"setelah|sesudah|usai", "after:before"),
    (r"lebih", "more:less greater:smaller higher:lower larger:smaller"),
    (r"kurang", "less:more fewer:more"),
    (r"kiri", "left:right"),
    (r"kanan", "right:left"),
    (r"masuk|memasuki", "enter:exit entered:exited entering:exiting"),
    (r"membeli|dibeli|pembelian", "buy:sell buys:sells bought:sold buying:selling"),
    (r"menjual|dijual|penjualan", "sell:buy sells:buys sold:bought selling:buying"),
    (r"\w*impor", "import:export imports:exports imported:exported"),
    (r"\w*ekspor", "export:import exports:imports exported:imported"),
)
_PERCENT = re.compile(r"(?<=\d)(?:%| percent\b| per cent\b)")
_BEATEN = re.compile(
    r"\b([A-Z]\w+(?: [A-Z]\w+)*)( (?:beat|beats|defeated|overcame|lost to|was beaten by|was defeated by) )"
    r"([A-Z]\w+(?: [A-Z]\w+)*)"
)


@dataclass(frozen=True)
class Rate:
    """How often a check spoke: of how many texts it found a fault that it doesn't find in the undamaged text.

    ``what`` was wrong with the texts of a data set: a key of the ways to damage them, or ``clean`` if nothing was.
    """

    data: str
    what: str
    items: int
    spoke: int

    @property
    def share(self) -> float:
        """Spoken of, in per cent; not a number where there are no items."""
        return 100 * self.spoke / self.items if self.items else math.nan

    def interval(self) -> tuple[float, float]:
        """Return the 95 % confidence interval of the share, in per cent (Wilson, 1927)."""
        from scipy.stats import binomtest

        if not self.items:
            return math.nan, math.nan
        interval = binomtest(self.spoke, self.items).proportion_ci(method="wilson")
        return 100 * float(interval.low), 100 * float(interval.high)


def change_number(text: str, source: str, _others: Sequence[str], chance: random.Random) -> str | None:
    """Put another number of as many digits, or another number word, in place of one."""
    numbers = [*_DIGITS.finditer(text), *_NUMBER_WORD.finditer(text)]
    if not numbers:
        return None
    match = chance.choice(numbers)
    old = match.group()
    for _ in range(_DRAWS):
        if old[0].isdigit():
            new = re.sub(r"\d", lambda _: chance.choice("123456789"), old)
        elif old in _ENGLISH_WORDS:
            new = chance.choice(_ENGLISH_WORDS)
        else:
            new = chance.choice(_INDONESIAN_WORDS)
        if new != old and not re.search(rf"(?<!\d){re.escape(new)}(?!\d)", source):
            return text[: match.start()] + new + text[match.end() :]
    return None


def change_name(text: str, source: str, others: Sequence[str], chance: random.Random) -> str | None:
    """Put a name of another item in place of one that the source has too."""
    # Of the words with a capital that both texts have, those are names that also other items have with one alone.
    names: list[str] = []
    for name in _NAME.findall(text):
        if name in others and _is_name(name, source):
            names.append(name)
    both_texts = f"{source} {text}".lower()
    foreign = [name for name in others if name.lower() not in both_texts]
    if not names or not foreign:
        return None
    name = chance.choice(names)
    return re.sub(rf"\b{name}\b", chance.choice(foreign), text)


def drop_negative(text: str, source: str, _others: Sequence[str], chance: random.Random) -> str | None:
    """Take an English negative out of the translation of a sentence with one."""
    usable = [(pattern, new) for pattern, new in _DROPS if pattern.search(text)]
    if not usable or not _NEGATIVE.search(source):
        return None
    pattern, new = chance.choice(usable)
    return pattern.sub(new, text, count=1)


def add_sentence(text: str, _source: str, others: Sequence[str], chance: random.Random) -> str | None:
    """Put a sentence of another item after the text."""
    foreign = [sentence for sentence in others if sentence not in text]
    if not foreign:
        return None
    return f"{text} {chance.choice(foreign)}"


def drop_sentence(text: str, _source: str, _others: Sequence[str], chance: random.Random) -> str | None:
    """Take one of the sentences away."""
    sentences = split_sentences(text)
    if len(sentences) < 2:
        return None
    sentences.pop(chance.randrange(len(sentences)))
    return " ".join(sentences)


def change_serious(text: str, source: str, _others: Sequence[str], chance: random.Random) -> str | None:
    """Put a serious word of another matter, which the source says nothing of, in place of one."""
    serious = serious_words()
    matches: list[re.Match[str]] = []
    for words in serious.values():
        matches += words.english.finditer(text)
    foreign: list[str] = []
    for matter, word in _SERIOUS.items():
        if not serious[matter].sources.search(source):
            foreign.append(word)
    if not matches or not foreign:
        return None
    match = chance.choice(matches)
    return text[: match.start()] + chance.choice(foreign) + text[match.end() :]


def turn_direction(text: str, source: str, _others: Sequence[str], chance: random.Random) -> str | None:
    """Put the opposite in place of a word of direction, such as "rose", for which the source has a word too."""
    usable: list[tuple[re.Match[str], str]] = []
    for indonesian, pairs in _OPPOSITES:
        if not re.search(rf"\b(?:{indonesian})\b", source, re.IGNORECASE):
            continue
        for pair in pairs.split():
            word, opposite = pair.split(":")
            for match in re.finditer(rf"\b{word}\b", text):
                usable.append((match, opposite))
    if not usable:
        return None
    match, opposite = chance.choice(usable)
    return text[: match.start()] + opposite + text[match.end() :]


def change_unit(text: str, _source: str, _others: Sequence[str], chance: random.Random) -> str | None:
    """Put "points" in place of one "percent"."""
    matches = list(_PERCENT.finditer(text))
    if not matches:
        return None
    match = chance.choice(matches)
    return text[: match.start()] + " points" + text[match.end() :]


def swap_winner(text: str, _source: str, _others: Sequence[str], _chance: random.Random) -> str | None:
    """Have a winner and a loser change places."""
    match = _BEATEN.search(text)
    if match is None:
        return None
    return text[: match.start()] + match[3] + match[2] + match[1] + text[match.end() :]


_OF_TRANSLATIONS: dict[str, Perturb] = {
    "number": change_number,
    "name": change_name,
    "negation": drop_negative,
    "serious": change_serious,
    "direction": turn_direction,
    "unit": change_unit,
    "contest": swap_winner,
    "added": add_sentence,
    "dropped": drop_sentence,
}
_OF_SUMMARIES: dict[str, Perturb] = {"number": change_number, "name": change_name, "added": add_sentence}


def measure(
    name: str,
    pairs: Sequence[tuple[str, str]],
    check: Callable[[str, str], list[Fault]],
    perturbations: dict[str, Perturb],
    seed: int,
) -> Iterator[Rate]:
    """Damage the text of each pair (source, text) in each way, and count how often the check finds it.

    Args:
        name: of the data set.
        pairs: sources and texts.
        check: what is measured: (source, text) -> faults.
        perturbations: ways to damage a text.
        seed: for the choices in it.

    Yields:
        The rate of the good texts, then one for each way of those texts that can be damaged so.
    """
    alarms: list[set[Fault]] = []
    for source, text in pairs:
        alarms.append(set(check(source, text)))
    yield Rate(name, "clean", len(pairs), spoke=sum(map(bool, alarms)))
    names = _find_names(pairs)
    sentences = [split_sentences(text)[0] for _, text in pairs if text]
    for what, perturb in perturbations.items():
        # A way has a seed of its own: what else is measured changes nothing.
        chance = random.Random(f"{seed} {what}")  # noqa: S311
        others = sentences if what == "added" else names
        items = 0
        spoke = 0
        for (source, text), before in zip(pairs, alarms, strict=True):
            damaged = perturb(text, source, others, chance)
            if damaged is None or damaged == text:
                continue
            items += 1
            if set(check(source, damaged)) - before:
                spoke += 1
        yield Rate(name, what, items, spoke)


def _find_names(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return the names in the texts of pairs (source, text), sorted: no text has them in small letters."""
    small: set[str] = set()
    called: set[str] = set()
    for source, text in pairs:
        small.update(re.findall(r"\b[a-z]+\b", text))
        for name in _NAME.findall(text):
            if _is_name(name, source):
                called.add(name)
    return sorted(name for name in called if name.lower() not in small)


def _is_name(word: str, source: str) -> bool:
    """Tell whether the source has a word of the text with a capital inside a sentence, and it is no day or month."""
    return word.lower() not in _NO_NAMES and re.search(rf"(?<=[a-z,] ){word}\b", source) is not None


def _rates(data: Iterable[str], seed: int) -> Iterator[Rate]:
    """Yield the rates of each data set: translations in files of lines, summaries in all others.

    Raises:
        InputError: a file of lines has no translation beside it.
    """
    for path in map(Path, data):
        if path.suffix == ".id":
            english = path.with_suffix(".en")
            if not english.exists():
                raise InputError(f"{path} needs its translation beside it, {english.name}")
            pairs = _pair_up(load_translations(path, [english]))
            yield from measure(path.stem, pairs, check_translation, _OF_TRANSLATIONS, seed)
        else:
            pairs = _pair_up(load_summaries(path))
            yield from measure(path.stem, pairs, _check_summary, _OF_SUMMARIES, seed)


def _pair_up(data: DataSet) -> list[tuple[str, str]]:
    """Return the source of each item with its first reference."""
    return [(item.text, item.references[0]) for item in data.items]


def _check_summary(source: str, text: str) -> list[Fault]:
    return check_abstract(text, source)


@click.command()
@click.option(
    "--data",
    required=True,
    multiple=True,
    type=click.Path(exists=True),
    help="NAME.id with NAME.en beside it, line by line; or articles with summaries, as for 'summaries'. Repeatable.",
)
@click.option("--seed", default=1, show_default=True, help="Seed for the damage.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line instead of a table.")
def checker(data: tuple[str, ...], seed: int, as_json: bool) -> None:
    """Measure the checks on references, undamaged and damaged on purpose.

    Each reference is damaged in several ways, one at a time: a number is changed, a name is replaced by one from
    another item, a negative is dropped, a serious word is replaced by another, a direction is turned round, "percent"
    becomes "points", a winner and a loser change places, a sentence is added, a sentence is dropped. A fault counts as
    found if the check did not report it for the undamaged reference. Whatever it reports for undamaged references
    counts as a false alarm.
    """
    rates: list[Rate] = []
    for rate in _rates(data, seed):
        rates.append(rate)
        click.echo(_to_json(rate) if as_json else _to_line(rate))
    if not as_json:
        _print_precision(rates)


def _to_json(rate: Rate) -> str:
    """Return the fields of a rate, its share and interval: null where there are no items, as JSON has no NaN."""
    row = {**asdict(rate), "share": None, "low": None, "high": None}
    if rate.items:
        row["share"] = rate.share
        row["low"], row["high"] = rate.interval()
    return json.dumps(row)


def _to_line(rate: Rate) -> str:
    line = f"{rate.data:28} {rate.what:9} {rate.items:6} items"
    if not rate.items:
        return line
    verb = "alarms" if rate.what == "clean" else "found"
    low, high = rate.interval()
    return f"{line}  {rate.share:5.1f} % {verb:6} [{low:.1f}, {high:.1f}]"


def _print_precision(rates: Sequence[Rate]) -> None:
    """Print precision and recall of each way to damage a text, computed from the alarms for undamaged ones."""
    alarms: dict[str, float] = {}
    for rate in rates:
        if rate.what == "clean":
            alarms[rate.data] = rate.share / 100
    click.echo("\nPrecision (with as many damaged texts as undamaged ones) and recall:")
    for rate in rates:
        if rate.what != "clean" and rate.items:
            recall = rate.share / 100
            precision = 0.0
            if recall:
                precision = recall / (recall + alarms[rate.data])
            click.echo(f"{rate.data:28} {rate.what:9} precision {100 * precision:5.1f} %  recall {rate.share:5.1f} %")
