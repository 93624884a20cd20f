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
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from summarizer.errors import reason_of
from summarizer.storage.atomic import open_whole
from training import TrainingError, articles, bitext
from training.articles import Junk, LabelledArticle
from training.bitext import Pair
from training.examples import Choice, Example, make_example
from training.guidance import guide_pair

RECIPE = Path(__file__).with_name("recipe.toml")

TASKS = ("translation", "summaries")
"""Tables of a recipe that name sets."""

# How many of the sets that are missing a message names.
_NAMED = 3

Item = TypeVar("Item")


def read_recipe(path: Path = RECIPE) -> dict[str, Any]:
    """Read a recipe, a TOML file; ``training/recipe.toml`` says what is in it.

    Raises:
        TrainingError: it is missing, damaged or not whole.
    """
    try:
        recipe = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"cannot read the recipe {path}: {error}") from error
    absent: list[str] = []
    for name in ("pass", "rare", "reverse", "drop", "limits"):
        if name not in recipe:
            absent.append(f"[{name}]")
    for task in TASKS:
        for name, settings in recipe.get(task, {}).items():
            # The card names the last two, after hours of training.
            for key in ("share", "licence", "origin"):
                if key not in settings:
                    absent.append(f"{key} of {name}")
    if absent:
        raise TrainingError(f"the recipe {path} lacks {', '.join(absent)}")
    return recipe


