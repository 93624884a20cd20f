"""What is measured: the package's models, extractive baselines, and outputs that somebody else made."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ClassVar

from eval.data import Output, Sample, parse_lines, read_text_file
from eval.extracts import choose_greedily
from eval.metrics import TOKENS, Rouge, tokenize
from summarizer import InputError, RingkasError, Summarizer
from summarizer.models import (
    ENGINES,
    Request,
    Task,
    TextModel,
    fingerprint,
    load_model,
    number_format,
    prepare_model,
)
from summarizer.pipeline import code_digest
from summarizer.writing.repair import Repair
from summarizer.writing.translation import split_pieces

EXTRACT_SENTENCES = 3
"""How many sentences TextRank takes: as many as the longest lead that it is measured beside."""

_WARM_UP = (
    "Pemerintah Kota Girimulya membuka taman baru seluas 12 hektare di tepi Sungai Laras pada Minggu (2/2). "
    "Wali Kota Ratna Puspita mengatakan taman itu menelan biaya Rp7,5 miliar."
)


class System(ABC):
    """Turns items into outputs; can be pickled before its warm-up."""

    is_model: ClassVar[bool] = False
    """Whether it is worth keeping the outputs."""

    is_timed: ClassVar[bool] = True
    """Whether its speed says anything."""

    batch: ClassVar[int] = 16
    """How many items it is given at a time."""

    name: str

    @abstractmethod
    def settings(self) -> dict[str, Any]:
        """Return all that its outputs depend on beside the item, as plain values."""

    def warm_up(self) -> None:  # noqa: B027 - most have nothing to do
        """Do what has to be done once, before the first item."""

    @abstractmethod
    def write(self, items: Sequence[Sample]) -> list[Output]:
        """Write one output for each item."""


class Lead(System):
    """The first sentences of the article: what every news summariser has to beat."""

    def __init__(self, sentences: int) -> None:
        self.name, self._count = f"lead-{sentences}", sentences

    def settings(self) -> dict[str, Any]:
        """Return the number of sentences."""
        return {"sentences": self._count, "code": _code()}

    def write(self, items: Sequence[Sample]) -> list[Output]:
        """Take the sentences."""
        return [Output(" ".join(item.sentences[: self._count])) for item in items]


class TextRank(System):
    """The sentences that are most like all others (Mihalcea and Tarau 2004), by sumy, in the article's order."""

    name = "textrank"

    def settings(self) -> dict[str, Any]:
        """Return the number of sentences and what they are chosen by."""
        return {
            "sentences": EXTRACT_SENTENCES,
            "library": f"sumy {version('sumy')}",
            "tokens": TOKENS,
            "code": _code(),
        }

    def write(self, items: Sequence[Sample]) -> list[Output]:
        """Choose the sentences."""
        from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
        from sumy.summarizers.text_rank import TextRankSummarizer

        rank = TextRankSummarizer()
        outputs = []
        for item in items:
            found = [Sentence(sentence, _SumyTokenizer) for sentence in item.sentences]
            chosen = rank(ObjectDocumentModel([Paragraph(found)]), EXTRACT_SENTENCES)
            outputs.append(Output(" ".join(str(sentence) for sentence in chosen)))
        return outputs


class _SumyTokenizer:
    @staticmethod
    def to_words(text: str) -> tuple[str, ...]:
        return tuple(tokenize(text))


class Oracle(System):
    """The extract that the references ask for: the upper bound for choosing sentences.

    Sentences are added one by one, each time the one that raises the mean F1 of ROUGE-1 and ROUGE-2 the most, until
    none does (Nallapati et al. 2017, SummaRuNNer); this greedy search finds a good extract, not always the best.
    """

    name = "oracle"

    def settings(self) -> dict[str, Any]:
        """Return what it maximises."""
        return {"maximises": "(rouge1 + rouge2) / 2, greedily", "tokens": TOKENS, "code": _code()}

    def write(self, items: Sequence[Sample]) -> list[Output]:
        """Choose the sentences."""
        return [Output(_oracle(item)) for item in items]


