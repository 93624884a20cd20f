"""Fit the head that weighs which words of a sentence may go: see `summarizer.models.embedded.cutting`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from summarizer.models.embedded.cutting import LONGEST_GAP, SHOWN, describe_words
from summarizer.models.embedded.model import EmbeddedModel
from training import TrainingError
from training.articles import Junk, digest, read_choices, read_news_sentences

CUTS = Path(__file__).parent / "corpus" / "cuts.txt"
"""See its `README.md`."""
# Sentences are read so many abstracts at a time.
_READ = 64
# A sentence that the editor made one of with the sentence in front of it has no cut of its own.
_JOINED = "+"

# Sizes of the vectors of words, and of what they are compared by.
_SIZE, _COMPARED = 96, 48
_DROPOUT = 0.4
_EPOCHS, _BATCH, _RATE, _DECAY, _WARM_UP = 8, 24, 2e-3, 0.05, 100
_NEVER = -1e4
# What torch calls the pairs of vectors, and the package doesn't.
_PAIRS = "pairs."


Weights = Mapping[str, NDArray[np.float32]]
"""Of a head, by their names in ``cutting.safetensors``."""


@dataclass(frozen=True)
class CutSentence:
    """A sentence and what an editor kept of it.

    Attributes:
        words: as `str.split` makes them.
        states: of its words, as `summarizer.models.embedded.cutting.weigh_steps` takes them.
        shown: what shows of its words, likewise.
        kept: whether each of them was kept; None where the editor made one sentence of it and the one in front, or
            where no editor has cut it.
    """

    words: tuple[str, ...]
    states: NDArray[np.floating]
    shown: NDArray[np.float32]
    kept: NDArray[np.bool_] | None


@dataclass(frozen=True)
class CutAbstract:
    """The sentences of an abstract, with the headline of its article, and what an editor kept of each.

    ``kept`` has, for each sentence, whether each of its words stays, or None where the editor made one sentence of it
    and the one in front, or where no editor has cut it.
    """

    title: str
    sentences: tuple[str, ...]
    kept: tuple[tuple[bool, ...] | None, ...]


def read_cuts(data: Path, junk: Junk, file: Path = CUTS) -> list[CutAbstract]:
    """Return the abstracts that were cut by hand, of the articles of a data folder.

    A line of the file is an abstract; for each of its sentences it has the digest (as `training.articles.digest` makes
    it), a colon, and the words that are kept, counted from 0: "0-4,7", "-" for none, "+" for a sentence that was made
    one with the one in front of it.

    Raises:
        TrainingError: a file can't be read, or no article is there.
    """
    wanted = [_read_line(line) for line in file.read_text(encoding="ascii").splitlines()]
    by_first = defaultdict(list)
    for row, marks in enumerate(wanted):
        by_first[marks[0][0]].append(row)
    found: dict[int, CutAbstract] = {}
    for title, sentences in read_news_sentences(data, junk):
        own = {digest(sentence): sentence for sentence in sentences}
        for key in own.keys() & by_first.keys():
            for row in by_first[key]:
                marks = wanted[row]
                if row not in found and all(mark in own for mark, _ in marks):
                    texts = tuple(own[mark] for mark, _ in marks)
                    kept = tuple(_flags(text, places) for text, (_, places) in zip(texts, marks, strict=True))
                    found[row] = CutAbstract(title, texts, kept)
    if not found:
        raise TrainingError(f"{data} has none of the articles of {file.name}")
    return [found[row] for row in sorted(found)]


def read_uncut(data: Path, junk: Junk, judged: Set[str], known: Set[str]) -> list[CutAbstract]:
    """Return the abstracts that nobody has cut by hand, but in which cuts were judged; they were chosen by hand.

    Args:
        data: folder of the articles.
        junk: what is taken away from them.
        judged: digests of the sentences that were judged, as `training.articles.digest` makes them.
        known: digests of the sentences that are read with another abstract.

    Raises:
        TrainingError: a file can't be read.
    """
    abstracts: list[CutAbstract] = []
    for article in read_choices(data, junk):
        sentences = tuple(sentence for sentence in article.text.split("\n") if sentence in article.summary)
        digests = set(map(digest, sentences))
        if digests & judged and not digests & known:
            abstracts.append(CutAbstract(article.title, sentences, (None,) * len(sentences)))
    return abstracts


def _read_line(line: str) -> list[tuple[str, str]]:
    pairs = (item.split(":") for item in line.split())
    return [(mark, places) for mark, places in pairs]


def _flags(sentence: str, places: str) -> tuple[bool, ...] | None:
    if places == _JOINED:
        return None
    kept = [False] * len(sentence.split())
    for part in places.split(",") if places != "-" else ():
        first, _, last = part.partition("-")
        for place in range(int(first), int(last or first) + 1):
            kept[place] = True
    return tuple(kept)


def write_line(sentences: Sequence[str], kept: Sequence[Sequence[bool] | None]) -> str:
    """Return the line of an abstract in `CUTS`."""
    return " ".join(f"{digest(text)}:{_places(flags)}" for text, flags in zip(sentences, kept, strict=True))


def _places(kept: Sequence[bool] | None) -> str:
    if kept is None:
        return _JOINED
    runs: list[list[int]] = []
    for place in (place for place, stays in enumerate(kept) if stays):
        if runs and runs[-1][-1] == place - 1:
            runs[-1][-1] = place
        else:
            runs.append([place, place])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs) or "-"


def read_sentences(model: EmbeddedModel, abstracts: Sequence[CutAbstract]) -> list[list[CutSentence]]:
    """Return the sentences of each abstract, with the model's states of their words."""
    read_abstracts: list[list[CutSentence]] = []
    for first in range(0, len(abstracts), _READ):
        batch = abstracts[first : first + _READ]
        read = model.read_words([(abstract.title, abstract.sentences) for abstract in batch])
        for abstract, states in zip(batch, read, strict=True):
            read_abstracts.append(pair_states(abstract, states))
    return read_abstracts


