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

from eval.data import load_summaries, load_translations
from summarizer.checks import Fault, check_abstract, check_translation
from summarizer.checks.numbers.grammar import load_grammar
from summarizer.checks.wordlists import serious_words
from summarizer.errors import InputError
from summarizer.text.sentences import split_sentences

Perturb = Callable[[str, str, Sequence[str], random.Random], str | None]
"""(text, source, names or sentences of other items, randomness) -> the text with one thing wrong, or None."""

_DIGITS = re.compile(r"(?<!\w)\d+(?:[.,]\d+)*(?!\w)|(?<=Rp)\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}(?!\w)")
_GRAMMARS = load_grammar("id"), load_grammar("en")
# How often another number is drawn before the source is taken to have them all.
_DRAWS = 100
_NO_NAMES = {word for grammar in _GRAMMARS for word in (*grammar.months, *grammar.days)}
_INDONESIAN_WORDS, _ENGLISH_WORDS = (
    [word for word, value in grammar.units.items() if value > 2] for grammar in _GRAMMARS
)
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
        found = binomtest(self.spoke, self.items).proportion_ci(method="wilson")
        return 100 * float(found.low), 100 * float(found.high)


def change_number(text: str, source: str, _others: Sequence[str], chance: random.Random) -> str | None:
    """Put another number of as many digits, or another number word, in place of one."""
    words = re.compile(rf"\b(?:{'|'.join(_ENGLISH_WORDS + _INDONESIAN_WORDS)})\b")
    found = [*_DIGITS.finditer(text), *words.finditer(text)]
    if not found:
        return None
    match = chance.choice(found)
    old = match.group()
    for _ in range(_DRAWS):
        if old[0].isdigit():
            new = "".join(chance.choice("123456789") if letter.isdigit() else letter for letter in old)
        else:
            new = chance.choice(_ENGLISH_WORDS if old in _ENGLISH_WORDS else _INDONESIAN_WORDS)
        if new != old and not re.search(rf"(?<!\d){re.escape(new)}(?!\d)", source):
            return text[: match.start()] + new + text[match.end() :]
    return None


def change_name(text: str, source: str, others: Sequence[str], chance: random.Random) -> str | None:
    """Put a name of another item in place of one that the source has too."""
    # Of the words with a capital that both texts have, those are names that also other items have with one alone.
    found = [match for match in _NAME.finditer(text) if match.group() in others and _is_name(match.group(), source)]
    others = [name for name in others if name.lower() not in f"{source} {text}".lower()]
    if not found or not others:
        return None
    match = chance.choice(found)
    return re.sub(rf"\b{match.group()}\b", chance.choice(others), text)


def drop_negative(text: str, source: str, _others: Sequence[str], chance: random.Random) -> str | None:
    """Take an English negative out of the translation of a sentence with one."""
    usable = [(pattern, new) for pattern, new in _DROPS if pattern.search(text)]
    if not usable or not _NEGATIVE.search(source):
        return None
    pattern, new = chance.choice(usable)
    return pattern.sub(new, text, count=1)


def add_sentence(text: str, _source: str, others: Sequence[str], chance: random.Random) -> str | None:
    """Put a sentence of another item after the text."""
    others = [sentence for sentence in others if sentence not in text]
    return f"{text} {chance.choice(others)}" if others else None


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
    found = [match for words in serious.values() for match in words.english.finditer(text)]
    others = [word for matter, word in _SERIOUS.items() if not serious[matter].sources.search(source)]
    if not found or not others:
        return None
    match = chance.choice(found)
    return text[: match.start()] + chance.choice(others) + text[match.end() :]


def turn_direction(text: str, source: str, _others: Sequence[str], chance: random.Random) -> str | None:
    """Put the opposite in place of a word of direction, such as "rose", for which the source has a word too."""
    usable: list[tuple[re.Match[str], str]] = []
    for indonesian, pairs in _OPPOSITES:
        if not re.search(rf"\b(?:{indonesian})\b", source, re.IGNORECASE):
            continue
        for pair in pairs.split():
            word, opposite = pair.split(":")
            usable += [(match, opposite) for match in re.finditer(rf"\b{word}\b", text)]
    if not usable:
        return None
    match, opposite = chance.choice(usable)
    return text[: match.start()] + opposite + text[match.end() :]


def change_unit(text: str, _source: str, _others: Sequence[str], chance: random.Random) -> str | None:
    """Put "points" in place of one "percent"."""
    found = list(_PERCENT.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
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

    Yields:
        The rate of the good texts, then one for each way of those texts that can be damaged so.
    """
    clean = [set(check(source, text)) for source, text in pairs]
    yield Rate(name, "clean", len(pairs), sum(map(bool, clean)))
    lower = {word for _, text in pairs for word in re.findall(r"\b[a-z]+\b", text)}
    called = {name for source, text in pairs for name in _NAME.findall(text) if _is_name(name, source)}
    names = sorted(name for name in called if name.lower() not in lower)
    sentences = [split_sentences(text)[0] for _, text in pairs if text]
    for what, perturb in perturbations.items():
        # A way has a seed of its own: what else is measured changes nothing.
        chance = random.Random(f"{seed} {what}")  # noqa: S311
        items = found = 0
        for (source, text), before in zip(pairs, clean, strict=True):
            damaged = perturb(text, source, sentences if what == "added" else names, chance)
            if damaged is None or damaged == text:
                continue
            items += 1
            found += bool(set(check(source, damaged)) - before)
        yield Rate(name, what, items, found)


def _is_name(word: str, source: str) -> bool:
    return word.lower() not in _NO_NAMES and re.search(rf"(?<=[a-z,] ){word}\b", source) is not None


def _rates(data: Iterable[str], seed: int) -> Iterator[Rate]:
    for path in map(Path, data):
        english = path.with_suffix(".en")
        if path.suffix == ".id" and not english.exists():
            raise InputError(f"{path} needs its translation beside it, {english.name}")
        if path.suffix == ".id":
            items = load_translations(path, [english]).items
            pairs = [(item.text, item.references[0]) for item in items]
            yield from measure(path.stem, pairs, check_translation, _OF_TRANSLATIONS, seed)
        else:
            pairs = [(item.text, item.references[0]) for item in load_summaries(path).items]
            yield from measure(path.stem, pairs, lambda source, text: check_abstract(text, source), _OF_SUMMARIES, seed)


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
    rates = []
    for rate in _rates(data, seed):
        rates.append(rate)
        low, high = rate.interval()
        if as_json:
            shown = {"share": rate.share, "low": low, "high": high} if rate.items else {}
            click.echo(json.dumps(asdict(rate) | dict.fromkeys(("share", "low", "high")) | shown))
        elif not rate.items:
            click.echo(f"{rate.data:28} {rate.what:9} {rate.items:6} items")
        else:
            verb = "alarms" if rate.what == "clean" else "found"
            click.echo(
                f"{rate.data:28} {rate.what:9} {rate.items:6} items  {rate.share:5.1f} % {verb:6} "
                f"[{low:.1f}, {high:.1f}]"
            )
    if not as_json:
        _print_precision(rates)


def _print_precision(rates: Sequence[Rate]) -> None:
    alarms = {rate.data: rate.share / 100 for rate in rates if rate.what == "clean"}
    click.echo("\nPrecision (with as many damaged texts as undamaged ones) and recall:")
    for rate in rates:
        if rate.what != "clean" and rate.items:
            found = rate.share / 100
            precision = found / (found + alarms[rate.data]) if found else 0.0
            click.echo(f"{rate.data:28} {rate.what:9} precision {100 * precision:5.1f} %  recall {rate.share:5.1f} %")
