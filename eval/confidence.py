"""Measure how well confidence tells translations with a major fault from others, and fit it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
# Of the usual size: each regression is fitted on four fifths of the sentences.
_FOLDS = 5
# How often the folds are drawn anew, so that no single draw decides.
_REPEATS = 10
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

    Attributes:
        items: how many sentences.
        majors: those with a major fault.
        auc: the chance that a sentence without a major fault has the higher confidence of a pair.
        brier: the mean squared difference between confidence and truth (Brier 1950).
        ece: the expected calibration error in fifths of the sentences (Naeini et al. 2015).
        marked: sentences that are called doubtful.
        found: those of the marked ones that have a major fault.
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
    sentences: list[ReadSentence] = []
    lines: dict[str, list[str]] = {}
    for row in _read(readings, ("set", "line", "source_sha256", "translation", "reading")):
        name = row["set"]
        number = int(row["line"])
        if name not in lines:
            lines[name] = read_text_file(folder / f"{name}.id").split("\n")
        source = lines[name][number].strip() if number < len(lines[name]) else ""
        if hashlib.sha256(source.encode()).hexdigest()[:16] != row["source_sha256"]:
            raise InputError(f"{folder / name}.id, line {number + 1}: not the sentence that was read")
        sentences.append(ReadSentence(name, number, source, row["translation"], row["reading"] == "major"))
    return sentences


def read_others(readings: Path) -> list[ReadSentence]:
    """Read what several systems made of the same sentences, as JSON lines; a system is a set here, and an item a line.

    Raises:
        InputError: the file is missing or damaged.
    """
    sentences: list[ReadSentence] = []
    for row in _read(readings, ("system", "item", "source", "translation", "class")):
        is_major = row["class"] == "major"
        sentences.append(ReadSentence(row["system"], int(row["item"]), row["source"], row["translation"], is_major))
    return sentences


def _read(path: Path, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the fields of each line with these names: the second is a number, the last one of `_READINGS`."""
    first, number, *others, reading = names
    for place, fields in parse_lines(read_text_file(path), path):
        try:
            row = {name: fields[name] for name in names}
            int(row[number])
        except KeyError as error:
            raise InputError(f"{place}: no field {error}") from error
        except (TypeError, ValueError, OverflowError) as error:
            raise InputError(f"{place}: the {number} is not a number") from error
        texts = [first, *others, reading]
        if not all(isinstance(row[name], str) for name in texts):
            raise InputError(f"{place}: {', '.join(texts[:-1])} and {reading} must be text")
        if row[reading] not in _READINGS:
            raise InputError(f"{place}: the {reading} is {row[reading]!r}, not one of {', '.join(_READINGS)}")
        yield row


def score_all(sentences: Sequence[ReadSentence], store: Path | None, model: str, threads: int | None) -> list[Scored]:
    """Ask an embedded model what it thinks of each translation.

    Args:
        sentences: with their translations.
        store: file that keeps the answers; None to keep them in memory.
        model: its name in the catalogue.
        threads: of the processor; None for the engine's choice.

    Raises:
        InputError: the model can't score a given translation.
        ModelError: it is unknown or can't be prepared.
    """
    weights = fingerprint(model)
    keys: list[str] = []
    for sentence in sentences:
        keys.append(digest_values([weights, sentence.source, sentence.translation]))
    with Store(store) as kept:
        missing: list[tuple[str, ReadSentence]] = []
        for key, sentence in zip(keys, sentences, strict=True):
            if kept.get(key) is None:
                missing.append((key, sentence))
        if missing:
            loaded: Any = load_model(model, threads=threads)
            if not hasattr(loaded, "score"):
                raise InputError(f"{model} can't score a given translation")
            with click.progressbar(missing, label="scoring") as shown:
                for key, sentence in shown:
                    kept.put(key, asdict(_score(sentence, loaded)))
        rows = list(map(kept.get, keys))
    return list(map(_restore, rows))


