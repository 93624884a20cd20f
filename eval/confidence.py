"""Measure how well confidence tells translations with a major fault from others, and fit it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eval.data import parse_lines, read_text_file
from summarizer.checks import check_translation
from summarizer.checks.word_pairs import cover_words
from summarizer.errors import InputError
from summarizer.models import Request, Task
from summarizer.models.catalogue import DEFAULT, load_model
from summarizer.storage.atomic import open_whole, write_whole
from summarizer.writing.quality_estimation import (
    EVIDENCE,
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

_HELD_OUT = "ud-pud"
_FOLDS, _REPEATS = 5, 10
_LIKELIER = 0.5
"""Below this confidence, a major fault is likelier than none: the threshold for what other systems wrote."""
# Inverse strength of the regularisation: with fewer than 200 sentences, weights must stay small.
_C = 0.1


@dataclass(frozen=True)
class ReadSentence:
    """A translated sentence that was read against its source.

    Attributes:
        set: the data set that the source is of.
        line: of that set, from 0.
        source: the Indonesian sentence.
        translation: what was read.
        major: whether the reader found a major fault.
    """

    set: str
    line: int
    source: str
    translation: str
    major: bool

    @property
    def held_out(self) -> bool:
        """Whether nothing is fitted on it: all of UD-PUD, and the odd lines of the other sets."""
        return self.set == _HELD_OUT or self.line % 2 == 1


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
        items: sentences.
        majors: those with a major fault.
        auc: chance that a sentence without a major fault has the higher confidence of a pair.
        brier: mean squared difference between confidence and truth.
        ece: expected calibration error, in fifths of the sentences.
        marked: sentences that are doubtful.
        found: those among them with a major fault.
    """

    items: int
    majors: int
    auc: float
    brier: float
    ece: float
    marked: int
    found: int


def read_readings(readings: Path, folder: Path) -> list[ReadSentence]:
    """Read the readings, with their sources from the data sets.

    Args:
        readings: JSON lines, see ``eval/data/readings``.
        folder: holds ``SET.id`` for each set.

    Raises:
        InputError: a file is missing or damaged, or a source is another one than the one that was read.
    """
    found = []
    lines: dict[str, list[str]] = {}
    for place, fields in parse_lines(read_text_file(readings), readings):
        try:
            name, at = fields["set"], int(fields["line"])
            expected, translation, reading = (fields[key] for key in ("source_sha256", "translation", "reading"))
        except KeyError as error:
            raise InputError(f"{place}: no field {error}") from error
        except (TypeError, ValueError) as error:
            raise InputError(f"{place}: the line is not a number") from error
        if name not in lines:
            lines[name] = read_text_file(folder / f"{name}.id").split("\n")
        source = lines[name][at].strip() if at < len(lines[name]) else ""
        if hashlib.sha256(source.encode()).hexdigest()[:16] != expected:
            raise InputError(f"{folder / name}.id, line {at + 1}: not the sentence that was read")
        found.append(ReadSentence(name, at, source, translation, reading == "major"))
    return found


def read_others(readings: Path) -> list[ReadSentence]:
    """Read what several systems made of the same sentences, as JSON lines.

    Each has ``item`` (the number of the sentence), ``source``, ``system``, ``translation`` and ``class``. A system is a
    set here, and an item a line.

    Raises:
        InputError: the file is missing or damaged.
    """
    found = []
    for place, fields in parse_lines(read_text_file(readings), readings):
        try:
            names = ("system", "item", "source", "translation", "class")
            system, item, source, translation, reading = (fields[name] for name in names)
            found.append(ReadSentence(system, int(item), source, translation, reading == "major"))
        except KeyError as error:
            raise InputError(f"{place}: no field {error}") from error
        except (TypeError, ValueError) as error:
            raise InputError(f"{place}: the item is not a number") from error
    if not found:
        raise InputError(f"{readings}: it is empty")
    return found


