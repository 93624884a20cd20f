"""An encoder-decoder checkpoint as a model of Ringkas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from summarizer.errors import ModelError
from summarizer.models.base import Advance, Generation, Request, Task
from summarizer.models.batching import by_length
from summarizer.models.info import Checkpoint
from summarizer.models.seq2seq.decoding import Decoder, Hypothesis, Search
from summarizer.models.seq2seq.tokens import Tokens
from summarizer.text.normalise import one_line
from summarizer.text.truecasing import restore_case

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

    def __init__(
        self, name: str, source: Checkpoint, tokens: Tokens, decoder: Decoder, *, tasks: Sequence[Task]
    ) -> None:
        """Put the parts together.

        Args:
            name: what results call the model.
            source: how the checkpoint is used: its languages, prompts and settings; ``max_input`` is more than 0.
            tokens: its tokenizer, set to the source language.
            decoder: its weights.
            tasks: what it is made for.

        Raises:
            ModelError: the tokenizer doesn't know a token that ``source`` names.
        """
        self.name, self._tasks = name, tuple(tasks)
        self._source, self._tokens, self._decoder = source, tokens, decoder
        self._first: dict[Task, int | None] = dict.fromkeys(Task)
        if source.languages:
            self._first = dict(zip(Task, map(tokens.token, source.languages), strict=True))
        # Byte-level vocabularies tell a word behind a space from the first one.
        self._space = " " if source.source_token else ""
        self._before = [*tokens.prefix, *([tokens.token(source.source_token)] if source.source_token else [])]

    @property
    def extracts(self) -> bool:
        """No: what it writes is the abstract."""
        return False

    def max_input_tokens(self, task: Task, title: str = "") -> int:  # noqa: ARG002 - it isn't read
        """Return the longest source text for a task, in tokens.

        Raises:
            ModelError: the model isn't made for the task.
        """
        self._require(task)
        room = self._source.max_input - len(self._before) - len(self._tokens.suffix)
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
            search = self._search(task, max(map(len, rows)))
            written = [best for best, *_ in self._decoder.search(rows, search)]
            if task is Task.TRANSLATE:
                scores = self._decoder.score(rows, written)
                for index, hypothesis, own in zip(batch, written, scores, strict=True):
                    results[index] = self._scored(hypothesis, own, search.first)
            else:
                for index, hypothesis in zip(batch, written, strict=True):
                    results[index] = self._finish(task, requests[index].text, hypothesis)
            advance(len(batch))
        return [results[index] for index in range(len(requests))]

    def candidates(self, task: Task, requests: Sequence[Request], count: int) -> list[list[Generation]]:
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
        return results

    def _require(self, task: Task) -> None:
        if task not in self._tasks:
            raise ModelError(f"{self.name} is not made to {task}")

    def _encode(self, task: Task, source: str) -> list[int]:
        room = self.max_input_tokens(task)
        body = self._tokens.encode(self._space + one_line(source))
        if len(body) > room:
            raise ValueError(f"a source text of {len(body)} tokens is longer than {room}")
        return self._before + body + self._tokens.suffix

    def _search(self, task: Task, longest: int) -> Search:
        """Return how to search for the target texts of a batch whose longest input has so many tokens."""
        own: dict[str, Any] = dict(self._source.generation)
        most = own.pop("max_new_tokens", _MAX_ABSTRACT)
        first = own.pop("forced_bos_token_id", None)
        if task is Task.TRANSLATE:
            # What a checkpoint says of lengths is about paragraphs; here, sentences are translated.
            own.pop("min_new_tokens", None)
            most = longest * _TRANSLATION_RATIO + _TRANSLATION_EXTRA
        return Search(
            max_new_tokens=min(most, self._source.max_input - 2),
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

    def _scored(self, written: Hypothesis, scores: Sequence[float], first: int | None) -> Generation:
        """Return a translation with the log-probabilities of its tokens."""
        tokens = [_spaced(piece) for piece in self._tokens.pieces(written.ids, target=True)]
        tokens += [""] * written.finished
        # A token that had to be written says nothing of the model's mind.
        forced = first is not None and written.ids[:1] == [first]
        kept = tuple(scores[forced:])
        return Generation(
            self._tokens.decode(written.ids),
            written.finished,
            score=sum(kept) / len(kept) if kept else None,
            token_scores=kept,
            tokens=tuple(tokens[forced:]),
        )

    def _finish(self, task: Task, source: str, hypothesis: Hypothesis) -> Generation:
        text = self._tokens.decode(hypothesis.ids)
        if self._source.loses_case and task is Task.SUMMARIZE:
            text = restore_case(text, source)
        return Generation(text, hypothesis.finished)


def _spaced(piece: str) -> str:
    """Return a piece with a space where a vocabulary of sentencepiece, or a byte-level one, has a sign for it."""
    return f" {piece[1:]}" if piece[:1] in ("▁", "Ġ") else piece