def _score(sentence: ReadSentence, model: Any) -> Scored:
    """Return how likely the model is to write a translation, and the source given that, if it can tell."""
    request = Request(sentence.source)
    [scores] = model.score(Task.TRANSLATE, [request], [sentence.translation])
    source_scores: tuple[float, ...] = ()
    of_sources = model.score_sources([request], [sentence.translation])
    if of_sources:
        [source_scores] = of_sources
    return Scored(model.spell_tokens(sentence.translation), scores, source_scores)


def _restore(row: Mapping[str, Sequence[Any]]) -> Scored:
    """Return what was kept in the store."""
    return Scored(tuple(row["tokens"]), tuple(row["token_scores"]), tuple(row["source_scores"]))


def features(sentences: Sequence[ReadSentence], scored: Sequence[Scored]) -> list[dict[str, float]]:
    """Return what confidence is computed from, for each sentence."""
    rows: list[dict[str, float]] = []
    for sentence, of_model in zip(sentences, scored, strict=True):
        faults = check_translation(sentence.source, sentence.translation)
        rows.append(
            features_of(
                score_words(of_model.tokens, of_model.token_scores),
                cover_words(sentence.source, sentence.translation),
                of_model.source_scores,
                faults=len(faults),
                missing=find_missing_words(sentence.source, sentence.translation),
            )
        )
    return rows


def fit(rows: Sequence[Mapping[str, float]], majors: Sequence[bool], threshold: float = 0.5) -> Calibration:
    """Fit the logistic regression on the features of each sentence, and whether it has a major fault."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    names = list(rows[0])
    table: list[list[float]] = []
    for row in rows:
        table.append([row[name] for name in names])
    values = np.array(table)
    means = values.mean(0)
    scales = values.std(0)
    # A feature that is the same everywhere weighs nothing, whatever it is divided by.
    scales[scales == 0] = 1
    model = LogisticRegression(C=_C, max_iter=1000)
    model.fit((values - means) / scales, ~np.array(majors))
    weights: dict[str, tuple[float, float, float]] = {}
    for name, mean, scale, weight in zip(names, means, scales, model.coef_[0], strict=True):
        weights[name] = (float(mean), float(scale), float(weight))
    return Calibration(weights, float(model.intercept_[0]), threshold)


def cross_validate(
    rows: Sequence[Mapping[str, float]], majors: Sequence[bool], items: Sequence[int] = (), folds: int = _FOLDS
) -> NDArray[np.float64]:
    """Return for each sentence the mean of its confidences by regressions that were fitted on others.

    Args:
        rows: the features of each sentence.
        majors: whether each has a major fault.
        items: the number of the sentence that each translation is of. With it, a regression has seen no translation of
            the same sentence; there is one regression for each fold then.
        folds: parts of the sentences of which each is left out once.
    """
    import numpy as np

    repeats = 1 if items else _REPEATS
    total = np.zeros(len(rows))
    for train, test in _split(rows, majors, items, folds):
        model = fit([rows[place] for place in train], [majors[place] for place in train])
        for place in test:
            total[place] += model.confidence(rows[place])
    return total / repeats


def _split(
    rows: Sequence[Mapping[str, float]], majors: Sequence[bool], items: Sequence[int], folds: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield the places of the sentences that a regression is fitted on, and of those that are left out."""
    from sklearn.model_selection import PredefinedSplit, RepeatedStratifiedKFold

    if not items:
        draws = RepeatedStratifiedKFold(n_splits=folds, n_repeats=_REPEATS, random_state=0)
        yield from draws.split(rows, majors)
        return
    # Items take turns, so that each fold has as many.
    fold_of: dict[int, int] = {}
    for turn, item in enumerate(sorted(set(items))):
        fold_of[item] = turn % folds
    yield from PredefinedSplit([fold_of[item] for item in items]).split()