def _oracle(item: Sample) -> str:
    scorer = Rouge(("rouge1", "rouge2"))
    pool = item.sentences

    def worth(places: Sequence[int]) -> float:
        return sum(scorer.score(item.references, [pool[at] for at in places]).values())

    return " ".join(pool[at] for at in choose_greedily(len(pool), worth))


class Copy(System):
    """The Indonesian text itself: what a translation is worth that changes nothing."""

    name = "source"
    is_timed = False

    def settings(self) -> dict[str, Any]:
        """Return nothing: it depends on nothing."""
        return {}

    def write(self, items: Sequence[Sample]) -> list[Output]:
        """Copy the texts."""
        return [Output(" ".join(item.paragraphs)) for item in items]


class _ModelSystem(System):
    """A model of the package; ``NAME#ctranslate2`` runs it with that engine."""

    is_model = True
    task: ClassVar[Task]

    def __init__(
        self,
        model: str,
        *,
        adapter: Path | None = None,
        device: str = "cpu",
        threads: int | None = None,
        raw: bool = False,
    ) -> None:
        """Name a model; it is loaded at the warm-up.

        Args:
            model: what the package's own ``--model`` takes, and ``#ENGINE`` if need be.
            adapter: folder of an exported adapter that takes the place of the embedded model's own; it names the
                system.
            device: of torch, for models of the hub.
            threads: of the processor; None leaves it to the engine.
            raw: take what the model writes as it is, without the package's checks and repairs.

        Raises:
            InputError: there is no such engine.
        """
        # The file's name alone would be the same for two GGUF files; the settings hold a digest of both.
        self._model, mark, engine = model.partition("#")
        self._engine, self._device, self._threads = engine or ENGINES[0], device, threads
        if self._engine not in ENGINES:
            raise InputError(f"unknown engine {engine!r} in {model}: it must be one of {', '.join(ENGINES)}")
        path = adapter or Path(self._model).expanduser()
        shown = path.stem if path.suffix == ".gguf" else path.resolve().name if path.is_dir() else self._model
        self.name = shown + mark + engine + " (raw)" * raw
        self._adapter, self._raw = adapter, raw

    def settings(self) -> dict[str, Any]:
        """Return the model's weights, the code that uses it, and the machine's part in it.

        Raises:
            InputError: the engine is one that this model doesn't run with.
            ModelError: the model can't be prepared.
        """
        if self._engine != ENGINES[0] and number_format(self._model):
            raise InputError(f"{self.name}: {self._engine} runs only encoder-decoders")
        weights = prepare_model(self._model, adapter=self._adapter).name if self._adapter else fingerprint(self._model)
        return {
            "model": weights,
            "device": self._device,
            "threads": self._threads,
            "raw": self._raw,
            "code": _code(),
            **{library: version_of(library) for library in ("onnxruntime", "torch", "transformers")},
            # The first engine goes without: what it has written stays good.
            **({} if self._engine == ENGINES[0] else {self._engine: version_of(self._engine)}),
        }

    @cached_property
    def _ringkas(self) -> Summarizer:
        settings: dict[str, Any] = {"device": self._device, "threads": self._threads, "engine": self._engine}
        model = load_model(self._model, adapter=self._adapter, **settings) if self._adapter else self._model
        # Data are taken as they are: a short item may look like another language.
        return Summarizer(model, **settings, force=True, progress=False)

    def warm_up(self) -> None:
        """Load the model and let it write."""
        self.write([Sample("warm-up", None, (_WARM_UP,), ("",))])

    def write(self, items: Sequence[Sample]) -> list[Output]:
        """Write what the package writes of the items, or the model alone."""
        return self._write_raw(items) if self._raw else self._write_checked(items)

    @abstractmethod
    def _write_checked(self, items: Sequence[Sample]) -> list[Output]: ...

    @abstractmethod
    def _requests(self, item: Sample, model: TextModel) -> list[Request]:
        """Return what the model is asked for an item: one text or several, whose outputs are joined."""

    def _write_raw(self, items: Sequence[Sample]) -> list[Output]:
        model = self._ringkas.model(self.task)
        asked = [self._requests(item, model) for item in items]
        written = iter(model.generate(self.task, [request for requests in asked for request in requests]))
        outputs = []
        for requests in asked:
            parts = [next(written) for _ in requests]
            unfinished = () if all(part.finished for part in parts) else ("cut off at the limit of new tokens",)
            outputs.append(self._output(" ".join(part.text for part in parts), unfinished, ()))
        return outputs

    def _output(self, text: str, warnings: tuple[str, ...], repairs: Sequence[Repair]) -> Output:
        count = self._ringkas.model(self.task).count_tokens(text)
        return Output(text, count, warnings, tuple(repair.how for repair in repairs))