@dataclass
class Collection:
    """Filtered data.

    Attributes:
        translation: by set, pairs in the order of the set.
        summaries: by set.
        dev: by set, examples and choices whose loss is measured.
        report: what the filters did, one set a line.
    """

    translation: dict[str, list[Pair]]
    summaries: dict[str, list[LabelledArticle]]
    dev: dict[str, list[Example | Choice]]
    report: str

    def write(self, path: Path) -> None:
        """Write everything into one file (gzipped JSON).

        Raises:
            OutputError: it can't be written.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with open_whole(path) as file, gzip.open(file, "wt", encoding="utf-8", compresslevel=3) as stream:
            json.dump(asdict(self), stream, ensure_ascii=False)

    @classmethod
    def read(cls, path: Path) -> Collection:
        """Read what `write` wrote.

        Raises:
            TrainingError: it is missing or damaged.
        """
        makers: dict[str, Callable[..., Any]] = {"translation": Pair, "summaries": LabelledArticle, "dev": _restore}
        try:
            with gzip.open(path, "rt", encoding="utf-8") as stream:
                state: dict[str, Any] = json.load(stream)
            for name, make in makers.items():
                sets: dict[str, list[Any]] = {}
                for set_name, rows in state[name].items():
                    sets[set_name] = [make(**row) for row in rows]
                state[name] = sets
            return cls(**state)
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
            reason = reason_of(error)
            raise TrainingError(f"cannot read the collected data {path}: {reason}") from error


def _restore(**row: Any) -> Example | Choice:
    if "best" not in row:
        return Example(**row)
    return Choice(row["title"], tuple(row["sentences"]), tuple(row["best"]))


def collect(data: Path, recipe: Mapping[str, Any], dev_items: int = 64) -> Collection:
    """Read and filter what a recipe names.

    Args:
        data: a folder with ``translation/train``, ``translation/dev``, ``summaries`` and ``news``.
        recipe: see ``recipe.toml``.
        dev_items: examples of each dev set.

    Raises:
        TrainingError: a set is missing or damaged, or there is no dev set.
    """
    junk = Junk(recipe.get("junk", {}))
    dev_pairs = bitext.read_sets(data / "translation" / "dev")
    dev_articles = articles.read_dev(data / "summaries", junk)
    for task, sets in zip(TASKS, (dev_pairs, dev_articles), strict=True):
        if recipe.get(task) and not sets:
            raise TrainingError(f"{data} holds no dev set of {task}, so nothing would be kept out of the training text")
    sieve = bitext.Sieve(bitext.collect_grams(dev_pairs) | articles.collect_grams(dev_articles))
    pairs: dict[str, list[Pair]] = {}
    for name, settings in recipe.get("translation", {}).items():
        if "corpus" in settings:
            all_pairs: Iterable[Pair] = bitext.read_corpus(settings["corpus"])
        else:
            all_pairs = bitext.read_set(data / "translation" / "train", name)
        pairs[name] = sieve.keep(name, all_pairs)
    summaries: dict[str, list[LabelledArticle]] = {}
    for name, settings in recipe.get("summaries", {}).items():
        if "corpus" in settings:
            all_articles = articles.read_choices(data, junk)
        else:
            all_articles = articles.read_articles(data / "summaries" / f"{name}.train.jsonl", junk)
        counts = sieve.rejected.setdefault(name, Counter())
        summaries[name] = articles.keep(all_articles, sieve.evaluation, counts)
    dev = _dev_examples(dev_pairs, dev_articles, recipe, dev_items)
    return Collection(pairs, summaries, dev, bitext.table(sieve.rejected))


def _dev_examples(
    pair_sets: Mapping[str, list[Pair]],
    article_sets: Mapping[str, list[LabelledArticle]],
    recipe: Mapping[str, Any],
    items: int,
) -> dict[str, list[Example | Choice]]:
    """Choose the same random examples of every dev set each time; a set without any is left out."""
    rng = random.Random(0)  # noqa: S311
    examples: dict[str, list[Example | Choice]] = defaultdict(list)
    for name, pairs in pair_sets.items():
        drawn = rng.sample(pairs, min(items, len(pairs)))
        for pair in drawn:
            examples[name].append(make_example("translate", pair.source, pair.target))
        for pair in drawn[: items // 2]:
            examples[f"{name} en-id"].append(make_example("translate_en_id", pair.target, pair.source))
    for name, of_set in article_sets.items():
        with_text = [article for article in of_set if article.text]
        for article in rng.sample(with_text, min(items, len(with_text))):
            examples[name].append(articles.make_choice(article, recipe["limits"]["article"]))
    return dict(examples)


class Mixture:
    """What every pass draws its examples from: filtered ``data``, as a ``recipe`` says."""

    def __init__(self, data: Collection, recipe: Mapping[str, Any]) -> None:
        """Prepare the draws.

        Raises:
            TrainingError: the recipe names a set that wasn't collected.
        """
        self.data = data
        self.recipe = recipe
        for task in TASKS:
            absent = sorted(set(recipe.get(task, {})) - set(getattr(data, task)))
            if absent:
                first = ", ".join(absent[:_NAMED])
                others = f" and {len(absent) - _NAMED} other sets" if len(absent) > _NAMED else ""
                raise TrainingError(
                    f"the collected data lacks {first}{others}: collect it again, or name the --recipe that it was "
                    "collected with"
                )
        # In how many pairs each word stands.
        counts: Counter[str] = Counter()
        for pair in chain.from_iterable(data.translation.values()):
            counts.update(_common_words(pair.source))
        rare = {word for word, count in counts.items() if count <= recipe["rare"]["up_to"]}
        self._with_rare_words: dict[str, list[Pair]] = defaultdict(list)
        for name, pairs in data.translation.items():
            for pair in pairs:
                if rare & _common_words(pair.source):
                    self._with_rare_words[name].append(pair)

    def describe(self) -> list[dict[str, Any]]:
        """Return, set by set, the recipe's entry with the ``name``, the ``task`` and the number of items ``kept``."""
        entries: list[dict[str, Any]] = []
        for task in TASKS:
            for name, settings in self.recipe.get(task, {}).items():
                kept = len(getattr(self.data, task)[name])
                entries.append({"task": task, "name": name, "kept": kept, **settings})
        return entries

    def draw(self, seed: int, number: int) -> list[Example | Choice]:
        """Return the examples of one pass, shuffled.

        Args:
            seed: of the run.
            number: of the pass, from 0. Passes go through a set in turn: nothing comes twice before all came once.
        """
        rng = random.Random(f"{seed} {number}")  # noqa: S311
        portion = self.recipe["pass"]["portion"]
        more = self.recipe["rare"]["more"]
        examples: list[Example | Choice] = []
        for task in TASKS:
            for name, settings in self.recipe.get(task, {}).items():
                share = settings["share"] * portion
                make_round = partial(self._round, task, name, settings)
                items = _turn(make_round, share, number, f"{seed} {task} {name}")
                if task == "translation":
                    make_round_of_rare = partial(self._round, "rare", name, settings)
                    items += _turn(make_round_of_rare, share * more, number, f"{seed} rare {name}")
                for item in items:
                    examples.append(self._make(task, item, settings, rng))
        rng.shuffle(examples)
        return examples

    def _round(self, task: str, name: str, settings: Mapping[str, Any], rng: random.Random) -> Sequence[Any]:
        """Return all items of a set; pairs are joined to passages now and then, but not those with rare words."""
        if task == "rare":
            return self._with_rare_words[name]
        if task == "translation":
            return self._join(self.data.translation[name], settings.get("join", 0.0), rng)
        return self.data.summaries[name]

    def _make(self, task: str, item: Any, settings: Mapping[str, Any], rng: random.Random) -> Example | Choice:
        """Return what is learnt from a pair or an article; chance decides on its direction, guidance and headline."""
        if task == "translation":
            trusted = settings.get("trusted", False)
            if rng.random() < self.recipe["reverse"]["share"]:
                return make_example("translate_en_id", item.target, item.source, trusted)
            if "guidance" in self.recipe:
                item = guide_pair(item, self.recipe["guidance"], rng)
            return make_example("translate", item.source, item.target, trusted)
        choice = articles.make_choice(item, self.recipe["limits"]["article"])
        if rng.random() < self.recipe["drop"]["title"]:
            return replace(choice, title="")
        return choice

    def _join(self, pairs: Sequence[Pair], share: float, rng: random.Random) -> list[Pair]:
        """Return the pairs, each once; a share begins a passage of two or three that follow one another."""
        longest = self.recipe["limits"]["passage"]
        passages: list[Pair] = []
        place = 0
        while place < len(pairs):
            count = 1
            if rng.random() < share:
                # Two out of three passages are of two pairs.
                count = rng.choice((2, 2, 3))
            passage = None
            if place + count <= len(pairs):
                passage = bitext.join(pairs[place : place + count])
            if passage is None or len(passage.source.split()) > longest:
                passage = pairs[place]
                count = 1
            passages.append(passage)
            place += count
        return passages


def _common_words(text: str) -> set[str]:
    """Return the words of a text that aren't names."""
    return {word for word in bitext.words(text) if word.islower()}


def _turn(make: Callable[[random.Random], Sequence[Item]], share: float, number: int, seed: str) -> list[Item]:
    """Return the items whose turn it is.

    Args:
        make: returns all items of a round, given what is random in it.
        share: part of a round that each turn takes.
        number: of the turn.
        seed: decides on what is random.
    """
    start = number * share
    end = (number + 1) * share
    turn: list[Item] = []
    for round_ in range(math.floor(start), math.ceil(end)):
        rng = random.Random(f"{seed} {round_}")  # noqa: S311
        items = make(rng)
        order = rng.sample(items, len(items))
        # Which part of this round the turn covers, from 0 to 1.
        begins = max(start, round_) - round_
        ends = min(end, round_ + 1) - round_
        turn += order[round(begins * len(items)) : round(ends * len(items))]
    return turn
