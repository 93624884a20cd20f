"""Gemma 3 as a prefix language model: a fixed prompt, a source text, and the model writes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from summarizer.models.adapter_files import CUTTING, RANKING
from summarizer.models.allocation import require_address_space
from summarizer.models.base import Advance, Generation, Request, Task, by_length
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
# They bring translations 2.8 chrF (first 200 lines of FLORES-200 dev).
BEAMS = 4
MAX_ABSTRACT = 160
# English needs fewer tokens than Indonesian here; what is twice as long has gone astray.
_TRANSLATION_RATIO = 2
_TRANSLATION_EXTRA = 24
# What a model is prompted with to judge translations, and how many hypotheses it judges: see training/NOTES.md.
_BACKWARDS = "translate_en_id"
_JUDGED = 3
# What Python and its libraries take beside the weights, in bytes of address space.
_ROOM = 300 << 20


class EmbeddedModel:
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
            require_address_space(sum(file.stat().st_size for file in folder.glob(f"{GRAPH_FILE}*")) + _ROOM)
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # tokenizers raises Exception itself
            raise damaged(folder, error) from error
        ranking = folder / RANKING
        self._ranking = load_file(ranking) if ranking.is_file() else None
        cuts = folder / CUTTING
        self._cutting = load_file(cuts) if cuts.is_file() else None
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
        parts = []
        for place, (title, sentences) in enumerate(articles):
            lines = [f" {one_line(sentence)}" for sentence in sentences]
            sizes = [self.count_tokens(line) for line in lines]
            room = self.max_input_tokens(Task.SUMMARIZE, title)
            for first, end in pairwise(_cut(sizes, room)):
                parts.append((place, Request("".join(lines[first:end]), title), sizes[first:end]))
        rows = self._rows(Task.SUMMARIZE, prompt, [request for _, request, _ in parts])
        read = self._runtime.read_states(rows, self._prefix(Task.SUMMARIZE, prompt))
        vectors: list[list[NDArray[np.float32]]] = [[] for _ in articles]
        for (place, request, sizes), states in zip(parts, read, strict=True):
            start = len(self._split(prompt)[1]) + self.count_tokens(prompt.before(request.title))
            for first, end in pairwise(accumulate(sizes, initial=start)):
                vectors[place].append(np.concatenate([states[end - 1], states[first:end].mean(0)]))
        return [np.array(sentences, np.float32) for sentences in vectors]

    @property
    def reads_english(self) -> bool:
        """Whether English words in an Indonesian source are read as what they mean: see `GuidedModel`."""
        return self._prompt_set == "adapter"

    def weigh_cuts(self, texts: Sequence[tuple[str, Sequence[str]]]) -> list[list[NDArray[np.float64]]] | None:
        """Return what it is worth to leave words out, as `TextModel.weigh_cuts`.

        ``cutting.safetensors`` weighs what half of the layers make of the words of an abstract, read with the headline:
        see `summarizer.models.embedded.cutting`.

        Raises:
            ValueError: an abstract is longer than `max_input_tokens`.
        """
        if self._cutting is None:
            return None
        weighed: list[list[NDArray[np.float64]]] = []
        for (title, sentences), states in zip(texts, self.read_words(texts), strict=True):
            weighed.append([])
            words: list[str] = []
            for sentence in sentences:
                own = sentence.split()
                read = states[len(words) : len(words) + len(own)]
                shown = cutting.describe_words(own, title, words)
                weighed[-1].append(cutting.weigh_steps(self._cutting, read, shown).astype(np.float64))
                words += own
        return weighed

    def read_words(self, texts: Sequence[tuple[str, Sequence[str]]]) -> list[NDArray[np.float32]]:
        """Return the states that half of the layers make of the words of texts, words x 2 hidden sizes for each.

        Of a text come the title of its article, and its sentences. A word, as `str.split` makes them, has the state of
        its last token and the mean of all.
        """
        prompt = load_prompt(self._prompt_set, Task.SUMMARIZE)
        requests = [Request(" ".join(" ".join(sentences).split()), title) for title, sentences in texts]
        rows = self._rows(Task.SUMMARIZE, prompt, requests)
        found = []
        read = self._runtime.read_states(rows, self._prefix(Task.SUMMARIZE, prompt))
        for request, states in zip(requests, read, strict=True):
            start = len(self._split(prompt)[1]) + self.count_tokens(prompt.before(request.title))
            # Each word ends where the space in front of the next one begins.
            ends = np.cumsum([len(word) + 1 for word in request.text.split()])
            offsets = self._tokenizer.encode(f" {request.text}", add_special_tokens=False).offsets
            lasts = np.searchsorted([end for _, end in offsets], ends)
            firsts = np.concatenate([[0], lasts[:-1] + 1])
            own = states[start : start + len(offsets)]
            words = [
                np.concatenate([own[last], own[first : last + 1].mean(0)])
                for first, last in zip(firsts, lasts, strict=True)
            ]
            found.append(np.array(words, np.float32))
        return found

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
        self,
        task: Task,
        requests: Sequence[Request],
        *,
        advance: Advance = lambda count: None,
        beams: int | None = None,
    ) -> list[Generation]:
        """Write the target text of each request, by beam search with `BEAMS` beams, or as many as are given.

        Raises:
            ValueError: a text is longer than `max_input_tokens`.
        """
        beams = beams or BEAMS
        prompt = load_prompt(self._prompt_set, task)
        rows = self._rows(task, prompt, requests)
        prefix = self._prefix(task, prompt)
        results: dict[int, Generation] = {}

        def write(runtime: Runtime, batch: list[int]) -> dict[int, Generation]:
            bodies = [rows[index] for index in batch]
            limits = [_most_new_tokens(task, len(body)) for body in bodies]
            searches = beam_search(runtime, bodies, prefix, beams=beams, max_new_tokens=limits)
            written = [[self._finish(text, prompt) for text in hypotheses] for hypotheses in searches]
            if task is Task.TRANSLATE:
                written = self._rank([requests[index] for index in batch], written, runtime)
            generations = {}
            for index, (best, *others) in zip(batch, written, strict=True):
                generations[index] = replace(best, others=tuple(others))
            return generations

        # The longest texts first, so that no core waits long for another at the end.
        batches = list(by_length(rows, _ROWS // beams))
        batches.reverse()
        for generations in self._runtime.each(write, batches):
            results |= generations
            advance(len(generations))
        return [results[index] for index in range(len(requests))]

    def score(self, task: Task, requests: Sequence[Request], texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return how likely the model is to write given texts, one for each request, as `Generation.token_scores`."""
        prompt = load_prompt(self._prompt_set, task)
        rows = self._rows(task, prompt, requests)
        return self._runtime.score(rows, [self._encode_target(text) for text in texts], self._prefix(task, prompt))

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
        first = self._split(prompt)[1]
        last = self._encode(prompt.suffix)
        rows = [first + self._encode_target(text) + last for text in texts]
        sources = [self._encode(f" {one_line(request.text)}") for request in requests]
        return (runtime or self._runtime).score(rows, sources, self._prefix(_BACKWARDS, prompt))

    def _rows(self, task: Task, prompt: Prompt, requests: Sequence[Request]) -> list[list[int]]:
        """Return what the model reads of each request, after the prompt's prefix; raise `ValueError` for a long one."""
        rows = []
        first = self._split(prompt)[1]
        for request in requests:
            text = self._encode(f" {one_line(request.text)}")
            room = self.max_input_tokens(task, request.title)
            if len(text) > room + 1:
                raise ValueError(f"a source text of {len(text)} tokens is longer than {room}")
            rows.append(first + self._encode(prompt.before(request.title)) + text + self._encode(prompt.suffix))
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
            self._prefixes[task], _ = self._runtime.prefill([[BOS, *self._split(prompt)[0]]], top_k=1)
        return self._prefixes[task]

    def _split(self, prompt: Prompt) -> tuple[list[int], list[int]]:
        """Return which of a prompt's first tokens are read once for all, and which anew, as they see what follows."""
        fixed = self._encode(prompt.prefix)
        return ([], fixed) if self._runtime.reads_both_ways else (fixed, [])

    def _rank(
        self, requests: Sequence[Request], written: Sequence[Sequence[Generation]], runtime: Runtime
    ) -> list[list[Generation]]:
        """Return the likeliest hypotheses of searches with what they make of the source, the best both ways first."""
        usable = [_usable(hypotheses)[:_JUDGED] for hypotheses in written]
        asked: list[Request] = []
        texts: list[str] = []
        for request, hypotheses in zip(requests, usable, strict=True):
            for hypothesis in hypotheses:
                asked.append(request)
                texts.append(hypothesis.text)
        scores = self.score_sources(asked, texts, runtime)
        if scores is None:
            return usable
        ranked = []
        start = 0
        for hypotheses in usable:
            end = start + len(hypotheses)
            judged = [
                replace(hypothesis, source_scores=source_scores)
                for hypothesis, source_scores in zip(hypotheses, scores[start:end], strict=True)
            ]
            ranked.append(sorted(judged, key=lambda hypothesis: -(hypothesis.channel_score or 0)))
            start = end
        return ranked

    def _finish(self, written: Continuation, prompt: Prompt) -> Generation:
        text = one_line(self._decode(written.tokens))
        for marker in prompt.markers:
            text = text.removeprefix(marker).split(f" {marker}")[0].strip()
        tokens = self._spell(written.tokens, ended=written.ended)
        return Generation(text, written.ended, written.score, written.token_scores, tokens)

    def _spell(self, tokens: Sequence[int], *, ended: bool) -> tuple[str, ...]:
        pieces = [self._decode([token]) for token in tokens]
        if ended:
            pieces.append("")
        return tuple(pieces)


def _most_new_tokens(task: Task, length: int) -> int:
    """Return how many tokens are written at most for an input of so many."""
    if task is Task.TRANSLATE:
        return length * _TRANSLATION_RATIO + _TRANSLATION_EXTRA
    return MAX_ABSTRACT


def _usable(hypotheses: Sequence[Generation]) -> list[Generation]:
    """Return the hypotheses that say something and came to their end; the best one where none did."""
    whole = [hypothesis for hypothesis in hypotheses if hypothesis.finished and hypothesis.text]
    return whole or [hypotheses[0]]


def _cut(sizes: Sequence[int], room: int) -> list[int]:
    """Return where parts of at most some size begin, and where the last of them ends."""
    bounds = [0]
    held = 0
    for place, size in enumerate(sizes):
        if held + size > room and place:
            bounds.append(place)
            held = 0
        held += size
    return [*bounds, len(sizes)]
