"""A Firefox translation model as a model of Ringkas."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from summarizer.errors import ModelError
from summarizer.models.base import Advance, Generation, Request, Task
from summarizer.models.firefox.files import ModelFiles, require_engine
from summarizer.text.normalise import one_line

MAX_INPUT = 128
"""Longest sentence in tokens; the engine cuts off what is longer without a word. It is the ``max-length-break`` of the
configuration that Firefox's own translator runs these models with."""

_SHORTLIST_MAGIC = 0xF11A48D5013417F5
_SHORTLIST_HEADER = struct.Struct("<6Q")
"""Magic number, checksum, two settings, and the lengths of the two arrays behind it, of 8 and of 4 bytes per entry
(``src/data/shortlist.h`` of marian-dev)."""


class FirefoxModel:
    """A translator that writes one translation of a sentence, greedily, and no others to choose from."""

    def __init__(self, name: str, files: ModelFiles) -> None:
        """Load it.

        Args:
            name: what results call the model.
            files: its files.

        Raises:
            ModelError: fxtranslate isn't installed, or a file is damaged.
        """
        require_engine()
        from fxtranslate import Translator
        from sentencepiece import SentencePieceProcessor

        self.name = name
        self._folder = files.model.parent
        with _explained(self._folder):
            # The engine itself takes any bytes for a vocabulary or a shortlist.
            SentencePieceProcessor(model_file=str(files.target_vocabulary))
            self._tokenizer = SentencePieceProcessor(model_file=str(files.source_vocabulary))
            self._translator = Translator(
                files.model.read_bytes(),
                files.source_vocabulary.read_bytes(),
                files.target_vocabulary.read_bytes(),
                _read_shortlist(files.shortlist) if files.shortlist else None,
            )

    @property
    def extracts(self) -> bool:
        """No: what it writes is the abstract."""
        return False

    def max_input_tokens(self, task: Task, title: str = "") -> int:  # noqa: ARG002 - it isn't read
        """Return the longest sentence in tokens.

        Raises:
            ModelError: the task isn't translation.
        """
        if task is not Task.TRANSLATE:
            raise ModelError(f"{self.name} is not made to {task}")
        return MAX_INPUT

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in tokens."""
        return len(self._tokenizer.encode(one_line(text)))

    def generate(
        self, task: Task, requests: Sequence[Request], *, advance: Advance = lambda count: None
    ) -> list[Generation]:
        """Translate each request's text.

        Raises:
            ValueError: a text is longer than `max_input_tokens`.
            ModelError: the task isn't translation.
        """
        room = self.max_input_tokens(task)
        results = []
        for request in requests:
            if (length := self.count_tokens(request.text)) > room:
                raise ValueError(f"a source text of {length} tokens is longer than {room}")
            text = one_line(request.text)
            with _explained(self._folder):
                english = self._translator.translate(text) if text else ""
            # The engine doesn't tell whether it came to an end; what it leaves out, the checks have to find.
            results.append(Generation(one_line(english), finished=True))
            advance(1)
        return results

    def candidates(
        self,
        task: Task,
        requests: Sequence[Request],
        count: int,  # noqa: ARG002
    ) -> list[list[Generation]]:
        """Return no candidates: the engine writes one translation only.

        Raises:
            ModelError: the task isn't translation.
        """
        self.max_input_tokens(task)
        return [[] for _ in requests]


def _read_shortlist(file: Path) -> bytes:
    content = file.read_bytes()
    if len(content) < _SHORTLIST_HEADER.size:
        raise ValueError(f"{file.name} is too short")
    magic, *_, offsets, words = _SHORTLIST_HEADER.unpack_from(content)
    if magic != _SHORTLIST_MAGIC or len(content) < _SHORTLIST_HEADER.size + 8 * offsets + 4 * words:
        raise ValueError(f"{file.name} is not a complete shortlist")
    return content


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what a damaged file leads to into one line."""
    try:
        yield
    except BaseException as error:
        # A panic of the engine's Rust code is no Exception, and its class has no public name.
        if not isinstance(error, OSError | RuntimeError | ValueError) and type(error).__name__ != "PanicException":
            raise
        raise ModelError(f"the model in {folder} is damaged; fetch it again: {one_line(str(error))[:200]}") from error