def measure(values: Sequence[float], majors: Sequence[bool], doubtful: Sequence[bool]) -> Quality:
    """Measure confidences of sentences, of which some have a major fault and some haven't.

    Args:
        values: the confidence of each sentence.
        majors: whether each has a major fault.
        doubtful: whether each is marked.
    """
    import numpy as np
    from sklearn.metrics import brier_score_loss, roc_auc_score

    good = ~np.array(majors)
    error = 0.0
    for count, mean, share in reliability(values, majors):
        error += count * abs(mean - share)
    return Quality(
        items=len(good),
        majors=int((~good).sum()),
        auc=float(roc_auc_score(good, values)),
        brier=float(brier_score_loss(good, values)),
        ece=error / len(good),
        marked=sum(doubtful),
        found=int((np.array(doubtful) & ~good).sum()),
    )


def reliability(values: Sequence[float], majors: Sequence[bool], bins: int = 5) -> list[tuple[int, float, float]]:
    """Return for each fifth of the sentences: how many, their mean confidence, and the share without a major fault."""
    import numpy as np

    order = np.argsort(values, kind="stable")
    good = ~np.array(majors)[order]
    ascending = np.array(values)[order]
    fifths: list[tuple[int, float, float]] = []
    for part in np.array_split(np.arange(len(order)), bins):
        if len(part):
            fifths.append((len(part), float(ascending[part].mean()), float(good[part].mean())))
    return fifths


def choose_threshold(values: Sequence[float], share: float = MARKED) -> float:
    """Return the confidence that a share of sentences lies below."""
    ordered = sorted(values)
    place = round(share * len(ordered))
    if not 0 < place < len(ordered):
        return 0.0
    return round((ordered[place - 1] + ordered[place]) / 2, 3)


def write_calibrations(calibrations: Mapping[Evidence, Calibration], notes: Sequence[str], target: Path) -> None:
    """Write what `load_calibration` reads.

    Args:
        calibrations: for each kind of evidence.
        notes: lines of a comment at the head of the file.
        target: the file (TOML).

    Raises:
        OutputError: it can't be written.
    """
    lines: list[str] = []
    for note in notes:
        lines.append(f"# {note}")
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
    for place in places:
        parts.setdefault(f"  {sentences[place].set}", []).append(place)
    return parts


@dataclass(frozen=True)
class _Judged:
    """Sentences with their confidences: whether each has a major fault, how sure it is, and whether it is marked."""

    majors: list[bool]
    values: list[float]
    marked: list[bool]

    @classmethod
    def of(
        cls, majors: list[bool], rows: Sequence[Mapping[str, float]], values: list[float], threshold: float
    ) -> _Judged:
        """Mark what has less confidence than the threshold, or a fault."""
        marked: list[bool] = []
        for value, row in zip(values, rows, strict=True):
            marked.append(value < threshold or row["faults"] > 0)
        return cls(majors, values, marked)

    def at(self, places: Sequence[int]) -> _Judged:
        """Return some of them."""
        part = _Judged([], [], [])
        for place in places:
            part.majors.append(self.majors[place])
            part.values.append(self.values[place])
            part.marked.append(self.marked[place])
        return part