def score_all(sentences: Sequence[ReadSentence], store: Path | None, model: str, threads: int | None) -> list[Scored]:
    """Ask the model what it thinks of each translation.

    Args:
        sentences: what was read.
        store: a file that keeps the answers; only those that it lacks are asked for.
        model: the name of an embedded model.
        threads: how many threads may compute.
    """
    kept: dict[str, Scored] = {}
    if store is not None and store.exists():
        for line in store.read_text(encoding="utf-8").splitlines():
            fields = json.loads(line)
            key = fields.pop("key")
            kept[key] = Scored(**{name: tuple(values) for name, values in fields.items()})
    keys = [f"{model}\t{one.source}\t{one.translation}" for one in sentences]
    missing = [one for one, key in zip(sentences, keys, strict=True) if key not in kept]
    if missing:
        loaded: Any = load_model(model, threads=threads)
        if not hasattr(loaded, "score"):
            raise InputError(f"{model} can't score a given translation")
        with click.progressbar(missing, label="scoring") as shown:
            for one in shown:
                request = Request(one.source)
                [scores] = loaded.score(Task.TRANSLATE, [request], [one.translation])
                [back] = loaded.score_sources([request], [one.translation]) or [()]
                tokens = loaded.spell_tokens(one.translation)
                kept[f"{model}\t{one.source}\t{one.translation}"] = Scored(tokens, scores, back)
        if store is not None:
            write_whole(store, "".join(json.dumps({"key": key} | asdict(one)) + "\n" for key, one in kept.items()))
    return [kept[key] for key in keys]


def features(sentences: Sequence[ReadSentence], scored: Sequence[Scored], kind: Evidence) -> list[dict[str, float]]:
    """Return what confidence is computed from, for each sentence and a kind of model."""
    return [
        features_of(
            score_words(own.tokens, own.token_scores),
            cover_words(one.source, one.translation),
            () if kind == "forward" else own.source_scores,
            len(check_translation(one.source, one.translation)),
        )
        for one, own in zip(sentences, scored, strict=True)
    ]


def fit(rows: Sequence[Mapping[str, float]], majors: Sequence[bool], threshold: float = 0.5) -> Calibration:
    """Fit the logistic regression.

    Args:
        rows: features of each sentence.
        majors: whether it has a major fault.
        threshold: of what is returned.
    """
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
    """Measure confidences.

    Args:
        values: one for each sentence.
        majors: whether the sentence has a major fault; some have, some haven't.
        doubtful: whether it is marked.
    """
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
    with open_whole(target) as file:
        file.write(("\n".join(lines) + "\n").encode())


def _parts(sentences: Sequence[ReadSentence], is_fitted: bool) -> Iterator[tuple[str, list[int]]]:
    """Yield the parts that are measured: name, and places. All together only if nothing was fitted on them."""
    everything = range(len(sentences))
    if not is_fitted:
        yield "all", list(everything)
    yield "held out", [at for at in everything if sentences[at].held_out]
    for name in dict.fromkeys(one.set for one in sentences):
        if own := [at for at in everything if sentences[at].set == name and sentences[at].held_out]:
            yield f"  {name}", own


