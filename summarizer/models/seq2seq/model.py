"""An encoder-decoder checkpoint as a model of Ringkas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import ModelError, is_out_of_memory
from summarizer.models.base import Advance, Generation, Request, Task, TextModel, by_length, longest_translation
from summarizer.models.info import ModelInfo
from summarizer.models.seq2seq import checkpoint
from summarizer.models.seq2seq.checkpoint import Checkpoint
from summarizer.models.seq2seq.tokens import Tokens
from summarizer.text.normalise import one_line
from summarizer.text.truecasing import restore_case

if TYPE_CHECKING:
    from summarizer.models.seq2seq.ctranslate2_decoder import CTranslate2Decoder
    from summarizer.models.seq2seq.transformers_decoder import TransformersDecoder

# Texts that are written at a time: articles are long, and take more memory each.
_BATCH = {Task.SUMMARIZE: 4, Task.TRANSLATE: 16}
# Tokens of an abstract at most, where neither checkpoint nor catalogue says it.
_MAX_ABSTRACT = 128
# Beyond some 200 tokens, translation models begin to drop parts of a sentence.
_MAX_TRANSLATION_INPUT = 192


class Seq2SeqModel(TextModel):
    """An encoder-decoder, ready to write.

    Sources are decoded in batches sorted by length, each batch by beam search. Titles are passed over: what such
    checkpoints are told has no place for them.
    """

    def __init__(
        self,
        info: ModelInfo,
        source: Checkpoint,
        folder: Path,
        *,
        device: str = "cpu",
        threads: int | None = None,
        decoder: str = "transformers",
    ) -> None:
        """Load the checkpoint in a folder.

        Args:
            info: its name and tasks.
            source: how it is used.
            folder: where its files are.
            device: a device of torch, or of CTranslate2.
            threads: how many threads may compute; None leaves it to the decoder.
            decoder: a name in `summarizer.models.catalogue.DECODERS`.

        Raises:
            ModelError: it is damaged, or the device or the decoder can't be used here.
        """
        self.name = info.name
        self._tasks = info.tasks
        try:
            self._load(source, folder)
            self._decoder = self._load_decoder(folder, decoder, device=device, threads=threads)
            self._try_out()
        except ModelError:
            raise
        # What a damaged file says may be of any type or size, and libraries find that out at any place.
        except Exception as error:
            if is_out_of_memory(error):
                raise ModelError(f"there is not enough memory for the model in {folder}") from error
            raise ModelError(f"the model in {folder} can't be used: {one_line(str(error))[:300]}") from error

    def _load(self, source: Checkpoint, folder: Path) -> None:
        """Load the tokenizer and the settings.

        Raises:
            ModelError: a file is damaged.
            Exception: a file says what nobody has foreseen.
        """
        config = checkpoint.read_config(folder)
        checkpoint.require_no_adapter(folder)
        checkpoint.require_sizes(folder)
        self._loses_case = source.loses_case
        if source.languages:
            pairs: Sequence[Sequence[str]] = [source.languages]
        else:
            architecture = checkpoint.architectures().get(str(config.get("model_type")), {})
            pairs = architecture.get("languages", ())
        self._tokens = Tokens(folder, pairs)
        if source.languages and self._tokens.codes is None:
            raise _unknown_tokens(folder, source)
        self._before = self._tokens.prefix
        # What stands in front of each text.
        self._space = ""
        if source.source_token:
            control = self._tokens.token(source.source_token)
            if control is None:
                raise _unknown_tokens(folder, source)
            self._before = [*self._before, control]
            # Byte-level vocabularies tell a word behind a space from the first one.
            self._space = " "
        self._max_input = checkpoint.input_limit(config)
        if source.max_input:
            self._max_input = min(self._max_input, source.max_input)
        self._settings: dict[str, Any] = {**checkpoint.read_generation(folder), **source.generation}

    def _load_decoder(
        self, folder: Path, decoder: str, *, device: str, threads: int | None
    ) -> CTranslate2Decoder | TransformersDecoder:
        """Load the weights, for the tokens that `_load` has read; the arguments are those of `__init__`.

        Raises:
            ModelError: the weights are damaged, or the device or the decoder can't be used here.
            Exception: a file says what nobody has foreseen.
        """
        if decoder == "ctranslate2":
            from summarizer.models.seq2seq.ctranslate2_decoder import CTranslate2Decoder

            return CTranslate2Decoder(folder, self._tokens, device=device, threads=threads)
        from summarizer.models.seq2seq.transformers_decoder import TransformersDecoder

        loaded = TransformersDecoder(folder, device=device, threads=threads)
        self._tokens.require_known(loaded.vocabulary_size)
        return loaded

    def _try_out(self) -> None:
        """Write a token or two, so that what can't work fails now, and not with somebody's article.

        Raises:
            ModelError: the decoder can't go on.
            Exception: what a library raises at a setting or a token that can't be.
        """
        task = self._tasks[0]
        row = self._encode(task, "a")
        settings = self._search(task, len(row))
        [outputs] = self._decoder.search([row], {**settings, "min_new_tokens": 0, "max_new_tokens": 2})
        for output in outputs:
            self._finish(task, "a", output)

    def max_input_tokens(self, task: Task, title: str = "") -> int:  # noqa: ARG002 - it isn't read
        """Return the longest source text for a task, in tokens.

        Raises:
            ModelError: the model isn't made for the task.
        """
        if task not in self._tasks:
            raise ModelError(f"{self.name} is not made to {task}")
        room = self._max_input - len(self._before) - len(self._tokens.suffix)
        return min(room, _MAX_TRANSLATION_INPUT) if task is Task.TRANSLATE else room

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in tokens."""
        return len(self._tokens.encode(one_line(text)))

    def generate(
        self, task: Task, requests: Sequence[Request], *, advance: Advance = lambda count: None
    ) -> list[Generation]:
        """Write the target text of each request, without scores: a judge says how sure translations are.

        Raises:
            ModelError: the model isn't made for the task, or the decoder gives up.
            ValueError: a text is longer than `max_input_tokens`.
        """
        encoded = [self._encode(task, request.text) for request in requests]
        results: dict[int, Generation] = {}
        for batch in by_length(encoded, _BATCH[task]):
            rows = [encoded[index] for index in batch]
            longest = max(map(len, rows))
            hypotheses = self._decoder.search(rows, self._search(task, longest))
            for index, outputs in zip(batch, hypotheses, strict=True):
                best, *others = [self._finish(task, requests[index].text, output) for output in outputs]
                results[index] = replace(best, others=tuple(others))
            advance(len(batch))
        return [results[index] for index in range(len(requests))]

    def _encode(self, task: Task, source: str) -> list[int]:
        """Return the tokens that the model reads of a source text.

        Raises:
            ValueError: the text is longer than `max_input_tokens`.
        """
        room = self.max_input_tokens(task)
        body = self._tokens.encode(self._space + one_line(source))
        if len(body) > room:
            raise ValueError(f"a source text of {len(body)} tokens is longer than {room}")
        return self._before + body + self._tokens.suffix

    def _search(self, task: Task, longest: int) -> dict[str, Any]:
        """Return how to search for the target texts of a batch whose longest input has so many tokens."""
        settings = {"max_new_tokens": _MAX_ABSTRACT, **self._settings}
        if task is Task.TRANSLATE:
            # What a checkpoint says of lengths is about paragraphs; here, sentences are translated.
            settings |= {"min_new_tokens": 0, "max_new_tokens": longest_translation(longest)}
        # A decoder has as many positions as the encoder, and two go to the tokens that begin and end a text.
        settings["max_new_tokens"] = min(settings["max_new_tokens"], self._max_input - 2)
        if self._tokens.codes:
            source_language, target_language = self._tokens.codes
            language = target_language if task is Task.TRANSLATE else source_language
            settings["forced_bos_token_id"] = language
        return settings

    def _finish(self, task: Task, source: str, output: list[int]) -> Generation:
        """Return what an output of the decoder says; ``source`` is the text that it was written for."""
        text = self._tokens.decode(output)
        if self._loses_case and task is Task.SUMMARIZE:
            text = restore_case(text, source)
        return Generation(text, finished=output[-1:] == [self._tokens.end])


def _unknown_tokens(folder: Path, source: Checkpoint) -> ModelError:
    wanted = source.source_token or " and ".join(source.languages)
    return ModelError(f"the tokenizer in {folder} doesn't know {wanted}")