def _report(parts: Mapping[str, Sequence[int]], judged: _Judged) -> None:
    """Print how good confidences are on parts of the sentences, and how reliable on the first."""
    for name, places in parts.items():
        part = judged.at(places)
        # Without sentences of both kinds there is nothing to tell apart.
        if len(set(part.majors)) == 2:
            quality = measure(part.values, part.majors, part.marked)
            click.echo(
                f"{name:24} {quality.items:4} sentences, {quality.majors:3} major  AUC {quality.auc:.3f}  "
                f"Brier {quality.brier:.3f}  ECE {quality.ece:.3f}  "
                f"marked {quality.marked}, with {quality.found} of {quality.majors} major"
            )
    name, places = next(iter(parts.items()))
    first = judged.at(places)
    click.echo(f"Reliability, {name}: sentences, mean confidence, share without a major fault")
    for count, mean, share in reliability(first.values, first.majors):
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
    _require_both_kinds(sentences, others or readings, held_out=others is None)
    scored = score_all(sentences, store, model, threads)
    if not all(of_model.source_scores for of_model in scored):
        raise InputError(f"{model} can't tell how likely a source is, given its translation")
    calibrations: dict[Evidence, Calibration] = {}
    for evidence in get_args(Evidence):
        calibrations[evidence] = load_calibration(evidence)
    rows = features(sentences, scored)
    if fitted is not None:
        fit_kind = _fit_both if others is None else _fit_others
        try:
            calibrations[kind] = fit_kind(sentences, rows)
        except ValueError as error:
            raise InputError(f"{others or readings}: there are too few sentences to fit on: {error}") from error
    parts: dict[str, list[int]] = {}
    if others is None:
        # Together with what was fitted on, sentences tell nothing.
        places = [place for place, sentence in enumerate(sentences) if sentence.held_out]
        parts = _by_set("held out", sentences, places)
    elif fitted is None:
        parts = _by_set("all", sentences, range(len(sentences)))
    if parts:
        calibration = calibrations[kind]
        values = list(map(calibration.confidence, rows))
        _report(parts, _Judged.of(_majors(sentences), rows, values, calibration.threshold))
    if fitted is not None:
        option = "" if others is None else " --others"
        notes = [
            "How confidence is computed: see summarizer/writing/quality_estimation.py. Made by",
            f"python -m eval confidence{option} --fit, with what {model} thinks of the translations that were read.",
        ]
        write_calibrations(calibrations, notes, fitted)


def _majors(sentences: Iterable[ReadSentence]) -> list[bool]:
    """Return of each sentence whether it has a major fault."""
    return [sentence.major for sentence in sentences]


def _require_both_kinds(sentences: Iterable[ReadSentence], path: Path, *, held_out: bool) -> None:
    """Require sentences with a major fault and sentences without one.

    Args:
        sentences: that were read.
        path: their file, for the message.
        held_out: whether some are held out: then these need both kinds, and so do those that are fitted on.

    Raises:
        InputError: one kind is missing.
    """
    fitted_on: set[bool] = set()
    left_out: set[bool] = set()
    for sentence in sentences:
        kinds = left_out if held_out and sentence.held_out else fitted_on
        kinds.add(sentence.major)
    both = {True, False}
    if fitted_on != both or (held_out and left_out != both):
        raise InputError(f"{path}: it needs sentences with a major fault, and others")


def _fit_both(sentences: Sequence[ReadSentence], rows: Sequence[Mapping[str, float]]) -> Calibration:
    """Fit the regression on what is not held out, with a threshold that marks a share of the news; print how it does.

    Args:
        sentences: with what readers say of them.
        rows: the features of each.
    """
    fitted_on: list[ReadSentence] = []
    rows_of_these: list[Mapping[str, float]] = []
    for sentence, row in zip(sentences, rows, strict=True):
        if not sentence.held_out:
            fitted_on.append(sentence)
            rows_of_these.append(row)
    majors = _majors(fitted_on)
    confidences = cross_validate(rows_of_these, majors).tolist()
    confidences_of_news: list[float] = []
    for sentence, confidence_of_sentence in zip(fitted_on, confidences, strict=True):
        if sentence.set == NEWS:
            confidences_of_news.append(confidence_of_sentence)
    threshold = choose_threshold(confidences_of_news)
    judged = _Judged.of(majors, rows_of_these, confidences, threshold)
    _report({"fitted on, crossed": range(len(rows_of_these))}, judged)
    return fit(rows_of_these, majors, threshold)


def _fit_others(sentences: Sequence[ReadSentence], rows: Sequence[Mapping[str, float]]) -> Calibration:
    """Fit the regression on all sentences, and print how it does on sentences that it was not fitted on.

    Args:
        sentences: with what readers say of them.
        rows: the features of each.
    """
    majors = _majors(sentences)
    lines = [sentence.line for sentence in sentences]
    for parts_of_items, folds in (("halves of the items", 2), ("fifths of the items", _FOLDS)):
        confidences = cross_validate(rows, majors, lines, folds).tolist()
        sets = _by_set(f"held out, {parts_of_items}", sentences, range(len(rows)))
        _report(sets, _Judged.of(majors, rows, confidences, _LIKELIER))
    return fit(rows, majors, _LIKELIER)
