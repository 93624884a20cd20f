"""Choose and mix the examples of each pass over the data.

`collect` reads and filters everything that a recipe names, which takes minutes, and writes it into one file;
`Mixture` draws from that.
"""

from __future__ import annotations

import gzip
import json
import math
import random
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from summarizer.errors import InputError
from summarizer.training import articles, bitext, guided, selftraining
from summarizer.training.articles import Junk, LabelledArticle
from summarizer.training.bitext import Pair
from summarizer.training.lexicon import is_known, read_lexicon
from summarizer.training.passages import Passages, find_passages
from summarizer.training.selftraining import disturb
from summarizer.training.templates import Example, make_example, template

RECIPE = Path(__file__).with_name("recipe.toml")

TASKS = ("translation", "summaries", "headlines", "dictionary")
"""Tables of a recipe that name sets."""

Item = TypeVar("Item")


def read_recipe(path: Path = RECIPE) -> dict[str, Any]:
    """Read a recipe.

    Raises:
        InputError: the file is missing or damaged.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot read the recipe {path}: {error}") from error


_ROWS: dict[str, type[Any]] = {
    "pairs": Pair,
    "articles": LabelledArticle,
    "headlines": LabelledArticle,
    "passages": Passages,
    "dev": Example,
}
"""What the lists of a collection hold."""


@dataclass
class Collection:
    """Filtered data.

    Attributes:
        pairs: by set, in the order of the set.
        articles: by set.
        headlines: by set; each article's ``summary`` is its headline.
        passages: by set of articles, what their abstracts are made from.
        senses: sure translations of the words of the lexicon, the surest first.
        counts: how often the words that the lexicon knows stand in the Indonesian sides of all pairs.
        dev: by set, examples whose loss is measured.
        report: what the filters did, one set a line.
    """

    pairs: dict[str, list[Pair]]
    articles: dict[str, list[LabelledArticle]]
    headlines: dict[str, list[LabelledArticle]]
    passages: dict[str, list[Passages]]
    senses: dict[str, list[str]]
    counts: dict[str, int]
    dev: dict[str, list[Example]]
    report: str

    def write(self, path: Path) -> None:
        """Write everything into one file (gzipped JSON)."""
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(path.name + ".partial")
        with gzip.open(scratch, "wt", encoding="utf-8", compresslevel=3) as stream:
            json.dump(asdict(self), stream, ensure_ascii=False)
        scratch.replace(path)

    @classmethod
    def read(cls, path: Path) -> Collection:
        """Read what `write` wrote.

        Raises:
            InputError: the file is missing or damaged.
        """
        try:
            with gzip.open(path, "rt", encoding="utf-8") as stream:
                state: dict[str, Any] = json.load(stream)
            for name, kind in _ROWS.items():
                state[name] = {own: [kind(**row) for row in rows] for own, rows in state[name].items()}
            return cls(**state)
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"cannot read the collected data {path}: {error}") from error


def collect(
    data: Path,
    recipe: dict[str, Any],
    dev_items: int = 64,
    back: Path | None = None,
    own: Path | None = None,
) -> Collection:
    """Read and filter what a recipe names.

    Args:
        data: a folder with ``translation/train``, ``translation/dev``, ``summaries`` and maybe ``news`` and
            ``dictionaries``.
        recipe: see ``recipe.toml``.
        dev_items: examples of each dev set; a quarter of it for articles, which are long.
        back: file of back-translations (`summarizer.training.guided.read_back`), which sets with a ``score`` are of.
        own: file of the model's own translations (`summarizer.training.selftraining.read_own`), which sets with a
            ``lowest`` are of.

    Raises:
        InputError: a set is missing or damaged.
    """
    junk = Junk(recipe.get("junk", {}))
    sieve = bitext.Sieve(dictionary=bitext.Dictionary.read(data / "dictionaries"))
    dev_pairs = bitext.read_sets(data / "translation" / "dev")
    sieve.reserve(dev_pairs)
    dev_articles = articles.read_dev(data / "summaries", junk)
    evaluation = sieve.evaluation | articles.grams_of(dev_articles.values())
    written = list(guided.read_back(back)) if back else []
    translated = list(selftraining.read_own(own)) if own else []

    def read(name: str, settings: Mapping[str, Any]) -> Iterable[Pair]:
        if "score" in settings:
            return guided.keep(written, *settings["score"])
        if "lowest" in settings:
            return selftraining.keep(translated, settings["lowest"])
        return bitext.read_set(data / "translation" / "train", name)

    sets = recipe.get("translation", {})
    pairs = {name: sieve.keep(name, read(name, settings)) for name, settings in sets.items()}
    kept: dict[str, list[LabelledArticle]] = {}
    for name in recipe.get("summaries", {}):
        counts = sieve.rejected.setdefault(name, Counter())
        articles_read = articles.read_articles(data / "summaries" / f"{name}.train.jsonl", junk)
        kept[name] = articles.keep(articles_read, evaluation, counts)
    passages = {name: [find_passages(article) for article in kept[name]] for name in recipe.get("passages", {})}
    headlines: dict[str, list[LabelledArticle]] = {}
    for name in recipe.get("headlines", {}):
        counts = sieve.rejected.setdefault(name, Counter())
        articles_read = articles.read_headlines(data / "news" / f"{name}.jsonl.gz", junk)
        headlines[name] = articles.keep(articles_read, evaluation, counts, articles.judge_headline)
    lexicon = read_lexicon(data / "dictionaries")
    senses = {word: [sense.text for sense in found] for word, found in lexicon.senses.items()}
    words = Counter(
        word for found in pairs.values() for pair in found for word in bitext.words(pair.source) if word.islower()
    )
    counts_of = {word: count for word, count in words.items() if is_known(word, lexicon.known)}
    dev = _dev_examples(dev_pairs, dev_articles, recipe, dev_items)
    return Collection(pairs, kept, headlines, passages, senses, counts_of, dev, bitext.table(sieve.rejected))


def _dev_examples(
    pairs: dict[str, list[Pair]],
    read: dict[str, list[LabelledArticle]],
    recipe: dict[str, Any],
    items: int,
) -> dict[str, list[Example]]:
    """Choose the same random examples of every dev set each time."""
    rng = random.Random(0)  # noqa: S311
    examples: dict[str, list[Example]] = {}
    for name, found in pairs.items():
        chosen = rng.sample(found, min(items, len(found)))
        examples[name] = [make_example("translate", pair.source, pair.target) for pair in chosen]
        if recipe.get("reverse"):
            examples[f"{name} en-id"] = [
                make_example("translate_en_id", pair.target, pair.source) for pair in chosen[: items // 2]
            ]
    for name in recipe.get("summaries", {}):
        cut = [articles.shorten(article, recipe["limits"]["article"]) for article in read.get(name, [])]
        examples[name] = [
            make_example("summarize", item.text, item.summary, title=item.title)
            for item in rng.sample(cut, min(items // 4, len(cut)))
        ]
    for name in recipe.get("passages", {}):
        dev = [find_passages(article) for article in read.get(name, [])[:items]]
        examples[f"{name} passages"] = [
            make_example("abstract", item.draw(rng), item.summary, title=item.title) for item in dev
        ]
    return examples


class Mixture:
    """What every pass draws its examples from.

    Attributes:
        data: filtered.
        recipe: see ``recipe.toml``.
    """

    def __init__(self, data: Collection, recipe: dict[str, Any]) -> None:
        """Prepare the draws.

        Raises:
            InputError: the recipe names a set that wasn't collected.
        """
        self.data, self.recipe = data, recipe
        kept = {
            "translation": set(data.pairs),
            "summaries": set(data.articles),
            "headlines": set(data.headlines),
            "passages": set(data.passages),
        }
        for task, names in kept.items():
            absent = sorted(set(recipe.get(task, {})) - names)
            if absent:
                raise InputError(f"the collected data lacks {', '.join(absent)}: collect it again")
        most = recipe.get("rare", {}).get("up_to", 0)
        rare = {word for word, count in data.counts.items() if count <= most}
        self._rare = {
            name: [at for at, pair in enumerate(found) if rare.intersection(bitext.words(pair.source))]
            for name, found in data.pairs.items()
        }
        most = recipe.get("dictionary", {}).get("lexicon", {}).get("up_to", math.inf)
        self._entries = sorted(word for word in data.senses if data.counts.get(word, 0) <= most)

    def describe(self) -> list[dict[str, Any]]:
        """Return, set by set, the recipe's entry with the ``name``, the ``task`` and the number of items ``kept``."""
        kept: dict[str, dict[str, Any]] = {
            "translation": self.data.pairs,
            "summaries": self.data.articles,
            "headlines": self.data.headlines,
            "passages": self.data.passages,
            "dictionary": {"lexicon": self._entries},
        }
        return [
            {"task": task, "name": name, "kept": len(found[name]), **settings}
            for task, found in kept.items()
            for name, settings in self.recipe.get(task, {}).items()
        ]

    def draw(self, seed: int, number: int) -> list[Example]:
        """Return the examples of one pass, shuffled.

        Args:
            seed: of the run.
            number: of the pass, from 0. Passes go through a set in turn: nothing comes twice before all came once.
        """
        rng = random.Random(f"{seed} {number}")  # noqa: S311
        portion = self.recipe.get("pass", {}).get("portion", 1.0)

        def turn(name: str, items: Sequence[Item], share: float) -> list[Item]:
            return _turn(lambda _: items, share * portion, number, f"{seed} {name}")

        examples: list[Example] = []
        for name, settings in self.recipe.get("translation", {}).items():
            pairs, share, joins = self.data.pairs[name], settings["share"], settings.get("join", 0.0)

            def passages(
                rng: random.Random, pairs: list[Pair] = pairs, joins: float = joins
            ) -> Sequence[tuple[str, str]]:
                return self._passages(pairs, joins, rng)

            chosen = _turn(passages, share * portion, number, f"{seed} {name}")
            more = share * self.recipe.get("rare", {}).get("more", 0.0)
            chosen += [(pairs[at].source, pairs[at].target) for at in turn(f"{name} rare", self._rare[name], more)]
            if settings.get("tagged"):
                examples += [make_example("translate_back", source, target) for source, target in chosen]
            else:
                noise = settings.get("noise", 0.0)
                trusted = settings.get("trusted", False)
                examples += [self._translation(source, target, rng, noise, trusted) for source, target in chosen]
        for settings in self.recipe.get("dictionary", {}).values():
            for word in turn("lexicon", self._entries, settings["share"]):
                examples.append(make_example("translate", word, self.data.senses[word][0]))
        examples += self._abstracts(rng, turn)
        rng.shuffle(examples)
        return examples

    def _abstracts(
        self, rng: random.Random, turn: Callable[[str, Sequence[Any], float], list[Any]]
    ) -> Iterable[Example]:
        examples = [
            self._abstract(article, rng)
            for name, settings in self.recipe.get("summaries", {}).items()
            for article in turn(name, self.data.articles[name], settings["share"])
        ]
        for name, settings in self.recipe.get("passages", {}).items():
            for item in turn(f"{name} passages", self.data.passages[name], settings["share"]):
                title = "" if rng.random() < self.recipe["drop"]["title"] else item.title
                examples.append(make_example("abstract", item.draw(rng), item.summary, title=title))
        for name, settings in self.recipe.get("headlines", {}).items():
            for article in turn(name, self.data.headlines[name], settings["share"]):
                short = articles.shorten(article, settings["words"])
                examples.append(make_example("headline", short.text, article.summary))
        return examples

    def _passages(self, pairs: list[Pair], joins: float, rng: random.Random) -> list[tuple[str, str]]:
        """Return the pairs, each once; some are joined with the next ones."""
        passages: list[tuple[str, str]] = []
        at = 0
        while at < len(pairs):
            count = rng.choice((2, 2, 3)) if rng.random() < joins else 1
            passage = bitext.join(pairs, at, count) if count > 1 else None
            if passage is None or len(passage[0].split()) > self.recipe["limits"]["passage"]:
                passage, count = (pairs[at].source, pairs[at].target), 1
            passages.append(passage)
            at += count
        return passages

    def _translation(self, source: str, target: str, rng: random.Random, noise: float, trusted: bool) -> Example:
        if rng.random() < self.recipe.get("reverse", {}).get("share", 0.0):
            return make_example("translate_en_id", target, source, trusted)
        return make_example("translate", disturb(source, noise, rng) if noise else source, target, trusted)

    def _abstract(self, article: LabelledArticle, rng: random.Random) -> Example:
        drop = self.recipe["drop"]
        short = articles.shorten(article, self.recipe["limits"]["article"])
        title = "" if rng.random() < drop["title"] else article.title
        length = None if rng.random() < drop["length"] else template("summarize").length_of(article.summary)
        return make_example("summarize", short.text, article.summary, title=title, length=length)


def _turn(make: Callable[[random.Random], Sequence[Item]], share: float, number: int, seed: str) -> list[Item]:
    """Return the items whose turn it is.

    Args:
        make: returns all items of a round, given what is random in it.
        share: part of a round that each turn takes.
        number: of the turn.
        seed: decides on what is random.
    """
    start, end = number * share, (number + 1) * share
    found: list[Item] = []
    for round_ in range(math.floor(start), math.ceil(end)):
        rng = random.Random(f"{seed} {round_}")  # noqa: S311
        items = make(rng)
        order = rng.sample(items, len(items))
        first, last = (round((min(max(edge, round_), round_ + 1) - round_) * len(items)) for edge in (start, end))
        found += order[first:last]
    return found
