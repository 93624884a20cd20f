"""Gemma 3 as a prefix language model: a fixed prompt, a source text, and the model writes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.models.base import Advance, Generation, Request, Task
from summarizer.models.batching import by_length
from summarizer.models.embedded.vocabulary import BOS, EOS
from summarizer.models.prompts import Prompt, load_prompt
from summarizer.storage.cache import damaged
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    from summarizer.models.embedded.decoding import Written
    from summarizer.models.embedded.network import Memory
    from summarizer.models.embedded.sampling import Sampler

_CAPACITY = {Task.SUMMARIZE: 1536, Task.TRANSLATE: 192}
# Rows written at a time, all beams and candidates: the more, the faster, but for memory and for the shorter ones.
_ROWS = 32
# Four beams bring translations 2.8 chrF (first 200 lines of FLORES-200 dev), abstracts 0.3 to 1.8 ROUGE-L (first 50
# articles of detik and IndoSum, dev).
BEAMS = {Task.SUMMARIZE: 4, Task.TRANSLATE: 4}
MAX_ABSTRACT = 160
# English needs fewer tokens than Indonesian here; what is twice as long has gone astray.
_TRANSLATION_RATIO, _TRANSLATION_EXTRA = 2, 24
_TEMPERATURE, _TOP_P, _SEED = 0.5, 0.9, 20


class EmbeddedModel:
    """The converted Gemma checkpoint, ready to write.

    Each task's fixed prompt is read once, when the task is first asked for. Results
    depend on the texts of a call alone, not on what was asked before; the neighbours in a batch can tip the balance
    between two tokens that are almost equally likely, in 8 bits sooner than in float32.
    """

    def __init__(self, folder: Path, *, name: str, prompts: str, threads: int = 0, exact: bool = False) -> None:
        """Load a checkpoint that `convert.prepare` made.

        Args:
            folder: the checkpoint's folder.
            name: what results call the model.
            prompts: how it is prompted: the name of a folder in ``prompts/``.
            threads: how many threads may compute; 0 for one on each core that the process may use.
            exact: compute in float32, to compare with: slower, and with several times the memory.

        Raises:
            ModelError: the folder is damaged.
        """
        from tokenizers import Tokenizer

        from summarizer.models.embedded.network import Network

        self._name, self._style = name, prompts
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # tokenizers raises Exception itself
            raise damaged(folder, error) from error
        ends = [EOS] + [token for text, token in self._tokenizer.get_vocab().items() if "\n" in text]
        graph = None
        if exact:
            from summarizer.models.embedded.convert import float32_graph

            graph = float32_graph(folder)
        self._network = Network(folder, ends, graph=graph, threads=threads)
        self._prefixes: dict[Task, Memory] = {}

    @property
    def name(self) -> str:
        """Name of the model in results."""
        return self._name

    def max_input_tokens(self, task: Task, title: str = "") -> int:
        """Return the longest source text for a task, in tokens; a title takes its room from the text."""
        prompt = load_prompt(self._style, task)
        taken = self.count_tokens(prompt.before(title)) - self.count_tokens(prompt.before())
        return _CAPACITY[task] - taken

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in tokens."""
        return len(self._encode(text))

    def generate(
        self, task: Task, requests: Sequence[Request], *, advance: Advance = lambda count: None
    ) -> list[Generation]:
        """Write the target text of each request, by beam search.

        Raises:
            ValueError: a source text is longer than `max_input_tokens`.
        """
        return [written for [written] in self._write(task, requests, None, advance)]

    def candidates(
        self, task: Task, requests: Sequence[Request], count: int, *, advance: Advance = lambda count: None
    ) -> list[list[Generation]]:
        """Write ``count`` other target texts of each request, by nucleus sampling with a fixed seed.

        Raises:
            ValueError: a source text is longer than `max_input_tokens`.
        """
        if count < 1:
            return [[] for _ in requests]
        return self._write(task, requests, count, advance)

    def _write(
        self, task: Task, requests: Sequence[Request], count: int | None, advance: Advance
    ) -> list[list[Generation]]:
        """Write ``count`` samples of each request, or the likeliest text alone if that is None."""
        from summarizer.models.embedded import decoding
        from summarizer.models.embedded.sampling import LIKELIEST

        prompt = load_prompt(self._style, task)
        rows = self._rows(task, prompt, requests)
        beams = BEAMS[task]
        size = max(1, _ROWS // (count or beams))
        wanted = LIKELIEST if count else decoding.likeliest(beams, self._network)
        results: dict[int, list[Generation]] = {}
        for batch in by_length(rows, size):
            bodies = [rows[index] for index in batch]
            most = [self._most(task, body) for body in bodies]
            memory, choice = self._network.read(bodies, self._prefix(task, prompt), most=wanted)
            written: Iterable[Sequence[Written]]
            if count:
                samplers = [self._samplers(requests[index].forbidden, count) for index in batch]
                written = decoding.write_samples(self._network, memory, choice, samplers, most=most)
            else:
                best = decoding.write_by_beams(self._network, memory, choice, beams=beams, most=most)
                written = ([text] for text in best)
            for index, texts in zip(batch, written, strict=True):
                results[index] = [self._finish(tokens, ended, prompt) for tokens, ended in texts]
            advance(len(batch))
        return [results[index] for index in range(len(requests))]

    def _rows(self, task: Task, prompt: Prompt, requests: Sequence[Request]) -> list[list[int]]:
        """Return what the model reads of each request, behind the prompt's prefix."""
        rows = []
        untitled = len(self._encode(prompt.before()))
        for request in requests:
            text, before = self._encode(f" {one_line(request.text)}"), self._encode(prompt.before(request.title))
            room = _CAPACITY[task] - (len(before) - untitled)
            if len(text) > room + 1:
                raise ValueError(f"a source text of {len(text)} tokens is longer than {room}")
            rows.append(before + text + self._encode(prompt.behind(request.length)))
        return rows

    def _encode(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _prefix(self, task: Task, prompt: Prompt) -> Memory:
        if task not in self._prefixes:
            self._prefixes[task], _ = self._network.read([[BOS, *self._encode(prompt.prefix)]], most=1)
        return self._prefixes[task]

    def _samplers(self, forbidden: Sequence[str], count: int) -> list[Sampler]:
        from summarizer.models.embedded.sampling import Sampler

        return [
            Sampler(_SEED + number, forbidden, self._decode, temperature=_TEMPERATURE, top_p=_TOP_P)
            for number in range(count)
        ]

    def _decode(self, tokens: list[int]) -> str:
        text: str = self._tokenizer.decode(tokens, skip_special_tokens=False)
        return text

    def _most(self, task: Task, body: Sequence[int]) -> int:
        if task is Task.TRANSLATE:
            return len(body) * _TRANSLATION_RATIO + _TRANSLATION_EXTRA
        return MAX_ABSTRACT

    def _finish(self, tokens: list[int], ended: bool, prompt: Prompt) -> Generation:
        text = one_line(self._decode(tokens))
        for marker in prompt.markers:
            text = text.removeprefix(marker).split(f" {marker}")[0].strip()
        return Generation(text, finished=ended)
