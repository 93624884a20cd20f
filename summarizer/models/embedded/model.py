"""Gemma 3 as a prefix language model: a fixed prompt, a source text, and the model writes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from summarizer.models.adapter_files import CUTTING, RANKING
from summarizer.models.allocation import require_address_space
from summarizer.models.base import (
    Advance,
    CutWeights,
    Generation,
    GuidedModel,
    Request,
    Task,
    by_length,
    longest_translation,
)
from summarizer.models.embedded import cutting
from summarizer.models.embedded.beam_search import Continuation, beam_search
from summarizer.models.embedded.kv_cache import KVCache
from summarizer.models.embedded.runtime import GRAPH_FILE, Runtime
from summarizer.models.embedded.tokenizer import BOS, eos_token_ids
from summarizer.models.prompts import Prompt, load_prompt
from summarizer.storage.cache import damaged
from summarizer.text.normalise import one_line

_MAX_INPUT_TOKENS = {Task.SUMMARIZE: 1536, Task.TRANSLATE: 192}
# Rows written at a time, all beams: the more, the faster, but for memory and for the shorter ones.
_ROWS = 32
BEAMS = 4
"""How many texts the search goes on with. They bring translations 2.8 chrF (first 200 lines of FLORES-200 dev)."""
MAX_ABSTRACT = 160
"""Tokens of an abstract at most."""
# What a model is prompted with to judge translations, and how many hypotheses it judges: see training/NOTES.md.
_BACKWARDS = "translate_en_id"
_JUDGED = 3
# What Python and its libraries take beside the weights, in bytes of address space.
_ROOM = 300 << 20


class _Part(NamedTuple):
    """A part of an article that is read at a time.

    Attributes:
        article: the place of the article among those that are asked about.
        request: its sentences, and the article's title.
        sizes: tokens of each sentence.
    """

    article: int
    request: Request
    sizes: list[int]


Drafts = Sequence[Sequence[Generation]]
"""The hypotheses of several searches, the best of each first."""


class EmbeddedModel(GuidedModel):
    """The converted Gemma checkpoint, ready to write.

    Each task's fixed prompt is read once, when the task is first asked for. What is written of a text depends on
    neither the other texts of a call nor on what was asked before.
    """

    def __init__(self, folder: Path, *, name: str, prompt_set: str, threads: int = 0) -> None:
        """Load a checkpoint that `convert.prepare` made.

        Args:
            folder: what `convert.prepare` returned.
            name: what results call the model.
            prompt_set: the name of a folder in ``prompts/``.
            threads: how many threads may compute; 0 leaves it to `Runtime`.

        Raises:
            ModelError: the folder is damaged, or there is not enough memory.
        """
        self.name = name
        self._prompt_set = prompt_set
        try:
            weights = sum(file.stat().st_size for file in folder.glob(f"{GRAPH_FILE}*"))
            require_address_space(weights + _ROOM)
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._ranking = _load_head(folder / RANKING)
            self._cutting = _load_head(folder / CUTTING)
        except Exception as error:  # tokenizers raises Exception itself
            raise damaged(folder, error) from error
        self._runtime = Runtime(folder, eos_token_ids(self._tokenizer), threads=threads)
        self._prefixes: dict[str, KVCache] = {}

    def rank_sentences(self, articles: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]] | None:
        """Return how much sentences matter, as `TextModel.rank_sentences`.

        ``ranking.safetensors`` weighs what half of the layers make of a sentence: see `read_sentences`.

        Raises:
            ValueError: a sentence is longer than `max_input_tokens`.
        """
        if self._ranking is None:
            return None
        weights = self._ranking["weights"]
        bias = float(self._ranking["bias"][0])
        ranks: list[list[float]] = []
        for states in self.read_sentences(articles):
            # One by one: in a product with all of them, the last bit could depend on how many there are.
            ranks.append([float(state @ weights) + bias for state in states])
        return ranks

    def read_sentences(self, articles: Sequence[tuple[str, Sequence[str]]]) -> list[NDArray[np.float32]]:
        """Return the states that half of the layers make of sentences, sentences x 2 hidden sizes for each article.

        Of each article come the title, or "", and the sentences. A sentence has the state of its last token, and the
        mean of all (as BertSumExt has a classifier on an encoder's states: Liu and Lapata 2019, arXiv:1908.08345). An
        article that is longer than the model can take is read in parts.

        Raises:
            ValueError: a sentence is longer than `max_input_tokens`.
        """
        prompt = load_prompt(self._prompt_set, Task.SUMMARIZE)
        parts: list[_Part] = []
        for place, (title, sentences) in enumerate(articles):
            parts += self._parts_of_article(place, title, sentences)
        rows = self._rows(Task.SUMMARIZE, prompt, [part.request for part in parts])
        states_of_parts = self._runtime.read_states(rows, self._prefix(Task.SUMMARIZE, prompt))
        vectors_of_articles: list[list[NDArray[np.float32]]] = [[] for _ in articles]
        for part, states in zip(parts, states_of_parts, strict=True):
            start = self._start_of_text(prompt, part.request.title)
            bounds = accumulate(part.sizes, initial=start)
            for first, end in pairwise(bounds):
                vector = _last_and_mean(states[first:end])
                vectors_of_articles[part.article].append(vector)
        return [np.array(vectors, np.float32) for vectors in vectors_of_articles]

    def _parts_of_article(self, place: int, title: str, sentences: Sequence[str]) -> list[_Part]:
        """Cut an article into parts that the model can read, each as long as there is room for.

        Args:
            place: of the article among those that are asked about.
            title: its headline, or "".
            sentences: all of them.
        """
        # The space in front makes the first word of a sentence the token that it is within a text.
        lines = [f" {one_line(sentence)}" for sentence in sentences]
        sizes = list(map(self.count_tokens, lines))
        room = self.max_input_tokens(Task.SUMMARIZE, title)
        parts: list[_Part] = []
        for first, end in pairwise(_cut(sizes, room)):
            request = Request("".join(lines[first:end]), title)
            parts.append(_Part(place, request, sizes[first:end]))
        return parts

    @property
    def reads_english(self) -> bool:
        """Whether English words in an Indonesian source are read as what they mean: see `GuidedModel`."""
        return self._prompt_set == "adapter"

    def weigh_cuts(self, texts: Sequence[tuple[str, Sequence[str]]]) -> list[list[CutWeights]] | None:
        """Weigh what may be left out, as `TextModel.weigh_cuts`.

        ``cutting.safetensors`` weighs what half of the layers make of the words of an abstract, read with the headline:
        see `summarizer.models.embedded.cutting`.

        Raises:
            ValueError: an abstract is longer than `max_input_tokens`.
        """
        if self._cutting is None or not cutting.has_both_heads(self._cutting):
            return None
        weights_of_texts: list[list[CutWeights]] = []
        for (title, sentences), states in zip(texts, self.read_words(texts), strict=True):
            weights_of_sentences: list[CutWeights] = []
            before: list[str] = []
            for sentence in sentences:
                words = sentence.split()
                shown = cutting.describe_words(words, title, before)
                states_of_words = states[len(before) : len(before) + len(words)]
                steps = cutting.weigh_steps(self._cutting, states_of_words, shown)
                stands = cutting.foretell_standing(self._cutting, states_of_words, shown)
                weights_of_sentences.append(CutWeights(steps.astype(np.float64), stands.astype(np.float64)))
                before += words
            weights_of_texts.append(weights_of_sentences)
        return weights_of_texts

    def read_words(self, texts: Sequence[tuple[str, Sequence[str]]]) -> list[NDArray[np.float32]]:
        """Return the states that half of the layers make of the words of texts, words x 2 hidden sizes for each.

        Of a text come the title of its article, and its sentences. A word, as `str.split` makes them, has the state of
        its last token and the mean of all.

        Raises:
            ValueError: a text is longer than `max_input_tokens`.
        """
        prompt = load_prompt(self._prompt_set, Task.SUMMARIZE)
        requests: list[Request] = []
        for title, sentences in texts:
            words = " ".join(sentences).split()
            requests.append(Request(" ".join(words), title))
        rows = self._rows(Task.SUMMARIZE, prompt, requests)
        states_of_rows = self._runtime.read_states(rows, self._prefix(Task.SUMMARIZE, prompt))
        states_of_words: list[NDArray[np.float32]] = []
        for request, states in zip(requests, states_of_rows, strict=True):
            start = self._start_of_text(prompt, request.title)
            bounds = start + self._bounds_of_words(request.text)
            words_of_text = [_last_and_mean(states[first:end]) for first, end in pairwise(bounds)]
            states_of_words.append(np.array(words_of_text, np.float32))
        return states_of_words

    def _bounds_of_words(self, text: str) -> NDArray[np.int64]:
        """Return the place of the first token of each word in a text, and of the token behind the last one.

        The text has single spaces between words, and none at its ends.
        """
        offsets = self._tokenizer.encode(f" {text}", add_special_tokens=False).offsets
        ends_of_tokens = [end for _, end in offsets]
        # Each word ends where the space in front of the next one begins.
        ends_of_words = np.cumsum([len(word) + 1 for word in text.split()])
        lasts = np.searchsorted(ends_of_tokens, ends_of_words)
        return np.concatenate([[0], lasts + 1])

    def _start_of_text(self, prompt: Prompt, title: str) -> int:
        """Return how many tokens of a row stand in front of the source text."""
        _, read_anew = self._split(prompt)
        return len(read_anew) + self.count_tokens(prompt.before(title))

    def max_input_tokens(self, task: Task, title: str = "") -> int:
        """Return the longest source text for a task, in tokens; a title takes its room from the text."""
        prompt = load_prompt(self._prompt_set, task)
        return _MAX_INPUT_TOKENS[task] - self.count_tokens(prompt.before(title)) + self.count_tokens(prompt.before())

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in tokens."""
        return len(self._encode(text))

    def spell_tokens(self, text: str) -> tuple[str, ...]:
        """Return what `Generation.tokens` is for a target text that ends."""
        return self._spell(self._encode_target(text), ended=True)

    def generate(
        self, task: Task, requests: Sequence[Request], *, advance: Advance = lambda count: None
    ) -> list[Generation]:
        """Write the target text of each request, by beam search with `BEAMS` beams.

        Raises:
            ValueError: a text is longer than `max_input_tokens`.
        """
        return self._write(task, requests, BEAMS, advance, is_read_back=task is Task.TRANSLATE)

    def draft(self, task: Task, requests: Sequence[Request], beams: int) -> list[Generation]:
        """Write the target text of each request, the likeliest given its source; none is translated back.

        Raises:
            ValueError: a text is longer than `max_input_tokens`.
        """
        return self._write(task, requests, beams, is_read_back=False)

    def _write(
        self,
        task: Task,
        requests: Sequence[Request],
        beams: int,
        advance: Advance = lambda count: None,
        *,
        is_read_back: bool,
    ) -> list[Generation]:
        """Write the target text of each request.

        Args:
            task: what is asked for.
            requests: the source texts.
            beams: how many texts the search goes on with for each.
            advance: called with the number of texts that were just written.
            is_read_back: whether `_rank` puts the hypotheses in order, by what they make of the source.

        Returns:
            the best hypothesis for each request, with the others of its search.

        Raises:
            ValueError: a source text is longer than `max_input_tokens`.
        """
        prompt = load_prompt(self._prompt_set, task)
        rows = self._rows(task, prompt, requests)
        prefix = self._prefix(task, prompt)

        def write(runtime: Runtime, batch: list[int]) -> dict[int, Generation]:
            """Write the texts of some requests side by side; return each by the place of its request."""
            rows_of_batch = [rows[place] for place in batch]
            limits = [_most_new_tokens(task, len(row)) for row in rows_of_batch]
            searches = beam_search(runtime, rows_of_batch, prefix, beams=beams, max_new_tokens=limits)
            drafts: Drafts = [_usable(self._finish(continuations, prompt)) for continuations in searches]
            if is_read_back:
                requests_of_batch = [requests[place] for place in batch]
                drafts = self._rank(requests_of_batch, drafts, runtime)
            generations: dict[int, Generation] = {}
            for place, (best, *others) in zip(batch, drafts, strict=True):
                generations[place] = replace(best, others=tuple(others))
            return generations

        # The longest texts first, so that no core waits long for another at the end.
        batches = list(by_length(rows, _ROWS // beams))
        batches.reverse()
        generations_by_place: dict[int, Generation] = {}
        for generations in self._runtime.each(write, batches):
            generations_by_place |= generations
            advance(len(generations))
        return [generations_by_place[place] for place in range(len(requests))]

    def score(self, task: Task, requests: Sequence[Request], texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return how likely the model is to write given texts, one for each request, as `Generation.token_scores`.

        Raises:
            ValueError: a source text is longer than `max_input_tokens`.
        """
        prompt = load_prompt(self._prompt_set, task)
        rows = self._rows(task, prompt, requests)
        targets = list(map(self._encode_target, texts))
        return self._runtime.score(rows, targets, self._prefix(task, prompt))

    def score_sources(
        self, requests: Sequence[Request], texts: Sequence[str], runtime: Runtime | None = None
    ) -> list[tuple[float, ...]] | None:
        """Return how likely the model is to translate given translations back, as `Generation.source_scores`.

        Returns None if the model is not prompted for that direction. A runtime of the same model may be given.
        """
        try:
            prompt = load_prompt(self._prompt_set, _BACKWARDS)
        except FileNotFoundError:
            return None
        _, read_anew = self._split(prompt)
        suffix = self._encode(prompt.suffix)
        rows = [read_anew + self._encode_target(text) + suffix for text in texts]
        sources = [self._encode(f" {one_line(request.text)}") for request in requests]
        return (runtime or self._runtime).score(rows, sources, self._prefix(_BACKWARDS, prompt))

    def _rows(self, task: Task, prompt: Prompt, requests: Sequence[Request]) -> list[list[int]]:
        """Return the tokens that the model reads of each request, after those that it read once for all.

        Raises:
            ValueError: a source text is longer than `max_input_tokens`.
        """
        _, read_anew = self._split(prompt)
        suffix = self._encode(prompt.suffix)
        rows: list[list[int]] = []
        for request in requests:
            text = self._encode(f" {one_line(request.text)}")
            room = self.max_input_tokens(task, request.title)
            # The space in front may be a token of its own, which nobody has counted.
            if len(text) > room + 1:
                raise ValueError(f"a source text of {len(text)} tokens is longer than {room}")
            before = self._encode(prompt.before(request.title))
            rows.append(read_anew + before + text + suffix)
        return rows

    def _encode(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _encode_target(self, text: str) -> list[int]:
        """Return the tokens of a text as the model writes it, without one that ends it."""
        return self._encode(f" {one_line(text)}".rstrip())

    def _decode(self, tokens: Sequence[int]) -> str:
        text: str = self._tokenizer.decode(tokens, skip_special_tokens=False)
        return text

    def _prefix(self, task: str, prompt: Prompt) -> KVCache:
        """Return the cache of what stands in front of all prompts of a task."""
        if task not in self._prefixes:
            read_once, _ = self._split(prompt)
            self._prefixes[task], _ = self._runtime.prefill([[BOS, *read_once]], top_k=1)
        return self._prefixes[task]

    def _split(self, prompt: Prompt) -> tuple[list[int], list[int]]:
        """Return which of the tokens of a prompt's prefix are read once for all, and which anew for each text.

        Where a prompt is read both ways, all of them see the text behind them.
        """
        fixed = self._encode(prompt.prefix)
        return ([], fixed) if self._runtime.reads_both_ways else (fixed, [])

    def _rank(self, requests: Sequence[Request], written: Drafts, runtime: Runtime) -> Drafts:
        """Return the likeliest hypotheses of searches with what they make of the source, the best both ways first."""
        usable = [hypotheses[:_JUDGED] for hypotheses in written]
        asked: list[Request] = []
        texts: list[str] = []
        for request, hypotheses in zip(requests, usable, strict=True):
            for hypothesis in hypotheses:
                asked.append(request)
                texts.append(hypothesis.text)
        scores = self.score_sources(asked, texts, runtime)
        if scores is None:
            return usable
        ranked: list[Sequence[Generation]] = []
        start = 0
        for hypotheses in usable:
            judged: list[Generation] = []
            for number, hypothesis in enumerate(hypotheses, start):
                judged.append(replace(hypothesis, source_scores=scores[number]))
            judged.sort(key=lambda hypothesis: hypothesis.channel_score or 0, reverse=True)
            ranked.append(judged)
            start += len(hypotheses)
        return ranked

    def _finish(self, continuations: Sequence[Continuation], prompt: Prompt) -> list[Generation]:
        """Return the texts that a search wrote, without what of the template the model wrote again."""
        generations: list[Generation] = []
        for written in continuations:
            text = one_line(self._decode(written.tokens))
            for marker in prompt.markers:
                text = text.removeprefix(marker).split(f" {marker}")[0].strip()
            tokens = self._spell(written.tokens, ended=written.ended)
            generations.append(Generation(text, written.ended, written.score, written.token_scores, tokens))
        return generations

    def _spell(self, tokens: Sequence[int], *, ended: bool) -> tuple[str, ...]:
        """Return the text of each token, and "" for the one that ended them."""
        pieces = [self._decode([token]) for token in tokens]
        if ended:
            pieces.append("")
        return tuple(pieces)


def _load_head(file: Path) -> dict[str, NDArray[np.float32]] | None:
    """Return the weights of a head, which an adapter may lack."""
    return load_file(file) if file.is_file() else None


def _last_and_mean(states: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return of the states of some tokens (tokens x hidden size) the last one and the mean, one behind the other."""
    return np.concatenate([states[-1], states.mean(0)])


def _most_new_tokens(task: Task, length: int) -> int:
    """Return how many tokens are written at most for an input of so many."""
    if task is Task.TRANSLATE:
        return longest_translation(length)
    return MAX_ABSTRACT


def _usable(hypotheses: Sequence[Generation]) -> list[Generation]:
    """Return the hypotheses that say something and came to their end; the best one where none did."""
    whole = [hypothesis for hypothesis in hypotheses if hypothesis.finished and hypothesis.text]
    return whole or [hypotheses[0]]


def _cut(sizes: Sequence[int], room: int) -> list[int]:
    """Return where parts of at most some size begin, and where the last of them ends."""
    bounds = [0]
    total = 0
    for place, size in enumerate(sizes):
        is_full = total + size > room
        # There is no part in front of the first one.
        if is_full and place > 0:
            bounds.append(place)
            total = 0
        total += size
    return [*bounds, len(sizes)]
