"""Fit what judges whether a sentence still stands when spans of it go: see `summarizer.writing.judging`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from summarizer.checks import find_deletion_faults, read_forms
from summarizer.models.embedded.cutting import describe_words, weigh_steps
from summarizer.models.embedded.model import EmbeddedModel
from summarizer.writing.judging import FILE, Weighed, describe_gap
from summarizer.writing.spans import find_spans
from training import TrainingError
from training.articles import digest
from training.cutting import CutAbstract, fit, read_sentences

JUDGEMENTS = Path(__file__).parent / "corpus" / "judged_cuts.tsv"
"""See its `README.md`."""
WEIGHTS = Path(__file__).parents[1] / "summarizer" / "writing" / FILE

LABELS = ("ok", "broken", "misleading", "poor")

Floats = NDArray[np.float64]

# What the squares of the weights cost, and how the best ones are sought.
_DECAY = 30.0
_STEPS = 2000
_RATE = 0.05
# Adam's (Kingma and Ba 2015, arXiv:1412.6980).
_MOMENTUM, _SCALE, _TINY = 0.9, 0.999, 1e-8
_SURE = 1e-9
_FOLDS = 10
# The cuts that were judged are of every fifth abstract, so that what weighs their words hasn't learnt from them.
_HELD_OUT = 5
# How many of the cuts that are accepted should stand.
_SHARES = (0.98, 0.95, 0.9)
# Digits of the weights that are written.
_DIGITS = 4


@dataclass(frozen=True)
class JudgedCut:
    """A cut of a sentence, and what a reader thought of it.

    Attributes:
        sentence: its digest, as `training.articles.digest` makes it.
        gaps: places of the first word of each gap, and behind its last word.
        label: "ok", "broken" (no whole sentence is left), "misleading" (what is left isn't what was said) or "poor"
            (what is left says too little).
    """

    sentence: str
    gaps: tuple[tuple[int, int], ...]
    label: str

    @property
    def stands(self) -> bool:
        """Whether an editor can print it."""
        return self.label == "ok"


def read_judgements(file: Path = JUDGEMENTS) -> list[JudgedCut]:
    """Return the cuts that were judged: lines with a digest, the places of the words that went, and a label.

    Raises:
        TrainingError: a line is something else.
    """
    cuts: list[JudgedCut] = []
    for number, line in enumerate(file.read_text(encoding="ascii").splitlines()[1:], 2):
        sentence, places, label = [*line.split("\t"), "", ""][:3]
        try:
            gaps = tuple(_read_gap(part) for part in places.split(","))
        except ValueError as error:
            raise TrainingError(f"{file}, line {number}: no places of words: {places!r}") from error
        if label not in LABELS:
            raise TrainingError(f"{file}, line {number}: the label is none of {', '.join(LABELS)}: {label!r}")
        cuts.append(JudgedCut(sentence, gaps, label))
    return cuts


def _read_gap(part: str) -> tuple[int, int]:
    """Return the first place and the one behind the last: "3-5" is (3, 6), and "3" is (3, 4)."""
    first, _, last = part.partition("-")
    return int(first), int(last or first) + 1


def read_gaps(
    model: EmbeddedModel, abstracts: Sequence[CutAbstract], judged: Sequence[JudgedCut]
) -> tuple[list[list[dict[str, float]]], list[JudgedCut]]:
    """Return what says whether sentences stand, for each gap of each judged cut that is possible today; and these cuts.

    A cut is possible if each of its gaps is a span, and the checks allow all of them.

    Raises:
        TrainingError: none of the judged sentences is in the abstracts.
    """
    others = [abstract for place, abstract in enumerate(abstracts) if place % _HELD_OUT]
    head = fit(list(read_sentences(model, others, mended=False)))
    sentences = _weigh(model, abstracts[::_HELD_OUT], head)
    gaps: list[list[dict[str, float]]] = []
    possible: list[JudgedCut] = []
    for cut in judged:
        if cut.sentence in sentences:
            words, weighed = sentences[cut.sentence]
            if is_possible(words, cut.gaps):
                gaps.append(describe_cut(words, cut.gaps, weighed))
                possible.append(cut)
    if not possible:
        raise TrainingError("none of the judged sentences is in the abstracts")
    return gaps, possible


def _weigh(
    model: EmbeddedModel, abstracts: Sequence[CutAbstract], head: Mapping[str, NDArray[np.float32]]
) -> dict[str, tuple[list[str], Weighed]]:
    """Return the words of sentences, and what a head makes of them, by the sentences' digests."""
    found: dict[str, tuple[list[str], Weighed]] = {}
    read = model.read_words([(abstract.title, abstract.sentences) for abstract in abstracts])
    for abstract, states in zip(abstracts, read, strict=True):
        before: list[str] = []
        for sentence in abstract.sentences:
            words = sentence.split()
            theirs = states[len(before) : len(before) + len(words)]
            steps = weigh_steps(head, theirs, describe_words(words, abstract.title, before))
            found[digest(sentence)] = (words, Weighed.from_steps(steps.astype(np.float64)))
            before += words
    return found


def is_possible(words: Sequence[str], gaps: Sequence[tuple[int, int]]) -> bool:
    """Tell whether the checks allow a cut of which each gap is a span."""
    spans = find_spans(words)
    kept = [True] * len(words)
    for start, end in gaps:
        kept[start:end] = [False] * (end - start)
    return all(gap in spans for gap in gaps) and not find_deletion_faults(words, kept)


def describe_cut(words: Sequence[str], gaps: Sequence[tuple[int, int]], weighed: Weighed) -> list[dict[str, float]]:
    """Return what says whether a sentence stands, for each of its gaps."""
    forms = read_forms(tuple(words))
    spans = find_spans(words)
    return [describe_gap(forms, start, end, spans[start, end], weighed) for start, end in gaps]


@dataclass(frozen=True)
class Judge:
    """A logistic regression: what each feature of a gap counts in the log-odds that the sentence stands."""

    intercept: float
    weights: Mapping[str, float]

    def chance(self, gaps: Sequence[Mapping[str, float]]) -> float:
        """Return how likely a sentence stands with all of its gaps."""
        totals = [
            self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in gap.items()) for gap in gaps
        ]
        return float(np.prod([1 / (1 + np.exp(-total)) for total in totals]))

    def to_toml(self) -> str:
        """Return the file that `summarizer.writing.judging` reads."""
        lines = [
            "# How likely a sentence stands without a span: see summarizer/writing/judging.py. Made by",
            "# python -m training judge.",
            "",
            f"intercept = {round(self.intercept, _DIGITS)}",
            "",
            "[weights]",
            *(f'"{name}" = {round(value, _DIGITS)}' for name, value in self.weights.items() if value),
        ]
        return "\n".join(lines) + "\n"


