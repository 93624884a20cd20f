"""An encoder-decoder checkpoint as a model of Ringkas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from summarizer.errors import ModelError
from summarizer.models.base import Advance, Generation, Request, Task
from summarizer.models.batching import by_length
from summarizer.models.prompts import load_prompt
from summarizer.models.seq2seq.decoding import Decoder, Hypothesis, Search
from summarizer.models.seq2seq.tokens import Tokens
from summarizer.text.normalise import one_line
from summarizer.text.truecasing import restore_case

if TYPE_CHECKING:
    from summarizer.models.catalogue import ModelInfo

_BATCH = {Task.SUMMARIZE: 4, Task.TRANSLATE: 16}
_MAX_ABSTRACT = 128
# A translation more than twice as long as its source has gone astray.
_TRANSLATION_RATIO, _TRANSLATION_EXTRA = 2, 24
# Beyond some 200 tokens, translation models begin to drop parts of a sentence.
_MAX_TRANSLATION_INPUT = 192


class Seq2SeqModel:
    """An encoder-decoder, ready to write.

    Sources are decoded in batches sorted by length, each batch by beam search. Titles and the length that is asked for
    are passed over: what such checkpoints are told has no place for them.
    """

    def __init__(self, info: ModelInfo, tokens: Tokens, decoder: Decoder, *, limit: int) -> None:
        """Put the parts together.

        Args:
            info: what is known of the checkpoint: its tasks, languages, prompts and settings.
            tokens: its tokenizer, set to the source language.
            decoder: its weights.
            limit: the longest input in tokens, special tokens included.

        Raises:
            ModelError: the tokenizer doesn't know a token that ``info`` names.
        """
        self._info, self._tokens, self._decoder = info, tokens, decoder
        self._limit = limit
        self._first: dict[Task, int | None] = dict.fromkeys(Task)
        if info.languages:
            source, target = info.languages
            self._first = {Task.SUMMARIZE: tokens.token(source), Task.TRANSLATE: tokens.token(target)}
        if info.first_token:
            self._first = dict.fromkeys(Task, tokens.token(info.first_token))
        self._before, self._behind = {}, {}
        for task in Task:
            before, behind = self._frame(task)
            self._before[task], self._behind[task] = [*tokens.prefix, *before], [*behind, *tokens.suffix]

    @property
    def name(self) -> str:
        """Name of the model in results."""
        return self._info.name

    def max_input_tokens(self, task: Task, title: str = "") -> int:  # noqa: ARG002 - it isn't read
        """Return the longest source text for a task, in tokens.

        Raises:
            ModelError: the model isn't made for the task.
        """
        self._require(task)
        room = self._limit - len(self._before[task]) - len(self._behind[task])
        return min(room, _MAX_TRANSLATION_INPUT) if task is Task.TRANSLATE else room

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in tokens."""
        return len(self._tokens.encode(one_line(text)))

    def generate(
        self, task: Task, requests: Sequence[Request], *, advance: Advance = lambda count: None
    ) -> list[Generation]:
        """Write the target text of each request.

        Raises:
            ValueError: a source text is longer than `max_input_tokens`.
            ModelError: the model isn't made for the task.
        """
        encoded = [self._encode(task, request.text) for request in requests]
        results: dict[int, Generation] = {}
        for batch in by_length(encoded, _BATCH[task]):
            rows = [encoded[index] for index in batch]
            written = self._decoder.search(rows, self._search(task, max(map(len, rows))))
            for index, (best, *_) in zip(batch, written, strict=True):
                results[index] = self._finish(task, requests[index].text, best)
            advance(len(batch))
        return [results[index] for index in range(len(requests))]

    def candidates(
        self, task: Task, requests: Sequence[Request], count: int, *, advance: Advance = lambda count: None
    ) -> list[list[Generation]]:
        """Write ``count`` other target texts of each request: the hypotheses of a wider beam.

        Raises:
            ValueError: a source text is longer than `max_input_tokens`.
            ModelError: the model isn't made for the task.
        """
        if count < 1:
            return [[] for _ in requests]
        results = []
        for request in requests:
            row = self._encode(task, request.text)
            usual = self._search(task, len(row))
            search = replace(
                usual,
                num_beams=max(usual.num_beams, 2 * count),
                count=count,
                # What loops in a narrow beam loops in a wide one, too.
                no_repeat_ngram_size=usual.no_repeat_ngram_size or 4,
                forbidden=tuple(words for string in request.forbidden for words in self._spellings(string)),
            )
            [written] = self._decoder.search([row], search)
            results.append([self._finish(task, request.text, hypothesis) for hypothesis in written])
            advance(1)
        return results

    def _require(self, task: Task) -> None:
        if task not in self._info.tasks:
            raise ModelError(f"{self.name} is not made to {task}")

    def _frame(self, task: Task) -> tuple[list[int], list[int]]:
        """Return what an instruction puts in front of a source text and behind it."""
        before, behind = self._info.source_prefix, ""
        if self._info.prompts:
            prompt = load_prompt(self._info.prompts, task)
            before, behind = prompt.prefix + prompt.before(), prompt.behind()
        token = [self._tokens.token(self._info.source_token)] if self._info.source_token else []
        return token + self._tokens.encode(before), self._tokens.encode(behind)

    def _encode(self, task: Task, source: str) -> list[int]:
        room = self.max_input_tokens(task)
        # Byte-level vocabularies tell a word behind a space from the first one.
        space = " " if len(self._before[task]) > len(self._tokens.prefix) else ""
        body = self._tokens.encode(space + one_line(source))
        if len(body) > room:
            raise ValueError(f"a source text of {len(body)} tokens is longer than {room}")
        return self._before[task] + body + self._behind[task]

    def _search(self, task: Task, longest: int) -> Search:
        """Return how to search for the target texts of a batch whose longest input has so many tokens."""
        own: dict[str, Any] = dict(self._info.generation)
        most = own.pop("max_new_tokens", _MAX_ABSTRACT)
        first = own.pop("forced_bos_token_id", None)
        if task is Task.TRANSLATE:
            # What a checkpoint says of lengths is about paragraphs; here, sentences are translated.
            own.pop("min_new_tokens", None)
            most = longest * _TRANSLATION_RATIO + _TRANSLATION_EXTRA
        return Search(
            max_new_tokens=min(most, self._limit - 2),
            first=first if self._first[task] is None else self._first[task],
            **own,
        )

    def _spellings(self, string: str) -> list[tuple[int, ...]]:
        """Return the tokens that a string is written in behind a space, and behind a bracket or a quotation mark."""
        spaced = self._tokens.encode(f" {one_line(string)}", target=True)
        opened = self._tokens.encode("(", target=True)
        glued = self._tokens.encode(f"({one_line(string)}", target=True)
        found = [spaced] + ([glued[len(opened) :]] if glued[: len(opened)] == opened else [])
        return list(dict.fromkeys(tuple(words) for words in found if words))

    def _finish(self, task: Task, source: str, hypothesis: Hypothesis) -> Generation:
        text = self._tokens.decode(hypothesis.ids)
        if self._info.loses_case and task is Task.SUMMARIZE:
            text = restore_case(text, source)
        return Generation(text, hypothesis.finished)
