"""Fit what tells from the states of the embedded model how much a sentence matters, and measure it.

See `summarizer.models.embedded.model.EmbeddedModel.rank_sentences` and `summarizer.writing.choice`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from eval.data import Sample, load_summaries
from eval.extracts import find_best
from summarizer.models.catalogue import DEFAULT, load_model
from summarizer.models.embedded.model import EmbeddedModel
from summarizer.storage.atomic import open_whole
from summarizer.text.normalise import one_line
from summarizer.writing.choice import choose_sentences

_FOLDS = 5
_AT_A_TIME = 16
_FEWEST_SENTENCES, _MOST_CHOSEN = 4, 5
# Strength of the penalty on large weights: three times as much or as little does alike.
_C = 1e-3


@dataclass(frozen=True)
class Extract:
    """An article, its sentences, and the places of those that make the best abstract."""

    sample: Sample
    sentences: list[str]
    best: frozenset[int]


def read_examples(path: Path) -> list[Extract]:
    """Read articles with reference abstracts; those with fewer than four sentences are left out.

    Raises:
        InputError: the file can't be used.
    """
    found = [(sample, list(map(one_line, sample.sentences))) for sample in load_summaries(path).items]
    return [
        Extract(sample, sentences, frozenset(find_best(sentences, sample.references, _MOST_CHOSEN)))
        for sample, sentences in found
        if len(sentences) >= _FEWEST_SENTENCES
    ]


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--fit", "target", type=click.Path(dir_okay=False, path_type=Path), help="Fit it on all, and write this.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Take only the first N articles of each file.")
@click.option("--model", default=DEFAULT, show_default=True, help="An embedded model with an adapter.")
def ranking(files: tuple[Path, ...], target: Path | None, limit: int | None, model: str) -> None:
    """Measure how well the embedded model's own states find the sentences of reference abstracts.

    FILES are articles to train on, as `summaries` reads them. Each is ranked by weights that were fitted on others
    (five folds). What is chosen is set beside the first three sentences, and beside the best ones there are. --fit
    writes the file `ranking.safetensors` of an adapter.
    """
    import numpy as np
    from safetensors.numpy import save
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import PredefinedSplit, cross_val_predict
    from sklearn.preprocessing import StandardScaler

    sets = [(file.name, read_examples(file)[:limit]) for file in files]
    examples = [example for _, own in sets for example in own]
    if len(examples) < _FOLDS:
        raise click.ClickException(f"{_FOLDS} articles with {_FEWEST_SENTENCES} sentences are the least")
    loaded = load_model(model)
    if not isinstance(loaded, EmbeddedModel):
        raise click.ClickException(f"{model} is not the embedded model")
    titled = [(one_line(one.sample.title or ""), one.sentences) for one in examples]
    read = [
        states
        for start in range(0, len(titled), _AT_A_TIME)
        for states in loaded.read_sentences(titled[start : start + _AT_A_TIME])
    ]
    scaler = StandardScaler().fit(np.concatenate(read))
    rows = scaler.transform(np.concatenate(read))
    belongs = np.array([at in one.best for one in examples for at in range(len(one.sentences))])
    folds = PredefinedSplit([at % _FOLDS for at, one in enumerate(examples) for _ in one.sentences])
    regression = LogisticRegression(C=_C, max_iter=500)
    scores = iter(cross_val_predict(regression, rows, belongs, cv=folds, method="decision_function").tolist())
    for name, own in sets:
        _show(name, own, [[next(scores) for _ in one.sentences] for one in own])
    if target is not None:
        weights = regression.fit(rows, belongs).coef_[0] / scaler.scale_
        bias = regression.intercept_[0] - weights @ scaler.mean_
        with open_whole(target) as stream:
            stream.write(save({"weights": weights.astype(np.float32), "bias": np.array([bias], np.float32)}))


def _show(name: str, examples: Sequence[Extract], scores: Sequence[Sequence[float]]) -> None:
    from sklearn.metrics import roc_auc_score

    from eval.metrics import ROUGE

    figures = {"chosen": 0.0, "first three": 0.0, "best": 0.0}
    for example, own in zip(examples, scores, strict=True):
        sentences = example.sentences
        ways = (
            choose_sentences(sentences, own, min(_MOST_CHOSEN, (len(sentences) + 1) // 2)),
            sentences[:3],
            [sentences[at] for at in sorted(example.best)],
        )
        for way, chosen in zip(figures, ways, strict=True):
            rouge = ROUGE.score_multi(example.sample.references, " ".join(chosen))["rougeL"]
            figures[way] += rouge.fmeasure / len(examples)
    belongs = [at in example.best for example in examples for at in range(len(example.sentences))]
    auc = roc_auc_score(belongs, [score for own in scores for score in own])
    shown = ", ".join(f"{way} {100 * figure:.2f}" for way, figure in figures.items())
    click.echo(f"{name}: {len(examples)} articles, AUC {auc:.3f}, ROUGE-L {shown}")
