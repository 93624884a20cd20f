"""Fit what tells how much a sentence of an article matters, and measure it: see `summarizer.writing.salience`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eval.data import Sample, load_summaries
from eval.extracts import choose_greedily
from summarizer.storage.atomic import write_whole
from summarizer.writing.salience import FEATURES, features_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sklearn.ensemble import HistGradientBoostingClassifier

_FOLDS = 5
_FEWEST_SENTENCES, _MOST_CHOSEN = 4, 5
# Of 30 to 150 trees of 2 to 12 leaves, all but those of 2 did alike.
_TREES = {"max_iter": 40, "learning_rate": 0.15, "max_leaf_nodes": 8, "min_samples_leaf": 40, "l2_regularization": 1.0}
# What chooses sentences when they are ranked alone, in log-odds.
_THRESHOLD = -0.65


@dataclass(frozen=True)
class Extract:
    """An article and the places of those of its sentences that make the best abstract."""

    sample: Sample
    sentences: list[str]
    best: frozenset[int]


def find_best(sentences: Sequence[str], reference: str) -> list[int]:
    """Return the places of the sentences that say most of a reference abstract.

    They are chosen one by one, at most five, as long as the sum of ROUGE-1 and ROUGE-2 (F1) grows. Pairs of words count
    within sentences only.
    """
    from eval.metrics import ngrams  # which loads much

    wanted = [Counter(ngrams(reference, size)) for size in (1, 2)]
    held = [[Counter(ngrams(sentence, size)) for size in (1, 2)] for sentence in sentences]
    return choose_greedily(len(sentences), lambda places: _overlap([held[at] for at in places], wanted), _MOST_CHOSEN)


def _overlap(held: Sequence[Sequence[Counter[Any]]], wanted: Sequence[Counter[Any]]) -> float:
    total = 0.0
    for size, counts in enumerate(wanted):
        said = sum((own[size] for own in held), Counter[Any]())
        total += 2 * (said & counts).total() / ((said.total() + counts.total()) or 1)
    return total


def read_examples(path: Path) -> list[Extract]:
    """Read articles with reference abstracts; those with fewer than four sentences are left out.

    Raises:
        InputError: the file can't be used.
    """
    found = [(sample, sample.sentences) for sample in load_summaries(path).items]
    return [
        Extract(sample, sentences, frozenset(find_best(sentences, sample.references[0])))
        for sample, sentences in found
        if len(sentences) >= _FEWEST_SENTENCES
    ]


def _train(rows: NDArray[np.float64], belongs: NDArray[np.bool_]) -> HistGradientBoostingClassifier:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(**_TREES, early_stopping=False, random_state=0).fit(rows, belongs)


def trees_of(model: HistGradientBoostingClassifier) -> dict[str, Any]:
    """Return what ``salience.json`` holds: the features' names, the log-odds to start from, and the trees."""
    trees = []
    for [predictor] in model._predictors:
        nodes = predictor.nodes

        def node(at: int, nodes: Any = nodes) -> Any:
            if nodes[at]["is_leaf"]:
                return round(float(nodes[at]["value"]), 5)
            row = nodes[at]
            threshold = float(f"{row['num_threshold']:.7g}")
            return [int(row["feature_idx"]), threshold, node(int(row["left"])), node(int(row["right"]))]

        trees.append(node(0))
    return {"features": list(FEATURES), "start": round(float(model._baseline_prediction[0, 0]), 5), "trees": trees}


def cross_validate(tables: Sequence[NDArray[np.float64]], truth: Sequence[NDArray[np.bool_]]) -> list[list[float]]:
    """Return the log-odds of each article's sentences, by trees that were fitted on other articles."""
    import numpy as np

    scores: list[list[float]] = [[]] * len(tables)
    for fold in range(_FOLDS):
        others = [at for at in range(len(tables)) if at % _FOLDS != fold]
        model = _train(np.concatenate([tables[at] for at in others]), np.concatenate([truth[at] for at in others]))
        for at in range(fold, len(tables), _FOLDS):
            scores[at] = model.decision_function(tables[at]).tolist()
    return scores


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--fit", "target", type=click.Path(dir_okay=False, path_type=Path), help="Fit it on all, and write this.")
def salience(files: tuple[Path, ...], target: Path | None) -> None:
    """Measure how well the ranking of sentences finds those of reference abstracts.

    FILES are articles to train on, as `summaries` reads them. Each is ranked by trees that were fitted on others (five
    folds). The sentences above a threshold are set beside the first three, and beside the best ones there are.
    """
    import numpy as np

    sets = [(path.name, read_examples(path)) for path in files]
    examples = [example for _, own in sets for example in own]
    if len(examples) < _FOLDS:
        raise click.ClickException(f"{_FOLDS} articles with {_FEWEST_SENTENCES} sentences are the least")
    tables = [np.array(features_of(one.sentences, one.sample.title or "")) for one in examples]
    truth = [np.array([at in one.best for at in range(len(one.sentences))]) for one in examples]
    scores = iter(cross_validate(tables, truth))
    for name, own in sets:
        _show(name, own, [next(scores) for _ in own])
    if target is not None:
        found = trees_of(_train(np.concatenate(tables), np.concatenate(truth)))
        write_whole(target, json.dumps(found, separators=(",", ":")) + "\n")


def _show(name: str, examples: Sequence[Extract], scores: Sequence[Sequence[float]]) -> None:
    from sklearn.metrics import roc_auc_score

    from eval.metrics import Rouge

    rouge = Rouge(["rougeL"])
    ways = ("ranked", "first three", "best")
    figures: dict[str, float] = dict.fromkeys(ways, 0.0)
    for example, own in zip(examples, scores, strict=True):
        above = [at for at, score in enumerate(own) if score > _THRESHOLD] or [own.index(max(own))]
        highest = sorted(sorted(above, key=lambda at, own=own: -own[at])[:_MOST_CHOSEN])  # type: ignore[misc]
        for way, chosen in zip(ways, (highest, range(3), sorted(example.best)), strict=True):
            text = [example.sentences[at] for at in chosen]
            figures[way] += rouge.score(example.sample.references, text)["rougeL"] / len(examples)
    belongs = [at in example.best for example in examples for at in range(len(example.sentences))]
    auc = roc_auc_score(belongs, [score for own in scores for score in own])
    shown = ", ".join(f"{way} {100 * figure:.2f}" for way, figure in figures.items())
    click.echo(f"{name}: {len(examples)} articles, AUC {auc:.3f}, ROUGE-L {shown}")
