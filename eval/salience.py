"""Fit what tells how much a sentence of an article matters, and measure it: see `summarizer.writing.salience`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eval.data import Sample, load_summaries
from eval.extracts import find_best
from summarizer.storage.atomic import write_whole
from summarizer.writing.salience import FEATURES, features_of

if TYPE_CHECKING:
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


def read_examples(path: Path) -> list[Extract]:
    """Read articles with reference abstracts; those with fewer than four sentences are left out.

    Raises:
        InputError: the file can't be used.
    """
    found = [(sample, sample.sentences) for sample in load_summaries(path).items]
    return [
        Extract(sample, sentences, frozenset(find_best(sentences, sample.references, _MOST_CHOSEN)))
        for sample, sentences in found
        if len(sentences) >= _FEWEST_SENTENCES
    ]


def trees_of(model: HistGradientBoostingClassifier) -> dict[str, Any]:
    """Return what ``salience.json`` holds: the features' names, the log-odds to start from, and the trees."""

    def node(nodes: Any, at: int) -> Any:
        row = nodes[at]
        if row["is_leaf"]:
            return round(float(row["value"]), 5)
        threshold = float(f"{row['num_threshold']:.7g}")
        return [int(row["feature_idx"]), threshold, node(nodes, int(row["left"])), node(nodes, int(row["right"]))]

    trees = [node(predictor.nodes, 0) for [predictor] in model._predictors]
    return {"features": list(FEATURES), "start": round(float(model._baseline_prediction[0, 0]), 5), "trees": trees}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--fit", "target", type=click.Path(dir_okay=False, path_type=Path), help="Fit it on all, and write this.")
def salience(files: tuple[Path, ...], target: Path | None) -> None:
    """Measure how well the ranking of sentences finds those of reference abstracts.

    FILES are articles to train on, as `summaries` reads them. Each is ranked by trees that were fitted on others (five
    folds). The sentences above a threshold are set beside the first three, and beside the best ones there are.
    """
    import numpy as np
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import PredefinedSplit, cross_val_predict

    sets = [(path.name, read_examples(path)) for path in files]
    examples = [example for _, own in sets for example in own]
    if len(examples) < _FOLDS:
        raise click.ClickException(f"{_FOLDS} articles with {_FEWEST_SENTENCES} sentences are the least")
    rows = np.array([row for one in examples for row in features_of(one.sentences, one.sample.title or "")])
    belongs = np.array([at in one.best for one in examples for at in range(len(one.sentences))])
    folds = PredefinedSplit([at % _FOLDS for at, one in enumerate(examples) for _ in one.sentences])
    model = HistGradientBoostingClassifier(**_TREES, early_stopping=False, random_state=0)
    scores = iter(cross_val_predict(model, rows, belongs, cv=folds, method="decision_function").tolist())
    for name, own in sets:
        _show(name, own, [[next(scores) for _ in one.sentences] for one in own])
    if target is not None:
        write_whole(target, json.dumps(trees_of(model.fit(rows, belongs)), separators=(",", ":")) + "\n")


def _show(name: str, examples: Sequence[Extract], scores: Sequence[Sequence[float]]) -> None:
    from sklearn.metrics import roc_auc_score

    from eval.metrics import ROUGE

    figures = {"ranked": 0.0, "first three": 0.0, "best": 0.0}
    for example, own in zip(examples, scores, strict=True):
        ranked = sorted(range(len(own)), key=lambda at, own=own: -own[at])  # type: ignore[misc]
        above = [at for at in ranked[:_MOST_CHOSEN] if own[at] > _THRESHOLD] or ranked[:1]
        for way, places in zip(figures, (sorted(above), range(3), sorted(example.best)), strict=True):
            text = " ".join(example.sentences[at] for at in places)
            figures[way] += ROUGE.score_multi(example.sample.references, text)["rougeL"].fmeasure / len(examples)
    belongs = [at in example.best for example in examples for at in range(len(example.sentences))]
    auc = roc_auc_score(belongs, [score for own in scores for score in own])
    shown = ", ".join(f"{way} {100 * figure:.2f}" for way, figure in figures.items())
    click.echo(f"{name}: {len(examples)} articles, AUC {auc:.3f}, ROUGE-L {shown}")
