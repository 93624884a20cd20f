"""Firefox's translator as a model: fxtranslate, in a thread of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from summarizer.errors import ModelError
from summarizer.models.base import Advance, Generation, Request, Task, TextModel
from summarizer.models.firefox.model_files import ModelFiles, find_files, require_engine
from summarizer.text.normalise import one_line

MAX_INPUT = 127
"""Longest sentence in tokens. It is the ``max-length-break`` that Firefox runs these models with, 128, less the mark of
the end (``wrap`` in ``text_processor.cpp`` of mozilla/translations): Firefox cuts longer ones there. fxtranslate
doesn't, but writes no more for them than for this one."""

_thread = threading.local()


def max_output_tokens(length: int) -> int:
    """Return how many tokens the engine writes at most for a sentence of a number of tokens.

    It is ``max_len`` in fxtranslate's ``engine.rs``, where the mark of the end counts as a token of the sentence.
    """
    return min(2 * (length + 1) + 4, 256)


class _Engine:
    """A translator in a thread of its own, which all others ask, one sentence after the other.

    fxtranslate's `Translator` is bound to the thread that made it: in any other it panics, also when it is let go. So
    it is kept where only its own thread finds it; the thread ends, and the translator with it, when this is let go.
    """

    def __init__(self, files: ModelFiles) -> None:
        self._files = files
        self._start()

    def _start(self) -> None:
        self._process = os.getpid()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="firefox")
        self._executor.submit(_load, self._files).result()

    def translate(self, text: str) -> str:
        """Return the translation of one sentence. Any thread may call it, also of a process that was forked."""
        if self._process != os.getpid():
            # A fork has no other thread than the one that forked: nobody would ever answer.
            self._start()
        return self._executor.submit(_translate, text).result()


def _load(files: ModelFiles) -> None:
    from fxtranslate import Translator

    _thread.translator = Translator(
        files.weights.read_bytes(), files.source_vocabulary.read_bytes(), files.target_vocabulary.read_bytes()
    )


def _translate(text: str) -> str:
    english: str = _thread.translator.translate(text)
    return english


class FirefoxModel(TextModel):
    """A translator that writes one translation of a sentence, greedily: no other to choose from, and no scores."""

    def __init__(self, name: str, folder: Path) -> None:
        """Load the model in a folder.

        Raises:
            ModelError: fxtranslate is missing, or a file is missing or damaged.
        """
        require_engine()
        from sentencepiece import SentencePieceProcessor

        self.name = name
        self._folder = folder
        files = find_files(folder)
        with _explained(folder):
            # The engine itself takes any bytes for a vocabulary.
            self._source = SentencePieceProcessor(model_file=str(files.source_vocabulary))
            self._target = SentencePieceProcessor(model_file=str(files.target_vocabulary))
            self._engine = _Engine(files)

    def max_input_tokens(self, task: Task, title: str = "") -> int:  # noqa: ARG002 - it isn't read
        """Return the longest sentence in tokens.

        Raises:
            ModelError: the task is another one than translation.
        """
        if task is not Task.TRANSLATE:
            raise ModelError(f"{self.name} is not made to {task}")
        return MAX_INPUT

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in tokens."""
        return len(self._source.encode(one_line(text)))

    def generate(
        self, task: Task, requests: Sequence[Request], *, advance: Advance = lambda count: None
    ) -> list[Generation]:
        """Translate each request's text. Any thread may call it, also while another does.

        Raises:
            ModelError: the task is another one, or the engine finds the model damaged.
            ValueError: a text is longer than `max_input_tokens`.
        """
        room = self.max_input_tokens(task)
        results = []
        for request in requests:
            length = self.count_tokens(request.text)
            if length > room:
                raise ValueError(f"a source text of {length} tokens is longer than {room}")
            results.append(self._translate(one_line(request.text), length))
            advance(1)
        return results

    def _translate(self, text: str, length: int) -> Generation:
        """Translate a line of so many tokens; an empty one is not for the engine."""
        if not text:
            return Generation("", finished=True)
        with _explained(self._folder):
            english = one_line(self._engine.translate(text))
        # The engine doesn't tell whether it came to an end, but one that was cut off has all the tokens that it may.
        is_finished = len(self._target.encode(english)) < max_output_tokens(length)
        return Generation(english, finished=is_finished)


def tells_of_damage(error: BaseException) -> bool:
    """Tell whether an error of the engine is one that a damaged model leads to."""
    # A panic of the engine's Rust code is no Exception, and its class has no public name.
    return isinstance(error, OSError | RuntimeError | ValueError) or type(error).__name__ == "PanicException"


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what a damaged file leads to into one line.

    Raises:
        ModelError: in place of an error that a damaged file leads to; others pass.
    """
    try:
        yield
    except BaseException as error:
        if not tells_of_damage(error):
            raise
        raise ModelError(f"the model in {folder} is damaged; fetch it again: {one_line(str(error))[:200]}") from error