def fit_judge(cuts: Sequence[Sequence[Mapping[str, float]]], stands: Sequence[bool], decay: float = _DECAY) -> Judge:
    """Return the judge under which what was said of cuts is likeliest.

    A cut stands if each of its gaps does, and nobody said which one is at fault: the chance is the product of theirs.

    Args:
        cuts: for each, the features of its gaps.
        stands: whether it stands.
        decay: what the square of a weight costs, in nats, of features with a standard deviation of 1.
    """
    names = list(cuts[0][0])
    rows = np.array([[gap[name] for name in names] for gaps in cuts for gap in gaps])
    owner = np.repeat(np.arange(len(cuts)), [len(gaps) for gaps in cuts])
    mean = rows.mean(0)
    spread = rows.std(0)
    is_constant = spread == 0
    scaled = (rows - mean) / np.where(is_constant, 1.0, spread)
    scaled[:, is_constant] = 0.0
    inputs = np.concatenate([scaled, np.ones((len(rows), 1))], 1)
    wanted = np.array(stands, dtype=np.float64)
    costs = np.concatenate([np.full(len(names), decay), [0.0]])
    found = _descend(inputs, owner, wanted, costs)
    weights = found[:-1] / np.where(is_constant, 1.0, spread)
    intercept = float(found[-1] - weights @ mean)
    return Judge(intercept, dict(zip(names, weights.tolist(), strict=True)))