def pair_states(abstract: CutAbstract, states: NDArray[np.floating]) -> list[CutSentence]:
    """Return the sentences of an abstract with the states of all of its words."""
    before: list[str] = []
    sentences: list[CutSentence] = []
    for sentence, kept in zip(abstract.sentences, abstract.kept, strict=True):
        words = sentence.split()
        states_of_words = states[len(before) : len(before) + len(words)].astype(np.float16)
        shown = describe_words(words, abstract.title, before)
        flags = None if kept is None else np.array(kept)
        sentences.append(CutSentence(tuple(words), states_of_words, shown, flags))
        before += words
    return sentences


class CutHead(nn.Module):
    """The same as `weigh_steps`, for sentences padded to one length."""

    def __init__(self, states: int) -> None:
        super().__init__()
        self.input = nn.Linear(states + SHOWN, _SIZE)
        self.around = nn.Linear(3 * _SIZE, _SIZE)
        self.word = nn.Linear(_SIZE, 1)
        self.ends = nn.Linear(_SIZE, 4, bias=False)
        self.bounds = nn.Parameter(torch.randn(2, _SIZE) * 0.1)
        self.pairs = nn.ModuleDict({name: _Pairs() for name in ("kept", "gone", "across")})
        self.length = nn.Parameter(torch.full((LONGEST_GAP + 1,), -2.0))
        self.whole = nn.Parameter(torch.tensor([-2.0]))
        self.inputs_dropout, self.dropout = nn.Dropout(0.1), nn.Dropout(_DROPOUT)

    @classmethod
    def from_weights(cls, weights: Weights) -> CutHead:
        """Return a head with some weights, which are copied."""
        head = cls(weights["input.weight"].shape[1] - SHOWN)
        tensors: dict[str, Tensor] = {}
        for name in head.state_dict():
            tensors[name] = torch.from_numpy(weights[name.removeprefix(_PAIRS)].copy())
        head.load_state_dict(tensors)
        return head

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Return the weights as `summarizer.models.embedded.cutting.weigh_steps` takes them."""
        tensors = self.state_dict().items()
        return {name.removeprefix(_PAIRS): values.numpy().astype(np.float32) for name, values in tensors}

    def forward(self, states: Tensor, shown: Tensor, lengths: Tensor) -> Tensor:
        """Return the steps of each sentence; those past its end are to be ignored."""
        normal = self.inputs_dropout(nn.functional.layer_norm(states, states.shape[-1:]))
        mask = (torch.arange(states.shape[1]) < lengths[:, None])[..., None]
        own = torch.relu(self.input(torch.cat([normal, shown], -1))) * mask
        padded = nn.functional.pad(self.dropout(own), (0, 0, 1, 1))
        around = torch.cat([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], -1)
        hidden = self.dropout(own + torch.relu(self.around(around)))
        rows = torch.arange(len(states))
        begin = self.bounds[0].expand(len(states), 1, _SIZE)
        nodes = torch.cat([begin, hidden, torch.zeros(len(states), 1, _SIZE)], 1)
        nodes = nodes.index_put((rows, lengths + 1), self.bounds[1])
        first, last = nodes.roll(-1, 1), nodes.roll(1, 1)
        front, opening, closing, behind = self.ends(nodes).unbind(-1)
        meet = front[:, :, None] + opening.roll(-1, 1)[:, :, None] + closing.roll(1, 1)[:, None] + behind[:, None]
        for left, right, name in ((nodes, nodes, "kept"), (first, last, "gone"), (first, nodes, "across")):
            meet = meet + self.pairs[name](left, right)
        places = torch.arange(nodes.shape[1])
        gaps = places[None] - places[:, None] - 1
        meet = meet + self.length[gaps.clamp(0, LONGEST_GAP)]
        whole = torch.zeros_like(meet).index_put((rows, torch.zeros_like(rows), lengths + 1), torch.tensor(1.0))
        meet = meet + whole * self.whole
        sums = nn.functional.pad(self.word(nodes)[:, 1:, 0].cumsum(1), (1, 0))
        brought = sums.roll(1, 1)[:, None] - sums[:, :, None]
        steps = torch.where(gaps == 0, 0.0, meet + brought)
        return steps.masked_fill(gaps < 0, _NEVER)


class _Pairs(nn.Module):
    """How well two vectors go together."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.right = nn.Linear(_SIZE, _COMPARED, bias=False), nn.Linear(_SIZE, _COMPARED)

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        scores: Tensor = self.left(left) @ self.right(right).transpose(1, 2) / sqrt(_COMPARED)
        return scores


