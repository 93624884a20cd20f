"""Fit what tells from the states of the embedded model how much a sentence matters, and measure it.

See `summarizer.models.embedded.model.EmbeddedModel.rank_sentences` and `summarizer.writing.extract`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from eval.salience import Extract, read_examples
from summarizer.models import DEFAULT, Task, load_model
from summarizer.models.embedded.model import EmbeddedModel
from summarizer.storage.atomic import open_whole
from summarizer.text.normalise import one_line
from summarizer.writing.salience import rank_sentences

_FOLDS = 5
_AT_A_TIME = 16
# Strength of the penalty on large weights: three times as much or as little does alike.
_C = 1e-3
# What shows without understanding is scaled up, so that its weight is hardly penalised.
_FREE = 10.0


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--fit", "target", type=click.Path(dir_okay=False, path_type=Path), help="Fit it on all, and write this.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Take only the first N articles of each file.")
@click.option("--model", default=DEFAULT, show_default=True, help="An embedded model with an adapter.")
def ranking(files: tuple[Path, ...], target: Path | None, limit: int | None, model: str) -> None:
    """Measure how well the embedded model's own states find the sentences of reference abstracts.

    FILES are articles to train on, as `summaries` reads them. Each is ranked by weights that were fitted on others
    (five folds). --fit writes the file `ranking.safetensors` of an adapter.
    """
    import numpy as np
    from safetensors.numpy import save
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import PredefinedSplit, cross_val_predict
    from sklearn.preprocessing import StandardScaler

    loaded = load_model(model)
    if not isinstance(loaded, EmbeddedModel):
        raise click.ClickException(f"{model} is not the embedded model")
    examples = [(file.name, one) for file in files for one in read_examples(file)[:limit]]
    if len(examples) < _FOLDS:
        raise click.ClickException(f"{_FOLDS} articles are the least")
    read = _read(loaded, [one for _, one in examples])
    belongs = np.array(
        [
            place in one.best
            for (_, one), (_, states) in zip(examples, read, strict=True)
            for place in range(len(states))
        ]
    )
    surface = np.concatenate([seen for seen, _ in read])
    states = StandardScaler().fit(np.concatenate([states for _, states in read]))
    rows = np.column_stack([states.transform(np.concatenate([own for _, own in read])), _FREE * surface])
    names = np.array([name for (name, _), (seen, _) in zip(examples, read, strict=True) for _ in seen])
    folds = PredefinedSplit([at % _FOLDS for at, (seen, _) in enumerate(read) for _ in seen])
    regression = LogisticRegression(C=_C, max_iter=500)
    scores = cross_val_predict(regression, rows, belongs, cv=folds, method="decision_function")
    for name in dict.fromkeys(names.tolist()):
        own = names == name
        both, alone = (roc_auc_score(belongs[own], one[own]) for one in (scores, surface))
        click.echo(f"{name}: {own.sum()} sentences, AUC {both:.3f}, without the states {alone:.3f}")
    if target is not None:
        *weights, seen = regression.fit(rows, belongs).coef_[0]
        weights = np.array(weights) / states.scale_
        bias = regression.intercept_[0] - weights @ states.mean_
        click.echo(f"what shows without understanding weighs {_FREE * seen:.2f}")
        with open_whole(target) as stream:
            stream.write(save({"weights": weights.astype(np.float32), "bias": np.array([bias], np.float32)}))


def _read(model: EmbeddedModel, examples: list[Extract]) -> list[tuple[Any, Any]]:
    """Return for each article its sentences' ranks by what shows, and their states, of as many as the model takes."""
    read = []
    for start in range(0, len(examples), _AT_A_TIME):
        articles = []
        for one in examples[start : start + _AT_A_TIME]:
            title, sentences = one_line(one.sample.title or ""), list(map(one_line, one.sentences))
            room = model.max_input_tokens(Task.SUMMARIZE, title)
            while sum(model.count_tokens(f" {sentence}") for sentence in sentences) > room:
                sentences.pop()
            articles.append((title, sentences))
        states = model.read_sentences(articles)
        read += [
            (rank_sentences(sentences, title), own) for (title, sentences), own in zip(articles, states, strict=True)
        ]
    return read
