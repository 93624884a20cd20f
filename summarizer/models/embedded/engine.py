"""Gemma 3 as a prefix language model: a fixed prompt, a source text, and the model writes on."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import ModelError
from summarizer.models.base import Advance, Generation, Length, Task
from summarizer.models.batching import by_length, forbidden_for, titles_for
from summarizer.models.dtype import best_dtype
from summarizer.models.embedded.vocabulary import BOS, EOS, PAD
from summarizer.plain import one_line
from summarizer.prompts import Prompt, load_prompt

if TYPE_CHECKING:
    from transformers import DynamicCache, LogitsProcessor

_CAPACITY = {Task.SUMMARIZE: 1536, Task.TRANSLATE: 192}
# Texts written at a time: the more, the faster, but for memory and for the padding of the shorter ones.
_BATCH = {Task.SUMMARIZE: 8, Task.TRANSLATE: 32}
# Four beams bring translations 2.8 chrF (first 200 lines of FLORES-200 dev), abstracts 0.3 to 1.8 ROUGE-L (first 50
# articles of detik and IndoSum, dev) at three times the time.
BEAMS = {Task.SUMMARIZE: 1, Task.TRANSLATE: 4}
MAX_ABSTRACT = 160
# English needs fewer tokens than Indonesian here; what is twice as long has gone astray.
_TRANSLATION_RATIO, _TRANSLATION_EXTRA = 2, 24
_TEMPERATURE, _TOP_P, _SEED = 0.5, 0.9, 20


class EmbeddedModel:
    """The converted Gemma checkpoint, ready to write.

    The key-value cache of each task's fixed prompt is computed once, when the task is first asked for. Results
    depend on the texts of a call alone, not on what was asked before; in bfloat16 the neighbours in a batch can tip
    the balance between two tokens that are almost equally likely.
    """

    def __init__(self, folder: Path, *, name: str, prompts: str, device: str = "cpu", dtype: str | None = None) -> None:
        """Load a checkpoint that `convert.prepare` made.

        Args:
            folder: the checkpoint's folder.
            name: what results call the model.
            prompts: how it is prompted: the name of a folder in ``prompts/``.
            device: a device of torch, such as ``cpu`` or ``cuda``.
            dtype: ``bfloat16`` or ``float32``; None for bfloat16 where the processor computes in it, else float32.

        Raises:
            ModelError: the folder is damaged, or the device doesn't exist.
        """
        import torch
        from tokenizers import Tokenizer
        from transformers import Gemma3ForCausalLM
        from transformers.utils import logging

        from summarizer.models.embedded import attention

        attention.register()
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._name, self._style = name, prompts
        chosen = getattr(torch, dtype) if dtype else best_dtype(device)
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._model = Gemma3ForCausalLM.from_pretrained(
                folder,
                dtype=chosen,
                attn_implementation=attention.NAME,
                local_files_only=True,
                use_safetensors=True,
            )
        except Exception as error:  # tokenizers raises Exception itself, safetensors an error of its own
            raise ModelError(f"the model in {folder} is damaged, delete the folder: {one_line(str(error))}") from error
        try:
            self._model.to(torch.device(device)).eval()  # type: ignore[arg-type]
        except (RuntimeError, AssertionError) as error:
            raise ModelError(f"device {device!r} can't be used: {one_line(str(error))}") from error
        self._stops = [EOS] + [token for text, token in self._tokenizer.get_vocab().items() if "\n" in text]
        self._prefixes: dict[Task, tuple[list[int], DynamicCache]] = {}

    @property
    def name(self) -> str:
        """Name of the model in results."""
        return self._name

    def capacity(self, task: Task, title: str = "") -> int:
        """Return the longest source text for a task, in tokens; a title takes its room from the text."""
        prompt = load_prompt(self._style, task)
        taken = self.count_tokens(prompt.before(title)) - self.count_tokens(prompt.before())
        return _CAPACITY[task] - taken

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in tokens."""
        return len(self._encode(text))

    def generate(
        self,
        task: Task,
        sources: Sequence[str],
        *,
        titles: Sequence[str] = (),
        length: Length | None = None,
        advance: Advance = lambda count: None,
    ) -> list[Generation]:
        """Write the target text of each source text: abstracts greedily, translations by beam search.

        Raises:
            ValueError: a source text is longer than `capacity`, or there are not as many ``titles``.
        """
        return [written for [written] in self._write(task, sources, titles, length, 1, None, advance)]

    def candidates(
        self,
        task: Task,
        sources: Sequence[str],
        count: int,
        *,
        titles: Sequence[str] = (),
        length: Length | None = None,
        without: Sequence[Sequence[str]] = (),
        advance: Advance = lambda count: None,
    ) -> list[list[Generation]]:
        """Write ``count`` other target texts of each source text, by nucleus sampling with a fixed seed.

        Raises:
            ValueError: a source text is longer than `capacity`, or there are not as many ``titles`` or items in
                ``without``.
        """
        forbidden = forbidden_for(sources, without)
        if count < 1:
            return [[] for _ in sources]
        return self._write(task, sources, titles, length, count, forbidden, advance)

    def _write(
        self,
        task: Task,
        sources: Sequence[str],
        titles: Sequence[str],
        length: Length | None,
        count: int,
        without: Sequence[Sequence[str]] | None,
        advance: Advance,
    ) -> list[list[Generation]]:
        """Write ``count`` texts of each source: the likeliest one if ``without`` is None, else samples."""
        import torch

        prompt = load_prompt(self._style, task)
        rows = self._rows(task, prompt, sources, titles, length)
        prefix, cache = self._prefix(task, prompt)
        beams = BEAMS[task] if without is None else 1
        size = max(1, _BATCH[task] // (count * beams))
        results: dict[int, list[Generation]] = {}
        for batch in by_length(rows, size):
            bodies = [rows[index] for index in batch]
            sampling = None if without is None else self._sampling([without[index] for index in batch], count)
            with torch.inference_mode():
                written = self._continue(
                    prefix, cache, bodies, count=count, beams=beams, most=self._most(task, bodies), sampling=sampling
                )
            texts = [self._finish(tokens, prompt) for tokens in written]
            results |= {index: texts[place * count :][:count] for place, index in enumerate(batch)}
            advance(len(batch))
        return [results[index] for index in range(len(sources))]

    def _rows(
        self, task: Task, prompt: Prompt, sources: Sequence[str], titles: Sequence[str], length: Length | None
    ) -> list[list[int]]:
        """Return what the model reads of each source, behind the prompt's prefix."""
        behind = self._encode(prompt.behind(length))
        rows = []
        for source, title in zip(sources, titles_for(sources, titles), strict=True):
            text, room = self._encode(f" {one_line(source)}"), self.capacity(task, title)
            if len(text) > room + 1:
                raise ValueError(f"a source text of {len(text)} tokens is longer than {room}")
            rows.append(self._encode(prompt.before(title)) + text + behind)
        return rows

    def _encode(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _prefix(self, task: Task, prompt: Prompt) -> tuple[list[int], DynamicCache]:
        import torch
        from transformers import DynamicCache

        if task not in self._prefixes:
            tokens = [BOS, *self._encode(prompt.prefix)]
            cache = DynamicCache(config=self._model.config)
            with torch.inference_mode():
                self._model(
                    torch.tensor([tokens], device=self._model.device), cache=cache, use_cache=True, logits_to_keep=1
                )
            self._prefixes[task] = tokens, cache
        return self._prefixes[task]

    def _sampling(self, without: Sequence[Sequence[str]], count: int) -> LogitsProcessor:
        from summarizer.models.embedded.sampling import Sampling

        forbidden = [strings for strings in without for _ in range(count)]
        seeds = [_SEED + number for _ in without for number in range(count)]
        return Sampling(seeds, forbidden, self._tokenizer.decode, temperature=_TEMPERATURE, top_p=_TOP_P)

    def _most(self, task: Task, bodies: list[list[int]]) -> int:
        if task is Task.TRANSLATE:
            return max(map(len, bodies)) * _TRANSLATION_RATIO + _TRANSLATION_EXTRA
        return MAX_ABSTRACT

    def _continue(
        self,
        prefix: list[int],
        cache: DynamicCache,
        bodies: list[list[int]],
        *,
        count: int,
        beams: int,
        most: int,
        sampling: LogitsProcessor | None,
    ) -> list[list[int]]:
        """Write on ``count`` times after the prefix and each body; the padding stands between the two, masked."""
        import torch
        from transformers import GenerationConfig, LogitsProcessorList

        device = self._model.device
        width = max(map(len, bodies))
        rows = torch.tensor([prefix + [PAD] * (width - len(body)) + body for body in bodies], device=device)
        masks = torch.tensor(
            [[1] * len(prefix) + [0] * (width - len(body)) + [1] * len(body) for body in bodies], device=device
        )
        own = copy.deepcopy(cache)
        own.batch_repeat_interleave(len(bodies))
        if count * beams > 1:
            # Read each source once, for all that is written of it; generate() itself reads the last token.
            if width > 1:
                places = (masks.cumsum(1) - 1).clamp(min=0)[:, len(prefix) : -1]
                self._model(
                    rows[:, len(prefix) : -1],
                    attention_mask=masks[:, :-1],
                    position_ids=places,
                    cache=own,
                    use_cache=True,
                    logits_to_keep=1,
                )
            own.batch_repeat_interleave(count * beams)
            # generate() itself repeats the rows for the beams, but not the cache.
            rows, masks = rows.repeat_interleave(count, dim=0), masks.repeat_interleave(count, dim=0)
        output = self._model.generate(
            rows,
            attention_mask=masks,
            cache=own,
            generation_config=GenerationConfig(  # type: ignore[no-untyped-call]
                max_new_tokens=most,
                num_beams=beams,
                early_stopping=beams > 1,
                eos_token_id=self._stops,
                pad_token_id=PAD,
                bos_token_id=BOS,
            ),
            logits_processor=LogitsProcessorList([] if sampling is None else [sampling]),
        )
        tokens: list[list[int]] = output[:, rows.shape[1] :].tolist()
        return tokens

    def _finish(self, tokens: list[int], prompt: Prompt) -> Generation:
        stops = set(self._stops)
        end = next((at for at, token in enumerate(tokens) if token in stops), None)
        text = one_line(self._tokenizer.decode(tokens[:end], skip_special_tokens=False))
        for marker in prompt.markers:
            text = text.removeprefix(marker).split(f" {marker}")[0].strip()
        return Generation(text, finished=end is not None)
