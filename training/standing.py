"""Fit the head that foretells whether a sentence stands when words of it go: see `summarizer.models.embedded.cutting`.

It begins as a copy of the head that weighs what may be cut, and learns from cuts that strict readers judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from summarizer.checks import find_deletion_faults
from summarizer.models.embedded.cutting import BIAS, STANDING
from summarizer.writing.spans import find_spans
from training import TrainingError
from training.articles import digest
from training.cutting import CutHead, CutSentence, Weights, fit, pad

JUDGEMENTS = Path(__file__).parent / "corpus" / "judged_cuts.tsv"
"""See its `README.md`."""

LABELS = ("ok", "broken", "misleading", "poor")

Floats = NDArray[np.float64]
Gaps = tuple[tuple[int, int], ...]

_EPOCHS = 10
# Sentences of a step.
_BATCH = 24
_RATE = 6e-4
_DECAY = 0.1
# Most cuts stand: what a gap has, in nats, before anything was learnt.
_BIAS = 2.0
_SURE = 1e-6
_FOLDS = 5
# How many of the cuts that are accepted should stand.
_SHARES = (0.98, 0.95, 0.9)


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
    gaps: Gaps
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


@dataclass(frozen=True)
class JudgedSentence:
    """A sentence, gaps in it, and whether it stands with all of them."""

    sentence: CutSentence
    gaps: Gaps
    stands: bool


def pair_judgements(sentences: Sequence[CutSentence], judged: Sequence[JudgedCut]) -> list[JudgedSentence]:
    """Return what was judged of sentences."""
    by_digest = {digest(" ".join(sentence.words)): sentence for sentence in sentences}
    pairs: list[JudgedSentence] = []
    for cut in judged:
        sentence = by_digest.get(cut.sentence)
        if sentence is not None:
            pairs.append(JudgedSentence(sentence, cut.gaps, cut.stands))
    return pairs


def is_possible(judged: JudgedSentence) -> bool:
    """Tell whether each gap is a span that may go, and the checks allow all of them together."""
    words = judged.sentence.words
    spans = find_spans(words)
    kept = [True] * len(words)
    for start, end in judged.gaps:
        kept[start:end] = [False] * (end - start)
    return all(gap in spans for gap in judged.gaps) and not find_deletion_faults(words, kept)


def fit_standing(weights: Weights, judged: Sequence[JudgedSentence], seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """Return the weights of the second head, named as in ``cutting.safetensors``.

    A sentence stands with several gaps if it does with each, so the chances of its gaps are multiplied.

    Args:
        weights: of the first head.
        judged: what is learnt from.
        seed: of what is drawn by chance.

    Raises:
        TrainingError: nothing was judged.
    """
    if not judged:
        raise TrainingError("none of the judged sentences is in the abstracts")
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    head = CutHead.from_weights(weights)
    bias = nn.Parameter(torch.tensor(_BIAS))
    optimizer = torch.optim.AdamW([*head.parameters(), bias], lr=_RATE, weight_decay=_DECAY)
    steps = _EPOCHS * -(-len(judged) // _BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps)
    for _ in range(_EPOCHS):
        # Sentences of about the same length go together.
        order = np.argsort([len(cut.sentence.words) + 4 * draw.random() for cut in judged])
        batches = np.split(order, range(_BATCH, len(order), _BATCH))
        for place in draw.permutation(len(batches)):
            batch = [judged[row] for row in batches[place]]
            loss = _loss(head, bias, batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    fitted = {STANDING + name: values for name, values in head.weights().items()}
    fitted[STANDING + BIAS] = bias.detach().numpy().astype(np.float32).reshape(1)
    return fitted


def _loss(head: CutHead, bias: Tensor, batch: Sequence[JudgedSentence]) -> Tensor:
    """Return the mean negative log-likelihood of what was judged, in nats."""
    likelihoods: list[Tensor] = []
    for judged, chance in zip(batch, _log_chances(head, bias, batch), strict=True):
        if judged.stands:
            likelihoods.append(chance)
        else:
            likelihoods.append(torch.log1p(-torch.exp(chance).clamp(max=1 - _SURE)))
    return -torch.stack(likelihoods).mean()


def _log_chances(head: CutHead, bias: Tensor, batch: Sequence[JudgedSentence]) -> list[Tensor]:
    """Return the logarithm of how likely each sentence stands with all of its gaps."""
    steps = head(*pad([judged.sentence for judged in batch]))
    chances: list[Tensor] = []
    for row, judged in enumerate(batch):
        odds = [steps[row, start, end + 1] + bias for start, end in judged.gaps]
        chances.append(nn.functional.logsigmoid(torch.stack(odds)).sum())
    return chances


def foretell(weights: Weights, judged: Sequence[JudgedSentence]) -> Floats:
    """Return how likely each sentence stands, as fitted weights say: those of `fit_standing`."""
    second = {name.removeprefix(STANDING): values for name, values in weights.items() if name.startswith(STANDING)}
    bias = torch.from_numpy(second.pop(BIAS))[0]
    head = CutHead.from_weights(second).eval()
    chances: list[float] = []
    with torch.no_grad():
        for first in range(0, len(judged), _BATCH):
            batch = judged[first : first + _BATCH]
            chances += [float(chance.exp()) for chance in _log_chances(head, bias, batch)]
    return np.array(chances)


def measure(abstracts: Sequence[Sequence[CutSentence]], judged: Sequence[JudgedCut]) -> list[str]:
    """Return lines that say how well cuts are told of abstracts that neither head has seen, in five folds.

    Raises:
        TrainingError: nothing was judged.
    """
    chances: list[float] = []
    stands: list[bool] = []
    for fold in range(_FOLDS):
        known: list[CutSentence] = []
        held_out: list[CutSentence] = []
        for place, sentences in enumerate(abstracts):
            target = held_out if place % _FOLDS == fold else known
            target += sentences
        weights = fit(known)
        second = fit_standing(weights, pair_judgements(known, judged))
        pairs = list(filter(is_possible, pair_judgements(held_out, judged)))
        chances += foretell(second, pairs).tolist()
        stands += [pair.stands for pair in pairs]
    return report(np.array(chances), stands)


def report(chances: Floats, stands: Sequence[bool]) -> list[str]:
    """Return lines that say how well chances tell which cuts stand."""
    count = len(stands)
    lines = [f"{count} cuts, {sum(stands)} of them stand; area under the curve {area_under_curve(chances, stands):.3f}"]
    for share in _SHARES:
        threshold_and_count = find_threshold(chances, stands, share)
        if threshold_and_count:
            threshold, accepted = threshold_and_count
            lines.append(f"{share:.0%} stand of those from {threshold:.3f} on, which are {accepted}")
    return lines


def area_under_curve(chances: Floats, stands: Sequence[bool]) -> float:
    """Return how often a cut that stands has a higher chance than one that doesn't."""
    flags = np.array(stands)
    better = chances[flags][:, None] - chances[~flags][None]
    return float((better > 0).mean() + (better == 0).mean() / 2)


def find_threshold(chances: Floats, stands: Sequence[bool], share: float) -> tuple[float, int] | None:
    """Find the lowest chance that is high enough: of the cuts with it or a higher one, a share stands.

    Args:
        chances: how likely each cut stands.
        stands: whether it does.
        share: of the cuts that are accepted, how many must stand, 0 to 1.

    Returns:
        that chance, and how many cuts have it or a higher one; None if there is no such chance.
    """
    likeliest_first = np.argsort(-chances, kind="stable")
    standing = np.cumsum(np.array(stands)[likeliest_first])
    accepted = np.arange(1, len(likeliest_first) + 1)
    good_enough = np.flatnonzero(standing >= share * accepted)
    if not good_enough.size:
        return None
    last = int(good_enough[-1])
    return float(chances[likeliest_first[last]]), last + 1
