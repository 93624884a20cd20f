"""Choose and mix the examples of each pass over the data."""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.errors import InputError
from summarizer.training import articles, bitext
from summarizer.training.articles import Article, Junk
from summarizer.training.bitext import Pair
from summarizer.training.templates import Example, Templates

RECIPE = Path(__file__).with_name("recipe.toml")


def read_recipe(path: Path = RECIPE) -> dict[str, Any]:
    """Read a recipe.

    Raises:
        InputError: the file is missing or damaged.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot read the recipe {path}: {error}") from error


@dataclass
class Mixture:
    """Filtered data of both tasks, from which every pass draws its examples.

    Attributes:
        pairs: by set, in the order of the set.
        articles: by set.
        recipe: see ``recipe.toml``.
        templates: the prompts.
        report: what the filters did, one set a line.
    """

    pairs: dict[str, list[Pair]]
    articles: dict[str, list[Article]]
    recipe: dict[str, Any]
    templates: Templates
    report: str = ""

    @classmethod
    def read(cls, data: Path, recipe: dict[str, Any], templates: Templates) -> Mixture:
        """Read and filter what a recipe names.

        Args:
            data: a folder with ``translation/train``, ``translation/dev``, ``summaries`` and maybe
                ``dictionaries``.
            recipe: see ``recipe.toml``.
            templates: the prompts.

        Raises:
            InputError: a set is missing or damaged.
        """
        junk = Junk(recipe.get("junk", {}))
        dictionary = bitext.Dictionary.read(data / "dictionaries")
        sieve = bitext.Sieve(dictionary=dictionary)
        dev = data / "translation" / "dev"
        for name in bitext.dev_names(dev):
            for pair in bitext.read_set(dev, name):
                sieve.reserve((pair.source, pair.target))
        train = data / "translation" / "train"
        pairs = {name: sieve.keep(name, bitext.read_set(train, name)) for name in recipe.get("translation", {})}
        evaluation: set[str] = set()
        for path in sorted((data / "summaries").glob("*.dev.jsonl")):
            for article in articles.read_articles(path, junk):
                evaluation |= bitext.grams(article.text) | bitext.grams(article.summary)
        kept: dict[str, list[Article]] = {}
        for name in recipe.get("summaries", {}):
            counts = sieve.rejected.setdefault(name, Counter())
            found = articles.read_articles(data / "summaries" / f"{name}.train.jsonl", junk)
            kept[name] = articles.keep(found, evaluation, counts)
        return cls(pairs, kept, recipe, templates, bitext.table(sieve.rejected))

    def describe(self) -> list[dict[str, Any]]:
        """Return, set by set, the recipe's entry with the ``name``, the ``task`` and the number of items ``kept``."""
        return [
            {"task": task, "name": name, "kept": len(kept[name]), **self.recipe[task][name]}
            for task, kept in (("translation", self.pairs), ("summaries", self.articles))
            for name in kept
        ]

    def draw(self, seed: int, number: int) -> list[Example]:
        """Return the examples of one pass, shuffled.

        Args:
            seed: of the run.
            number: of the pass, from 0; each draws other pairs, joins other lines and shows other titles.
        """
        dice = random.Random(f"{seed} {number}")  # noqa: S311
        examples: list[Example] = []
        for name, pairs in self.pairs.items():
            examples += self._translations(pairs, self.recipe["translation"][name], dice)
        for name, kept in self.articles.items():
            share = self.recipe["summaries"][name]["share"]
            for article in dice.sample(kept, round(share * len(kept))):
                examples.append(self._abstract(article, dice))
        dice.shuffle(examples)
        return examples

    def _translations(self, pairs: list[Pair], settings: dict[str, Any], dice: random.Random) -> list[Example]:
        joins = settings.get("join", 0.0)
        units: list[tuple[str, str]] = []
        at = 0
        while at < len(pairs):
            count = dice.choice((2, 2, 3)) if dice.random() < joins else 1
            passage = bitext.join(pairs, at, count) if count > 1 else None
            if passage is None or len(passage[0].split()) > self.recipe["limits"]["passage"]:
                passage, count = (pairs[at].source, pairs[at].target), 1
            units.append(passage)
            at += count
        chosen = dice.sample(units, round(settings["share"] * len(units)))
        return [self.templates.translate(source, target) for source, target in chosen]

    def _abstract(self, article: Article, dice: random.Random) -> Example:
        drop = self.recipe["drop"]
        short = articles.shorten(article, self.recipe["limits"]["article"])
        title = "" if dice.random() < drop["title"] else article.title
        length = "" if dice.random() < drop["length"] else self.templates.length_of(article.summary)
        return self.templates.summarize(short.text, article.summary, title, length)