def fit(sentences: Sequence[CutSentence], seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """Return the weights of the first head under which what editors kept of sentences is likeliest.

    Sentences that have no cut of their own are left out.
    """
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    cut = [sentence for sentence in sentences if sentence.kept is not None]
    head = CutHead(cut[0].states.shape[1])
    optimizer = torch.optim.AdamW(head.parameters(), lr=_RATE, weight_decay=_DECAY)
    steps = _EPOCHS * -(-len(cut) // _BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, step / _WARM_UP) * max(0.02, 1 - step / steps)
    )
    for _ in range(_EPOCHS):
        # Sentences of about the same length go together.
        order = np.argsort([len(sentence.words) + 4 * draw.random() for sentence in cut])
        batches = np.split(order, range(_BATCH, len(order), _BATCH))
        for place in draw.permutation(len(batches)):
            batch = [cut[row] for row in batches[place]]
            loss = _loss(head, batch)
            optimizer.zero_grad()
            (loss / sum(len(sentence.words) for sentence in batch)).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return head.weights()


def pad(sentences: Sequence[CutSentence]) -> tuple[Tensor, Tensor, Tensor]:
    """Return what `CutHead` takes of sentences: states and what shows, padded to one length, and the lengths."""
    states = nn.utils.rnn.pad_sequence([torch.from_numpy(one.states.astype(np.float32)) for one in sentences], True)
    shown = nn.utils.rnn.pad_sequence([torch.from_numpy(one.shown) for one in sentences], True)
    return states, shown, torch.tensor([len(one.words) for one in sentences])


def _loss(head: CutHead, batch: Sequence[CutSentence]) -> Tensor:
    """Return what has the gradient of the negative log-likelihood of what was kept, in nats.

    It is the difference between how often all paths, each as likely as it is, and the one of the editor take a step.
    """
    states, shown, lengths = pad(batch)
    steps = head(states, shown, lengths)
    with torch.no_grad():
        expected = _expect(steps.double(), lengths + 1).float()
        for row, sentence in enumerate(batch):
            path = np.array([0, *(np.flatnonzero(np.array(sentence.kept)) + 1), len(sentence.words) + 1])
            expected[row, path[:-1], path[1:]] -= 1
    loss: Tensor = (steps.clamp(min=_NEVER / 10) * expected).sum()
    return loss


def _expect(steps: Tensor, ends: Tensor) -> Tensor:
    """Return how often paths take each step, by the forward-backward algorithm."""
    count, nodes, _ = steps.shape
    rows = torch.arange(count)
    forward = torch.full((count, nodes), _NEVER, dtype=torch.double)
    forward[:, 0] = 0
    for node in range(1, nodes):
        forward[:, node] = torch.logsumexp(forward[:, :node] + steps[:, :node, node], 1)
    backward = torch.full((count, nodes), _NEVER, dtype=torch.double)
    backward[rows, ends] = 0
    for node in range(nodes - 2, -1, -1):
        value = torch.logsumexp(steps[:, node, node + 1 :] + backward[:, node + 1 :], 1)
        backward[:, node] = torch.where(node < ends, value, backward[:, node])
    total = forward[rows, ends]
    return torch.exp(forward[:, :, None] + steps + backward[:, None] - total[:, None, None])
