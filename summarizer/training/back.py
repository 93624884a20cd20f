"""Put English sentences into Indonesian with the embedded model: text to learn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from summarizer.models.batching import by_length
from summarizer.models.embedded.beam_search import beam_search
from summarizer.models.embedded.runtime import Runtime
from summarizer.models.embedded.tokenizer import BOS, eos_token_ids
from summarizer.text.normalise import one_line
from summarizer.training.adapter import load_tokenizer
from summarizer.training.guided import BackTranslation, Guided
from summarizer.training.templates import make_example

_ROWS = 64
# What is longer than its source by more has gone astray.
_RATIO, _EXTRA = 1.6, 16


class BackTranslator:
    """The embedded model with an adapter that was trained in both directions."""

    def __init__(self, checkpoint: Path, threads: int = 0) -> None:
        """Load the model.

        Args:
            checkpoint: folder of the converted model.
            threads: how many threads may compute; 0 for one on each core.

        Raises:
            ModelError: the checkpoint is damaged.
        """
        self._tokenizer = load_tokenizer(checkpoint)
        self._runtime = Runtime(checkpoint, eos_token_ids(self._tokenizer), threads=threads)

    def write(self, sentences: Sequence[Guided]) -> Iterator[list[BackTranslation]]:
        """Yield the back-translations of some sentences, a batch at a time, the shortest first. Decoding is greedy."""
        rows = [[BOS, *self._encode(make_example("translate_en_id", item.mixed).prompt)] for item in sentences]
        for batch in by_length(rows, _ROWS):
            own = [rows[place] for place in batch]
            limits = [int(len(row) * _RATIO) + _EXTRA for row in own]
            found = beam_search(self._runtime, own, beams=1, max_new_tokens=limits)
            yield [
                BackTranslation(
                    sentences[place],
                    one_line(self._tokenizer.decode(written.tokens)) if written.ended else "",
                    written.score,
                )
                for place, (written, *_) in zip(batch, found, strict=True)
            ]

    def _encode(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids
