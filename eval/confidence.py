"""Measure how well confidence tells translations with a major fault from others, and fit it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from eval.data import parse_lines, read_text_file
from summarizer.checks import check_translation
from summarizer.checks.translations.missing import find_missing_words
from summarizer.checks.word_pairs import cover_words
from summarizer.errors import InputError
from summarizer.models import Request, Task
from summarizer.models.catalogue import DEFAULT, fingerprint, load_model
from summarizer.storage.atomic import write_whole
from summarizer.storage.fingerprint import digest_values
from summarizer.storage.store import Store
from summarizer.writing.quality_estimation import (
    Calibration,
    Evidence,
    features_of,
    load_calibration,
    score_words,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

READINGS = Path(__file__).parent / "data" / "readings" / "translations.jsonl"
NEWS = "ringkas-news"
MARKED = 0.2
"""Share of the news sentences that are to be marked as doubtful."""

_READINGS = ("right", "minor", "major")
_FOLDS, _REPEATS = 5, 10
_LIKELIER = 0.5
"""Below this confidence, a major fault is likelier than none: the threshold for what other systems wrote."""
# Inverse strength of the regularisation: with fewer than 200 sentences, weights must stay small.
_C = 0.1


@dataclass(frozen=True)
class ReadSentence:
    """A translated sentence that was read against its source; ``line`` of the data set ``set``, from 0."""

    set: str
    line: int
    source: str
    translation: str
    major: bool

    @property
    def held_out(self) -> bool:
        """Whether nothing is fitted on it."""
        return self.line % 2 == 1


@dataclass(frozen=True)
class Scored:
    """What the model thinks of a translation: see `summarizer.models.Generation`."""

    tokens: tuple[str, ...]
    token_scores: tuple[float, ...]
    source_scores: tuple[float, ...] = ()


@dataclass(frozen=True)
class Quality:
    """How well confidence tells sentences with a major fault from others.

    ``auc`` is the chance that a sentence without a major fault has the higher confidence of a pair, ``brier`` the mean
    squared difference between confidence and truth, ``ece`` the expected calibration error in fifths of the sentences;
    ``found`` are those of the marked sentences that have a major fault.
    """

    items: int
    majors: int
    auc: float
    brier: float
    ece: float
    marked: int
    found: int


def read_readings(readings: Path, folder: Path) -> list[ReadSentence]:
    """Read the readings (JSON lines, see ``eval/data/readings``), with their sources from ``SET.id`` in a folder.

    Raises:
        InputError: a file is missing or damaged, or a source is another one than the one that was read.
    """
    found = []
    lines: dict[str, list[str]] = {}
    for name, at, expected, translation, reading in _read(
        readings, ("set", "line", "source_sha256", "translation", "reading")
    ):
        if name not in lines:
            lines[name] = read_text_file(folder / f"{name}.id").split("\n")
        source = lines[name][at].strip() if at < len(lines[name]) else ""
        if hashlib.sha256(source.encode()).hexdigest()[:16] != expected:
            raise InputError(f"{folder / name}.id, line {at + 1}: not the sentence that was read")
        found.append(ReadSentence(name, at, source, translation, reading == "major"))
    return found


def read_others(readings: Path) -> list[ReadSentence]:
    """Read what several systems made of the same sentences, as JSON lines; a system is a set here, and an item a line.

    Raises:
        InputError: the file is missing or damaged.
    """
    rows = _read(readings, ("system", "item", "source", "translation", "class"))
    return [ReadSentence(name, item, source, text, reading == "major") for name, item, source, text, reading in rows]


def _read(path: Path, names: Sequence[str]) -> Iterator[list[Any]]:
    """Yield the fields of each line with these names: the second is a number, the last one of `_READINGS`."""
    for place, fields in parse_lines(read_text_file(path), path):
        try:
            values = [fields[name] for name in names]
            values[1] = int(values[1])
        except KeyError as error:
            raise InputError(f"{place}: no field {error}") from error
        except (TypeError, ValueError, OverflowError) as error:
            raise InputError(f"{place}: the {names[1]} is not a number") from error
        if not all(isinstance(value, str) for value in (values[0], *values[2:])):
            raise InputError(f"{place}: {names[0]}, {names[2]}, {names[3]} and {names[4]} must be text")
        if values[-1] not in _READINGS:
            raise InputError(f"{place}: the {names[-1]} is {values[-1]!r}, not one of {', '.join(_READINGS)}")
        yield values


def score_all(sentences: Sequence[ReadSentence], store: Path | None, model: str, threads: int | None) -> list[Scored]:
    """Ask an embedded model what it thinks of each translation, and keep the answers in a file, the store."""
    weights = fingerprint(model)
    keys = {one: digest_values([weights, one.source, one.translation]) for one in sentences}
    with Store(store) as kept:
        missing = [one for one, key in keys.items() if kept.get(key) is None]
        if missing:
            loaded: Any = load_model(model, threads=threads)
            if not hasattr(loaded, "score"):
                raise InputError(f"{model} can't score a given translation")
            with click.progressbar(missing, label="scoring") as shown:
                for one in shown:
                    request = Request(one.source)
                    [scores] = loaded.score(Task.TRANSLATE, [request], [one.translation])
                    [back] = loaded.score_sources([request], [one.translation]) or [()]
                    kept.put(keys[one], asdict(Scored(loaded.spell_tokens(one.translation), scores, back)))
        found = [kept.get(keys[one]) for one in sentences]
    return [Scored(**{name: tuple(values) for name, values in one.items()}) for one in found]


def features(sentences: Sequence[ReadSentence], scored: Sequence[Scored]) -> list[dict[str, float]]:
    """Return what confidence is computed from, for each sentence."""
    return [
        features_of(
            score_words(own.tokens, own.token_scores),
            cover_words(one.source, one.translation),
            own.source_scores,
            len(check_translation(one.source, one.translation)),
            find_missing_words(one.source, one.translation),
        )
        for one, own in zip(sentences, scored, strict=True)
    ]


def fit(rows: Sequence[Mapping[str, float]], majors: Sequence[bool], threshold: float = 0.5) -> Calibration:
    """Fit the logistic regression on the features of each sentence, and whether it has a major fault."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    names = list(rows[0])
    values = np.array([[row[name] for name in names] for row in rows])
    means, scales = values.mean(0), values.std(0)
    scales[scales == 0] = 1
    model = LogisticRegression(C=_C, max_iter=1000)
    model.fit((values - means) / scales, ~np.array(majors))
    columns = zip(names, means, scales, model.coef_[0], strict=True)
    weights = {name: (float(mean), float(scale), float(weight)) for name, mean, scale, weight in columns}
    return Calibration(weights, float(model.intercept_[0]), threshold)


def cross_validate(
    rows: Sequence[Mapping[str, float]], majors: Sequence[bool], items: Sequence[int] = (), folds: int = _FOLDS
) -> NDArray[np.float64]:
    """Return for each sentence the mean of its confidences by regressions that were fitted on others.

    With ``items``, the number of the sentence that each translation is of, a regression has seen no translation of the
    same sentence; there is one for each fold then.
    """
    import numpy as np
    from sklearn.model_selection import PredefinedSplit, RepeatedStratifiedKFold

    order = {item: place for place, item in enumerate(sorted(set(items)))}
    splits = (
        PredefinedSplit([order[item] % folds for item in items]).split()
        if items
        else RepeatedStratifiedKFold(n_splits=folds, n_repeats=_REPEATS, random_state=0).split(rows, majors)
    )
    total = np.zeros(len(rows))
    for train, test in splits:
        model = fit([rows[at] for at in train], [majors[at] for at in train])
        total[test] += [model.confidence(rows[at]) for at in test]
    return total / (1 if items else _REPEATS)


def measure(values: Sequence[float], majors: Sequence[bool], doubtful: Sequence[bool]) -> Quality:
    """Measure confidences of sentences, of which some have a major fault and some haven't."""
    import numpy as np
    from sklearn.metrics import brier_score_loss, roc_auc_score

    good = ~np.array(majors)
    return Quality(
        items=len(good),
        majors=int((~good).sum()),
        auc=float(roc_auc_score(good, values)),
        brier=float(brier_score_loss(good, values)),
        ece=sum(len_ * abs(mean - share) for len_, mean, share in reliability(values, majors)) / len(good),
        marked=sum(doubtful),
        found=int((np.array(doubtful) & ~good).sum()),
    )


def reliability(values: Sequence[float], majors: Sequence[bool], bins: int = 5) -> list[tuple[int, float, float]]:
    """Return for each fifth of the sentences: how many, their mean confidence, and the share without a major fault."""
    import numpy as np

    order = np.argsort(values, kind="stable")
    good, sorted_values = ~np.array(majors)[order], np.array(values)[order]
    return [
        (len(part), float(sorted_values[part].mean()), float(good[part].mean()))
        for part in np.array_split(np.arange(len(order)), bins)
        if len(part)
    ]


def choose_threshold(values: Sequence[float], share: float = MARKED) -> float:
    """Return the confidence that a share of sentences lies below."""
    ordered = sorted(values)
    at = round(share * len(ordered))
    return round((ordered[at - 1] + ordered[at]) / 2, 3) if 0 < at < len(ordered) else 0.0


def write_calibrations(calibrations: Mapping[Evidence, Calibration], notes: Sequence[str], target: Path) -> None:
    """Write what `load_calibration` reads."""
    lines = [f"# {note}" for note in notes]
    for kind, calibration in calibrations.items():
        lines += ["", f"[{kind}]", f"intercept = {calibration.intercept:.6g}"]
        lines.append(f"threshold = {calibration.threshold:.6g}")
        for name, (mean, scale, weight) in calibration.weights.items():
            lines += ["", f"[{kind}.features.{name}]", f"mean = {mean:.6g}"]
            lines += [f"scale = {scale:.6g}", f"weight = {weight:.6g}"]
    write_whole(target, "\n".join(lines) + "\n")


def _by_set(title: str, sentences: Sequence[ReadSentence], places: Sequence[int]) -> dict[str, list[int]]:
    """Return the places of all these sentences, and of those of each set."""
    parts = {title: list(places)}
    for at in places:
        parts.setdefault(f"  {sentences[at].set}", []).append(at)
    return parts