def _show(name: str, quality: Quality) -> None:
    click.echo(
        f"{name:24} {quality.items:4} sentences, {quality.majors:3} major  AUC {quality.auc:.3f}  "
        f"Brier {quality.brier:.3f}  ECE {quality.ece:.3f}  marked {quality.marked}, "
        f"with {quality.found} of {quality.majors} major"
    )


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

    With --fit, the regression is fitted on them, and cross-validated there, but not on UD-PUD and on the odd lines of
    the other sets, which are held out. What ships was fitted on earlier readings, so all of these are new to it.

    With --others, what ships was fitted on all that was read; with --fit as well, each sentence is measured by what was
    fitted on other sentences.
    """
    if others is not None:
        _judge_others(read_others(others), store, model, threads, fitted)
        return
    if data is None:
        raise click.UsageError("--data is needed, or --others")
    sentences = read_readings(readings, data)
    scored = score_all(sentences, store, model, threads)
    own: tuple[Evidence, ...] = ("both", "forward")
    kinds = [kind for kind in own if kind == "forward" or all(one.source_scores for one in scored)]
    rows = {kind: features(sentences, scored, kind) for kind in kinds}
    if fitted is None:
        calibrations = {kind: load_calibration(kind) for kind in kinds}
    else:
        if len(kinds) < len(own):
            raise InputError(f"{model} can't tell how likely a source is, given its translation")
        calibrations = {kind: _fitted(sentences, rows[kind], f"{model}, {kind}") for kind in kinds}
        notes = [
            "How confidence is computed: see summarizer/writing/quality_estimation.py. Made by",
            "python -m eval confidence --fit, on the readings in eval/data/readings that are not held out,",
            f"with what {model} thinks of the translations that were read.",
        ]
        write_calibrations(calibrations | {"others": load_calibration("others")}, notes, fitted)
    for kind in kinds:
        click.echo(f"\nBy log-probabilities, {kind}:")
        _report(sentences, rows[kind], calibrations[kind], is_fitted=fitted is not None)


def _judge_others(
    sentences: Sequence[ReadSentence], store: Path | None, model: str, threads: int | None, fitted: Path | None
) -> None:
    scored = score_all(sentences, store, model, threads)
    if not all(one.source_scores for one in scored):
        raise InputError(f"{model} can't tell how likely a source is, given its translation")
    rows, majors = features(sentences, scored, "others"), [one.major for one in sentences]
    if len(set(majors)) < 2:
        raise InputError("the readings need sentences with a major fault, and others")
    if fitted is None:
        shipped = load_calibration("others")
        _show_systems("all", sentences, rows, [shipped.confidence(row) for row in rows], shipped.threshold)
        return
    items = [one.line for one in sentences]
    for name, folds in (("halves of the items", 2), ("fifths of the items", _FOLDS)):
        values = cross_validate(rows, majors, items, folds).tolist()
        _show_systems(f"held out, {name}", sentences, rows, values, _LIKELIER)
    calibrations = {kind: load_calibration(kind) for kind in EVIDENCE} | {"others": fit(rows, majors, _LIKELIER)}
    notes = [
        "How confidence is computed: see summarizer/writing/quality_estimation.py. [others] was made by",
        f"python -m eval confidence --others --fit, with what {model} thinks of {len(rows)} translations.",
    ]
    write_calibrations(calibrations, notes, fitted)


def _show_systems(
    title: str,
    sentences: Sequence[ReadSentence],
    rows: Sequence[Mapping[str, float]],
    values: Sequence[float],
    threshold: float,
) -> None:
    marked = [value < threshold or row["faults"] > 0 for value, row in zip(values, rows, strict=True)]
    parts = {title: list(range(len(rows)))}
    for at, one in enumerate(sentences):
        parts.setdefault(f"  {one.set}", []).append(at)
    for name, places in parts.items():
        own = [sentences[at].major for at in places]
        if len(set(own)) == 2:
            _show(name, measure([values[at] for at in places], own, [marked[at] for at in places]))


def _report(
    sentences: Sequence[ReadSentence], rows: Sequence[Mapping[str, float]], calibration: Calibration, is_fitted: bool
) -> None:
    majors = [one.major for one in sentences]
    values = [calibration.confidence(row) for row in rows]
    doubtful = [value < calibration.threshold or row["faults"] > 0 for value, row in zip(values, rows, strict=True)]
    parts = list(_parts(sentences, is_fitted))
    for name, places in parts:
        own = [(values[at], majors[at], doubtful[at]) for at in places]
        _show(name, measure([value for value, *_ in own], [major for _, major, _ in own], [mark for *_, mark in own]))
    name, places = parts[0]
    click.echo(f"Reliability, {name}: sentences, mean confidence, share without a major fault")
    for count, mean, share in reliability([values[at] for at in places], [majors[at] for at in places]):
        click.echo(f"{count:4} {mean:6.2f} {share:6.2f}")


def _fitted(sentences: Sequence[ReadSentence], rows: Sequence[Mapping[str, float]], title: str) -> Calibration:
    places = [at for at, one in enumerate(sentences) if not one.held_out]
    own, majors = [rows[at] for at in places], [sentences[at].major for at in places]
    crossed = cross_validate(own, majors).tolist()
    threshold = choose_threshold(
        [value for value, place in zip(crossed, places, strict=True) if sentences[place].set == NEWS]
    )
    marked = [value < threshold or row["faults"] > 0 for value, row in zip(crossed, own, strict=True)]
    click.echo(f"{title}:")
    _show("fitted on, crossed", measure(crossed, majors, marked))
    return fit(own, majors, threshold)
