"""Fit the head that weighs which words of a sentence may go: see `summarizer.models.embedded.cutting`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import NamedTuple

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
# No word of a sentence is kept.
_NONE_KEPT = "-"

# Sizes of the vectors of words, and of what they are compared by.
_SIZE = 96
_COMPARED = 48
_DROPOUT = 0.4
_EPOCHS = 8
# Sentences of a step.
_BATCH = 24
_RATE = 2e-3
_DECAY = 0.05
# Steps in which the rate rises.
_WARM_UP = 100
# What a step is worth that can't be taken, in nats.
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
    cuts_of_lines = [_read_line(line) for line in file.read_text(encoding="ascii").splitlines()]
    lines_by_sentence: defaultdict[str, list[int]] = defaultdict(list)
    for line, cuts in enumerate(cuts_of_lines):
        lines_by_sentence[cuts[0].sentence].append(line)
    abstracts: dict[int, CutAbstract] = {}
    for title, sentences in read_news_sentences(data, junk):
        texts = {digest(sentence): sentence for sentence in sentences}
        for first_sentence in texts.keys() & lines_by_sentence.keys():
            for line in lines_by_sentence[first_sentence]:
                abstract = _put_together(title, texts, cuts_of_lines[line])
                if abstract is not None:
                    # Of an article that is there twice, the first one counts.
                    abstracts.setdefault(line, abstract)
    if not abstracts:
        raise TrainingError(f"{data} has none of the articles of {file.name}")
    return [abstracts[line] for line in sorted(abstracts)]


def _put_together(title: str, texts: Mapping[str, str], cuts: Sequence[_Cut]) -> CutAbstract | None:
    """Return an abstract that was cut by hand; None if the article lacks one of its sentences.

    Args:
        title: of the article.
        texts: sentences of the article, by their digests.
        cuts: of the sentences of the abstract.
    """
    sentences: list[str] = []
    kept: list[tuple[bool, ...] | None] = []
    for cut in cuts:
        if cut.sentence not in texts:
            return None
        text = texts[cut.sentence]
        sentences.append(text)
        kept.append(_read_places(cut.kept, len(text.split())))
    return CutAbstract(title, tuple(sentences), tuple(kept))


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


class _Cut(NamedTuple):
    """What a line of `CUTS` says of one sentence.

    Attributes:
        sentence: its digest.
        kept: places of the words that are kept, "-" for none, "+" for a sentence that has no cut of its own.
    """

    sentence: str
    kept: str


def _read_line(line: str) -> list[_Cut]:
    """Return what a line says of each sentence of an abstract."""
    cuts: list[_Cut] = []
    for item in line.split():
        sentence, kept = item.split(":")
        cuts.append(_Cut(sentence, kept))
    return cuts


def _read_places(places: str, words: int) -> tuple[bool, ...] | None:
    """Return whether each word of a sentence is kept; None if it has no cut of its own.

    Args:
        places: of the words that are kept, as `_Cut.kept`.
        words: how many the sentence has.
    """
    if places == _JOINED:
        return None
    kept = [False] * words
    if places == _NONE_KEPT:
        return tuple(kept)
    for run in places.split(","):
        first, _, last = run.partition("-")
        for place in range(int(first), int(last or first) + 1):
            kept[place] = True
    return tuple(kept)


def write_line(sentences: Sequence[str], kept: Sequence[Sequence[bool] | None]) -> str:
    """Return the line of an abstract in `CUTS`.

    Args:
        sentences: of the abstract.
        kept: for each of them, whether each of its words is kept; None where it has no cut of its own.
    """
    cuts: list[str] = []
    for sentence, flags in zip(sentences, kept, strict=True):
        cuts.append(f"{digest(sentence)}:{_write_places(flags)}")
    return " ".join(cuts)


def _write_places(kept: Sequence[bool] | None) -> str:
    """Return the places of the words that are kept, as `_Cut.kept`: "0-4,7"."""
    if kept is None:
        return _JOINED
    runs: list[str] = []
    start: int | None = None
    for place, stays in enumerate([*kept, False]):
        if stays and start is None:
            start = place
        elif not stays and start is not None:
            last = place - 1
            runs.append(str(start) if start == last else f"{start}-{last}")
            start = None
    return ",".join(runs) or _NONE_KEPT


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
        self.inputs_dropout = nn.Dropout(0.1)
        self.dropout = nn.Dropout(_DROPOUT)

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
        """Return what each step from a word that stays to the next one is worth, in nats: sentences x nodes x nodes.

        The nodes of a sentence are its beginning, its words and its end; steps past its end are to be ignored.

        Args:
            states: of words, sentences x words x twice the hidden size.
            shown: what shows of words, sentences x words x `SHOWN`.
            lengths: how many words each sentence has.
        """
        nodes = self._read_nodes(self._read_words(states, shown, lengths), lengths)
        meet = self._weigh_meetings(nodes)
        places = torch.arange(nodes.shape[1])
        gaps = places[None] - places[:, None] - 1
        meet = meet + self.length[gaps.clamp(0, LONGEST_GAP)]
        # From the beginning to the end: the whole sentence goes.
        rows = torch.arange(len(nodes))
        whole = torch.zeros_like(meet).index_put((rows, torch.zeros_like(rows), lengths + 1), torch.tensor(1.0))
        meet = meet + whole * self.whole
        # What the words of a gap bring is the difference of two sums.
        sums = nn.functional.pad(self.word(nodes)[:, 1:, 0].cumsum(1), (1, 0))
        brought = sums.roll(1, 1)[:, None] - sums[:, :, None]
        steps = torch.where(gaps == 0, 0.0, meet + brought)
        return steps.masked_fill(gaps < 0, _NEVER)

    def _read_words(self, states: Tensor, shown: Tensor, lengths: Tensor) -> Tensor:
        """Return a vector for each word, of itself and its neighbours; arguments are those of `forward`."""
        normal = self.inputs_dropout(nn.functional.layer_norm(states, states.shape[-1:]))
        mask = (torch.arange(states.shape[1]) < lengths[:, None])[..., None]
        words = torch.relu(self.input(torch.cat([normal, shown], -1))) * mask
        padded = nn.functional.pad(self.dropout(words), (0, 0, 1, 1))
        around = torch.cat([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], -1)
        hidden: Tensor = self.dropout(words + torch.relu(self.around(around)))
        return hidden

    def _read_nodes(self, words: Tensor, lengths: Tensor) -> Tensor:
        """Return the vectors of words with one for the beginning of each sentence and one for its end."""
        count = len(words)
        begin = self.bounds[0].expand(count, 1, _SIZE)
        nodes = torch.cat([begin, words, torch.zeros(count, 1, _SIZE)], 1)
        return nodes.index_put((torch.arange(count), lengths + 1), self.bounds[1])

    def _weigh_meetings(self, nodes: Tensor) -> Tensor:
        """Return how well each two nodes meet when all between them goes: sentences x nodes x nodes."""
        first_gone = nodes.roll(-1, 1)
        last_gone = nodes.roll(1, 1)
        front, opening, closing, behind = self.ends(nodes).unbind(-1)
        meet = front[:, :, None] + opening.roll(-1, 1)[:, :, None] + closing.roll(1, 1)[:, None] + behind[:, None]
        meet = meet + self.pairs["kept"](nodes, nodes)
        meet = meet + self.pairs["gone"](first_gone, last_gone)
        weighed: Tensor = meet + self.pairs["across"](first_gone, nodes)
        return weighed


class _Pairs(nn.Module):
    """How well two vectors go together."""

    def __init__(self) -> None:
        super().__init__()
        self.left = nn.Linear(_SIZE, _COMPARED, bias=False)
        self.right = nn.Linear(_SIZE, _COMPARED)

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
    states_of_sentences: list[Tensor] = []
    shown_of_sentences: list[Tensor] = []
    lengths: list[int] = []
    for sentence in sentences:
        states_of_sentences.append(torch.from_numpy(sentence.states.astype(np.float32)))
        shown_of_sentences.append(torch.from_numpy(sentence.shown))
        lengths.append(len(sentence.words))
    states = nn.utils.rnn.pad_sequence(states_of_sentences, batch_first=True)
    shown = nn.utils.rnn.pad_sequence(shown_of_sentences, batch_first=True)
    return states, shown, torch.tensor(lengths)


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
