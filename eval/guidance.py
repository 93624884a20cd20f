"""Measure what guided translation brings on line-aligned text, and fit what chooses between the two translations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sacrebleu.metrics.chrf import CHRF
from tabulate import tabulate

from eval.data import read_lines
from summarizer.errors import InputError
from summarizer.lexicon.glossary import load_glossary
from summarizer.models import GuidedModel, Request, Task
from summarizer.models.catalogue import BASE, DEFAULT, load_model
from summarizer.storage.atomic import write_whole
from summarizer.writing.guidance import Attempt, Guided, make_attempts, plan_attempts, predict_gain
from summarizer.writing.hypotheses import Hypothesis, choose_hypothesis

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FOLDS = 10
# Strength of the regularisation, on features of mean 0 and standard deviation 1: a few hundred attempts must do.
_ALPHA = 30.0
# Points of chrF2, which goes from 0 to 100.
_MORE_THAN_ANY_LOSS = 1000


@dataclass(frozen=True)
class Trial:
    """An attempt at a line of a set, and by how many points of chrF2 it is better than the plain translation."""

    set: str
    line: int
    guided: Guided
    gain: float


@dataclass(frozen=True)
class AlignedSet:
    """Lines with their references and the plain translations."""

    name: str
    references: Sequence[str]
    plain: Sequence[Hypothesis]


@click.command()
@click.option(
    "--data",
    "paths",
    multiple=True,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Indonesian lines, NAME.id; their English is in NAME.en beside it. May be given more than once.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Take only the first N lines of each.")
@click.option(
    "--adapter",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="An exported adapter to run the embedded model with.",
)
@click.option("--fit", "fitted", type=click.Path(dir_okay=False, path_type=Path), help="Fit it, and write this file.")
@click.option("--threads", type=click.IntRange(min=1), default=None, help="Processor threads  [default: all]")
def guidance(
    paths: Sequence[Path], limit: int | None, adapter: Path | None, fitted: Path | None, threads: int | None
) -> None:
    """Measure translations with English in the place of doubtful words, and fit the choice between them and others.

    The table has chrF2 (sacreBLEU's defaults) of the plain translations, of the guided ones wherever there is one, of
    those that are chosen, and of the better one each time. What is fitted on some lines chooses for others, in ten
    folds.
    """
    model = load_model(BASE if adapter else DEFAULT, adapter=adapter, threads=threads)
    if not isinstance(model, GuidedModel):
        raise InputError(f"{model.name} can't be guided")
    sets: list[AlignedSet] = []
    trials: list[Trial] = []
    for path in paths:
        aligned = _translate(path, model, limit)
        sets.append(aligned)
        trials += _try(aligned, model)
        click.echo(f"{aligned.name}: {len(aligned.plain)} lines, {len(trials)} attempts so far", err=True)
    if not trials:
        raise InputError("no word of these texts is doubtful")
    if fitted is None:
        click.echo(_report(sets, trials, [predict_gain(trial.guided.features) for trial in trials]))
        return
    click.echo(_report(sets, trials, _predict_in_folds(trials)))
    intercept, weights = _fit(trials)
    write_whole(fitted, _to_toml(intercept, weights))


def _translate(path: Path, model: GuidedModel, limit: int | None) -> AlignedSet:
    """Translate the lines of a file, without guidance.

    Raises:
        InputError: the file of references has another number of lines.
    """
    sources = read_lines(path)[:limit]
    references = read_lines(path.with_suffix(".en"))[:limit]
    if len(sources) != len(references):
        raise InputError(f"{path} and {path.with_suffix('.en')} have different numbers of lines")
    glossary = load_glossary()
    generations = model.generate(Task.TRANSLATE, [Request(source) for source in sources])
    plain: list[Hypothesis] = []
    for source, generation in zip(sources, generations, strict=True):
        plain.append(choose_hypothesis(source, generation, glossary))
    return AlignedSet(path.stem, references, plain)


def _try(aligned: AlignedSet, model: GuidedModel) -> list[Trial]:
    """Have the lines with doubtful words translated again, with the English of these words."""
    glossary = load_glossary()
    attempts: list[Attempt] = []
    lines: dict[str, int] = {}
    for line, plain in enumerate(aligned.plain):
        lines[plain.source] = line
        attempts += plan_attempts(plain, model, glossary)
    trials: list[Trial] = []
    for guided in make_attempts(attempts, model, glossary):
        line = lines[guided.attempt.plain.source]
        reference = aligned.references[line]
        gain = _score(guided.hypothesis.text, reference) - _score(aligned.plain[line].text, reference)
        trials.append(Trial(aligned.name, line, guided, gain))
    return trials


@cache
def _score(text: str, reference: str) -> float:
    return float(CHRF().sentence_score(text, [reference]).score)


def _names(trials: Sequence[Trial]) -> list[str]:
    return list(trials[0].guided.features)


def _values(trials: Sequence[Trial]) -> NDArray[np.float64]:
    """Return the features of the trials: (trials, features), in the order of `_names`."""
    import numpy as np

    rows: list[list[float]] = []
    for trial in trials:
        rows.append(list(trial.guided.features.values()))
    return np.array(rows)


def _fit(trials: Sequence[Trial]) -> tuple[float, dict[str, float]]:
    """Return the intercept and the weights of a ridge regression of the gain, on features as they are."""
    import numpy as np
    from sklearn.linear_model import Ridge

    values = _values(trials)
    mean = values.mean(0)
    scale = values.std(0)
    scale[scale == 0] = 1.0
    gains = np.array([trial.gain for trial in trials])
    regression = Ridge(_ALPHA).fit((values - mean) / scale, gains)
    weights = regression.coef_ / scale
    intercept = float(regression.intercept_ - weights @ mean)
    return intercept, dict(zip(_names(trials), weights.tolist(), strict=True))


def _predict_in_folds(trials: Sequence[Trial]) -> list[float]:
    """Predict the gain of each attempt by what was fitted on other lines."""
    predicted = [0.0] * len(trials)
    for fold in range(_FOLDS):
        intercept, weights = _fit([trial for trial in trials if trial.line % _FOLDS != fold])
        for place, trial in enumerate(trials):
            if trial.line % _FOLDS != fold:
                continue
            gain = 0.0
            for name, weight in weights.items():
                gain += weight * trial.guided.features[name]
            predicted[place] = intercept + gain
    return predicted


def _report(sets: Sequence[AlignedSet], trials: Sequence[Trial], predicted: Sequence[float]) -> str:
    """Return the table: a row for each set."""
    rows: list[list[object]] = []
    for aligned in sets:
        by_prediction: dict[int, float] = {}
        # An attempt that is predicted to be worse is taken all the same.
        by_prediction_always: dict[int, float] = {}
        by_gain: dict[int, float] = {}
        for place, trial in enumerate(trials):
            if trial.set == aligned.name:
                by_prediction[place] = predicted[place]
                by_prediction_always[place] = predicted[place] + _MORE_THAN_ANY_LOSS
                by_gain[place] = trial.gain
        chosen = _choose(by_prediction, trials)
        always = _choose(by_prediction_always, trials)
        best = _choose(by_gain, trials)
        row: list[object] = [aligned.name, len(aligned.plain), len(always), len(chosen)]
        for texts in ({}, always, chosen, best):
            row.append(_corpus_score(aligned, texts))
        rows.append(row)
    headers = ["set", "lines", "tried", "chosen", "plain", "always", "as chosen", "the better"]
    return tabulate(rows, headers, floatfmt=".2f")


def _choose(gains: Mapping[int, float], trials: Sequence[Trial]) -> dict[int, str]:
    """Return for each line the text of the attempt with the highest gain, where one has more than 0."""
    highest: dict[int, float] = {}
    texts: dict[int, str] = {}
    for place, gain in gains.items():
        trial = trials[place]
        if gain > highest.get(trial.line, 0.0):
            highest[trial.line] = gain
            texts[trial.line] = trial.guided.hypothesis.text
    return texts


def _corpus_score(aligned: AlignedSet, texts: Mapping[int, str]) -> float:
    """Return chrF2 of a set: of some lines with other texts than the plain translations."""
    output: list[str] = []
    for line, plain in enumerate(aligned.plain):
        output.append(texts.get(line, plain.text))
    return float(CHRF().corpus_score(output, [list(aligned.references)]).score)


def _to_toml(intercept: float, weights: Mapping[str, float]) -> str:
    """Return fitted weights as the file that ships has them."""
    lines = [
        "# How a guided translation is compared with the plain one: see summarizer/writing/guidance.py. Made by",
        "# python -m eval guidance --fit.",
        "",
        f"intercept = {intercept:.6g}",
        "",
        "[weights]",
    ]
    for name, weight in weights.items():
        lines.append(f"{name} = {weight:.6g}")
    return "\n".join(lines) + "\n"