def _descend(inputs: Floats, owner: NDArray[np.intp], wanted: Floats, costs: Floats) -> Floats:
    """Return the weights with the smallest loss, by Adam over all cuts at once."""
    weights = np.zeros(inputs.shape[1])
    momentum = np.zeros_like(weights)
    scale = np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        chances = 1 / (1 + np.exp(-(inputs @ weights)))
        whole = np.exp(np.bincount(owner, np.log(chances + _SURE), len(wanted)))
        # How the likelihood of what was said grows with the log of the product.
        pull = np.where(wanted == 1, 1.0, -whole / np.maximum(1 - whole, _SURE))
        slope = inputs.T @ (pull[owner] * (1 - chances)) - costs * weights
        momentum = _MOMENTUM * momentum + (1 - _MOMENTUM) * slope
        scale = _SCALE * scale + (1 - _SCALE) * slope**2
        rate = _RATE * (1 - step / _STEPS)
        weights += rate * (momentum / (1 - _MOMENTUM**step)) / (np.sqrt(scale / (1 - _SCALE**step)) + _TINY)
    return weights


def foretell(cuts: Sequence[Sequence[Mapping[str, float]]], stands: Sequence[bool], decay: float = _DECAY) -> Floats:
    """Return how likely each cut stands, as a judge says that was fitted to the nine tenths without it."""
    chances = np.zeros(len(cuts))
    folds = np.arange(len(cuts)) % _FOLDS
    for fold in range(_FOLDS):
        known = np.flatnonzero(folds != fold).tolist()
        judge = fit_judge([cuts[row] for row in known], [stands[row] for row in known], decay)
        for row in np.flatnonzero(folds == fold).tolist():
            chances[row] = judge.chance(cuts[row])
    return chances


def area_under_curve(chances: Floats, stands: Sequence[bool]) -> float:
    """Return how often a cut that stands has a higher chance than one that doesn't."""
    flags = np.array(stands)
    better = chances[flags][:, None] - chances[~flags][None]
    return float((better > 0).mean() + (better == 0).mean() / 2)


def find_threshold(chances: Floats, stands: Sequence[bool], share: float) -> tuple[float, int] | None:
    """Return from which chance on a share of the cuts stands, and how many these are; None if there is no such one."""
    order = np.argsort(-chances, kind="stable")
    right = np.cumsum(np.array(stands)[order])
    counts = np.arange(1, len(order) + 1)
    good = np.flatnonzero(right >= share * counts)
    if not good.size:
        return None
    last = int(good[-1])
    return float(chances[order[last]]), last + 1


def report(cuts: Sequence[Sequence[Mapping[str, float]]], stands: Sequence[bool]) -> list[str]:
    """Return lines that say how well judges tell cuts that they weren't fitted to, in ten folds."""
    chances = foretell(cuts, stands)
    count = len(cuts)
    lines = [f"{count} cuts, {sum(stands)} of them stand; area under the curve {area_under_curve(chances, stands):.3f}"]
    for share in _SHARES:
        found = find_threshold(chances, stands, share)
        if found:
            threshold, accepted = found
            lines.append(f"{share:.0%} stand of those from {threshold:.3f} on, which are {accepted}")
    return lines


def write_places(gaps: Sequence[tuple[int, int]]) -> str:
    """Return the places of gaps as `JUDGEMENTS` has them."""
    return ",".join(str(start) if end == start + 1 else f"{start}-{end - 1}" for start, end in gaps)