def _report(
    parts: Mapping[str, Sequence[int]],
    majors: Sequence[bool],
    rows: Sequence[Mapping[str, float]],
    values: Sequence[float],
    threshold: float,
) -> None:
    """Print how good confidences are on parts of the sentences, and how reliable on the first."""
    marked = [value < threshold or row["faults"] > 0 for value, row in zip(values, rows, strict=True)]
    for name, places in parts.items():
        own = [majors[at] for at in places]
        if len(set(own)) == 2:
            one = measure([values[at] for at in places], own, [marked[at] for at in places])
            click.echo(
                f"{name:24} {one.items:4} sentences, {one.majors:3} major  AUC {one.auc:.3f}  Brier {one.brier:.3f}  "
                f"ECE {one.ece:.3f}  marked {one.marked}, with {one.found} of {one.majors} major"
            )
    name, places = next(iter(parts.items()))
    click.echo(f"Reliability, {name}: sentences, mean confidence, share without a major fault")
    for count, mean, share in reliability([values[at] for at in places], [majors[at] for at in places]):
        click.echo(f"{count:4} {mean:6.2f} {share:6.2f}")


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with SET.id for each set that the readings are of.",
)
@click.option(
    "--readings",
    type=click.Path(dir_okay=False, path_type=Path),
    default=READINGS,
    help="What was read  [default: eval/data/readings/translations.jsonl]",
)
@click.option(
    "--others",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Measure, or fit, the judgement of other systems' translations instead: a file of readings.",
)
@click.option("--model", default=DEFAULT, show_default=True, help="The embedded model that is asked.")
@click.option(
    "--store", type=click.Path(dir_okay=False, path_type=Path), help="File that keeps what the model thinks of them."
)
@click.option("--fit", "fitted", type=click.Path(dir_okay=False, path_type=Path), help="Fit it, and write this file.")
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads  [default: the engine's choice]")
def confidence(
    data: Path | None,
    readings: Path,
    others: Path | None,
    model: str,
    store: Path | None,
    fitted: Path | None,
    threads: int | None,
) -> None:
    """Measure the confidence of translations on sentences that were read against their sources.

    With --fit, the regression is fitted on them, and cross-validated there, but not on the odd lines, which are held
    out. What ships was fitted so.

    With --others, what ships was fitted on all that was read; with --fit as well, each sentence is measured by what was
    fitted on other sentences.
    """
    kind: Evidence = "both" if others is None else "others"
    if others is not None:
        sentences = read_others(others)
    elif data is not None:
        sentences = read_readings(readings, data)
    else:
        raise click.UsageError("--data is needed, or --others")
    majors = [one.major for one in sentences]
    # Those that are held out need both, and what is fitted on needs them.
    kinds = {(one.major, one.held_out and others is None) for one in sentences}
    if len(kinds) < (2 if others else 4):
        raise InputError(f"{others or readings}: it needs sentences with a major fault, and others")
    scored = score_all(sentences, store, model, threads)
    if not all(one.source_scores for one in scored):
        raise InputError(f"{model} can't tell how likely a source is, given its translation")
    everything = range(len(sentences))
    if others is None:
        # Together with what was fitted on, sentences tell nothing.
        parts = _by_set("held out", sentences, [at for at in everything if sentences[at].held_out])
    else:
        parts = {} if fitted else _by_set("all", sentences, everything)
    calibrations = {kind: load_calibration(kind) for kind in get_args(Evidence)}
    rows = features(sentences, scored)
    if fitted:
        try:
            calibrations[kind] = (_fit_others if others else _fit_own)(sentences, rows)
        except ValueError as error:
            raise InputError(f"{others or readings}: there are too few sentences to fit on: {error}") from error
    if parts:
        values = [calibrations[kind].confidence(row) for row in rows]
        _report(parts, majors, rows, values, calibrations[kind].threshold)
    if fitted:
        own = " --others" if others else ""
        notes = [
            "How confidence is computed: see summarizer/writing/quality_estimation.py. Made by",
            f"python -m eval confidence{own} --fit, with what {model} thinks of the translations that were read.",
        ]
        write_calibrations(calibrations, notes, fitted)


def _fit_own(sentences: Sequence[ReadSentence], rows: Sequence[Mapping[str, float]]) -> Calibration:
    """Fit it on what is not held out, with a threshold that marks a share of the news."""
    places = [at for at, one in enumerate(sentences) if not one.held_out]
    own, majors = [rows[at] for at in places], [sentences[at].major for at in places]
    crossed = cross_validate(own, majors).tolist()
    threshold = choose_threshold(
        [value for value, place in zip(crossed, places, strict=True) if sentences[place].set == NEWS]
    )
    _report({"fitted on, crossed": range(len(own))}, majors, own, crossed, threshold)
    return fit(own, majors, threshold)


def _fit_others(sentences: Sequence[ReadSentence], rows: Sequence[Mapping[str, float]]) -> Calibration:
    """Fit it on all, and show how it does on sentences that it was not fitted on."""
    majors, items = [one.major for one in sentences], [one.line for one in sentences]
    for name, folds in (("halves of the items", 2), ("fifths of the items", _FOLDS)):
        values = cross_validate(rows, majors, items, folds).tolist()
        _report(_by_set(f"held out, {name}", sentences, range(len(rows))), majors, rows, values, _LIKELIER)
    return fit(rows, majors, _LIKELIER)