class SummaryModel(_ModelSystem):
    """A model of the package, with all that the package does about its abstracts."""

    task = Task.SUMMARIZE

    def _write_checked(self, items: Sequence[Sample]) -> list[Output]:
        outputs = []
        for result in self._ringkas.write([item.article for item in items], translate="none"):
            if isinstance(result, RingkasError):
                raise result
            outputs.append(self._output(result.abstract, result.warnings, result.repairs))
        return outputs

    def _requests(self, item: Sample, model: TextModel) -> list[Request]:
        title, sentences = item.title or "", item.sentences
        room = model.max_input_tokens(self.task, title)
        while len(sentences) > 1 and model.count_tokens(" ".join(sentences)) > room:
            sentences.pop()
        return [Request(" ".join(sentences), title)]


class TranslationModel(_ModelSystem):
    """A model of the package, with all that the package does about its translations."""

    batch = 64
    task = Task.TRANSLATE

    def _write_checked(self, items: Sequence[Sample]) -> list[Output]:
        return [
            self._output(" ".join(translation.paragraphs), translation.warnings, translation.repairs)
            for translation in self._ringkas.translate_many([item.text for item in items], lines=True)
        ]

    def _requests(self, item: Sample, model: TextModel) -> list[Request]:
        return [Request(piece) for paragraph in item.paragraphs for piece in split_pieces(paragraph, model)]


class Outputs(System):
    """What another system wrote, read from a file."""

    is_timed = False

    def __init__(self, name: str, path: Path, total: int | None = None) -> None:
        """Name a file of outputs; it is read when it is needed.

        Args:
            name: what tables call the system.
            path: a text file with a line for each item, or JSON lines (``.jsonl``) with ``id`` and ``output``.
            total: how many items the data set has, if only the first of them are taken: a text file may have as many
                lines.
        """
        self.name, self._path, self._total = name, path, total

    def settings(self) -> dict[str, Any]:
        """Return the file's path and digest.

        Raises:
            InputError: the file can't be read.
        """
        return {"path": str(self._path), "sha256": hashlib.sha256(self._read().encode("utf-8")).hexdigest()}

    def write(self, items: Sequence[Sample]) -> list[Output]:
        """Look the outputs up.

        Args:
            items: all of the data set.

        Raises:
            InputError: the file can't be read, or doesn't hold an output for each item.
        """
        if self._path.suffix == ".jsonl":
            found = self._by_id()
            missing = [item.id for item in items if item.id not in found]
            if missing:
                raise InputError(f"{self._path} has no output for {len(missing)} items, the first is {missing[0]!r}")
            return [Output(" ".join(found[item.id].split())) for item in items]
        lines = self._read().removesuffix("\n").split("\n")
        if len(lines) not in {len(items), self._total}:
            raise InputError(f"{self._path} has {len(lines)} lines, but there are {self._total or len(items)} items")
        return [Output(" ".join(line.split())) for line in lines[: len(items)]]

    def _by_id(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for place, row in parse_lines(self._read(), self._path):
            if missing := {"id", "output"} - row.keys():
                raise InputError(f"{place} has no field {min(missing)!r}")
            if not isinstance(row["output"], str):
                raise InputError(f"{place}: the output is not a string")
            name = str(row["id"])
            if name in found:
                raise InputError(f"{place}: a second output for the item {name!r}")
            found[name] = row["output"]
        return found

    def _read(self) -> str:
        return read_text_file(self._path)


def version_of(library: str) -> str:
    """Return a library's version, or that it is not installed."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


# What can't change an output: how the package is called, how results are shown.
_IRRELEVANT = ("__init__.py", "cli", "batch", "output", "result.py", "storage")


def _code() -> str:
    """Return a digest of the package's code, data and prompts, as far as they can change what a model writes."""
    return code_digest(_IRRELEVANT)[:12]
