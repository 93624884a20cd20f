"""What is measured: the package's models, extractive baselines, and outputs that somebody else made."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from itertools import chain, islice
from pathlib import Path
from typing import Any

from eval.data import Benchmark, Sample, read_lines, read_text_file
from eval.extracts import TOKENS, find_best, tokenize
from eval.metrics import Output
from summarizer import InputError, RingkasError, Summarizer
from summarizer.batch.provenance import NOT_IN_RESULTS, code_digest
from summarizer.cleaning import split_text
from summarizer.models import Request, Task, TextModel
from summarizer.models.catalogue import DECODERS, find_info, fingerprint, load_model, prepare_model
from summarizer.models.seq2seq.engine import Seq2SeqEngine
from summarizer.result import Repair
from summarizer.writing.translation import split_pieces, translate_texts

# As many as the longest lead that TextRank is measured beside.
_TEXTRANK_SENTENCES = 3
# What runs a model of the catalogue if nothing else is said.
_OWN_ENGINE = DECODERS[0]

Writer = Callable[[Sequence[Sample]], list[Output]]
"""Writes one output for each item."""


class System(ABC):
    """Turns items into outputs; those of a model, which takes a batch at a time, are kept, and its speed measured."""

    name: str
    is_model: bool = False
    batch: int = 16

    @abstractmethod
    def settings(self) -> dict[str, Any]:
        """Return all that its outputs depend on beside the item, as plain values."""

    @abstractmethod
    def start(self) -> Writer:
        """Load what it needs, which lives as long as what is returned."""


@dataclass
class Baseline(System):
    """Makes each output of its item, at once."""

    name: str
    about: str
    write: Callable[[Sample], str]

    def settings(self) -> dict[str, Any]:
        """Return how it is made."""
        return {"about": self.about, "code": _code()}

    def start(self) -> Writer:
        """Load nothing."""
        return self._write_all

    def _write_all(self, items: Sequence[Sample]) -> list[Output]:
        return [Output(self.write(item)) for item in items]


def _lead(count: int, item: Sample) -> str:
    return " ".join(item.sentences[:count])


def _textrank(item: Sample) -> str:
    """Return the sentences that sumy's TextRank chooses."""
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.summarizers.text_rank import TextRankSummarizer

    sentences = [Sentence(sentence, _SumyTokenizer) for sentence in item.sentences]
    document = ObjectDocumentModel([Paragraph(sentences)])
    rank = TextRankSummarizer()
    return " ".join(map(str, rank(document, _TEXTRANK_SENTENCES)))


class _SumyTokenizer:
    """The tokens of `tokenize`, as sumy asks for them."""

    @staticmethod
    def to_words(text: str) -> tuple[str, ...]:
        return tuple(tokenize(text))


def _oracle(item: Sample) -> str:
    sentences = item.sentences
    best = [sentences[place] for place in find_best(sentences, item.references)]
    return " ".join(best)


def _copy(item: Sample) -> str:
    return " ".join(item.paragraphs)


BASELINES: dict[Benchmark, tuple[Baseline, ...]] = {
    "summaries": (
        Baseline("lead-1", "the first 1 sentences", partial(_lead, 1)),
        Baseline("lead-2", "the first 2 sentences", partial(_lead, 2)),
        Baseline("lead-3", "the first 3 sentences", partial(_lead, 3)),
        Baseline(
            "textrank",
            f"{_TEXTRANK_SENTENCES} sentences by TextRank (Mihalcea and Tarau 2004) of sumy, tokens {TOKENS}",
            _textrank,
        ),
        # It has seen the references.
        Baseline("oracle", f"the extract with the highest ROUGE-1 + ROUGE-2, greedily, tokens {TOKENS}", _oracle),
    ),
    "translations": (Baseline("source", "the Indonesian text itself", _copy),),
}
"""What every system has to beat, and for abstracts the upper bound of choosing sentences."""


class Model(System):
    """A model of the package, with or without all that the package does about its texts."""

    is_model = True

    def __init__(
        self,
        benchmark: Benchmark,
        model: str,
        *,
        adapter: Path | None = None,
        device: str = "cpu",
        threads: int | None = None,
        raw: bool = False,
    ) -> None:
        """Name a model as the package's own ``--model`` does, or ``NAME#ENGINE``; nothing is loaded yet.

        The folder of an exported adapter, which takes the place of the embedded model's own, names the system. Raw is
        what the model writes as it is, without the package's checks and repairs.

        Raises:
            InputError: there is no such engine.
        """
        if benchmark == "summaries":
            self._task = Task.SUMMARIZE
            self.batch = 16
        else:
            self._task = Task.TRANSLATE
            self.batch = 64
        self._model, mark, engine = model.partition("#")
        self._engine = engine or _OWN_ENGINE
        if self._engine not in DECODERS:
            raise InputError(f"unknown engine {engine!r} in {model}: it must be one of {', '.join(DECODERS)}")
        path = adapter or Path(self._model).expanduser()
        self.name = self._model
        if path.is_dir():
            self.name = path.resolve().name
        self.name += mark + engine
        if raw:
            self.name += " (raw)"
        self._adapter = adapter
        self._device = device
        self._threads = threads
        self._raw = raw

    def settings(self) -> dict[str, Any]:
        """Return the model's weights, the code that uses it, and the machine's part in it.

        Raises:
            InputError: the engine doesn't run such a model.
        """
        if self._engine != _OWN_ENGINE and not isinstance(find_info(self._model).engine, Seq2SeqEngine):
            raise InputError(f"{self.name}: {self._engine} runs only encoder-decoders")
        if self._adapter is None:
            weights = fingerprint(self._model)
        else:
            weights = prepare_model(self._model, adapter=self._adapter).name
        settings: dict[str, Any] = {
            "model": weights,
            "device": self._device,
            "threads": self._threads,
            "raw": self._raw,
            "code": _code(),
        }
        for library in ("onnxruntime", "torch", "transformers", self._engine):
            settings[library] = version_of(library)
        return settings

    def start(self) -> Writer:
        """Load the model."""
        settings: dict[str, Any] = {"device": self._device, "threads": self._threads, "engine": self._engine}
        model: str | TextModel = self._model
        if self._adapter is not None:
            model = load_model(self._model, adapter=self._adapter, **settings)
        # Data are taken as they are: a short item may look like another language.
        ringkas = Summarizer(model, **settings, force=True, progress=False)
        loaded = ringkas.model(self._task)
        if self._raw:
            return partial(_write_raw, loaded, self._task)
        if self._task is Task.SUMMARIZE:
            return partial(_summarize, ringkas, loaded)
        return partial(_translate, loaded)


def _summarize(ringkas: Summarizer, model: TextModel, items: Sequence[Sample]) -> list[Output]:
    outputs: list[Output] = []
    for result in ringkas.write([item.article for item in items], translate="none"):
        if isinstance(result, RingkasError):
            raise result
        outputs.append(_output(model, result.abstract, result.warnings, result.repairs))
    return outputs


def _translate(model: TextModel, items: Sequence[Sample]) -> list[Output]:
    texts = [split_text(item.text, lines=True, force=True) for item in items]
    outputs: list[Output] = []
    for translation in translate_texts(texts, model):
        text = " ".join(translation.paragraphs)
        outputs.append(_output(model, text, translation.warnings, translation.repairs))
    return outputs


def _write_raw(model: TextModel, task: Task, items: Sequence[Sample]) -> list[Output]:
    """Let the model alone write of each item: one text or several, which are joined."""
    requests_of_items: list[list[Request]] = []
    for item in items:
        if task is Task.SUMMARIZE:
            requests_of_items.append([_ask_abstract(item, model)])
        else:
            requests_of_items.append(_ask_translations(item, model))
    # All at once, which is faster.
    generations = iter(model.generate(task, list(chain.from_iterable(requests_of_items))))
    outputs: list[Output] = []
    for requests in requests_of_items:
        parts = list(islice(generations, len(requests)))
        warnings: tuple[str, ...] = ()
        if not all(part.finished for part in parts):
            warnings = ("cut off at the limit of new tokens",)
        text = " ".join(part.text for part in parts)
        outputs.append(_output(model, text, warnings))
    return outputs


def _ask_abstract(item: Sample, model: TextModel) -> Request:
    """Ask for an abstract of as many sentences of an article as the model can read."""
    title = item.title or ""
    sentences = item.sentences
    room = model.max_input_tokens(Task.SUMMARIZE, title)
    while len(sentences) > 1 and model.count_tokens(" ".join(sentences)) > room:
        sentences.pop()
    return Request(" ".join(sentences), title)


def _ask_translations(item: Sample, model: TextModel) -> list[Request]:
    requests: list[Request] = []
    for paragraph in item.paragraphs:
        requests += map(Request, split_pieces(paragraph, model))
    return requests


def _output(model: TextModel, text: str, warnings: tuple[str, ...], repairs: Sequence[Repair] = ()) -> Output:
    return Output(
        text=text,
        tokens=model.count_tokens(text),
        warnings=warnings,
        repairs=tuple(repair.how for repair in repairs),
    )


class Outputs(System):
    """What another system wrote, read from a text file with a line for each item."""

    def __init__(self, name: str, path: Path, total: int) -> None:
        """Name a file of outputs, of as many items as are taken of a data set, or of all of them."""
        self.name = name
        self._path = path
        self._total = total

    def settings(self) -> dict[str, Any]:
        """Return the file's path and digest.

        Raises:
            InputError: it can't be read, or is not UTF-8.
        """
        text = read_text_file(self._path)
        return {"path": str(self._path), "sha256": hashlib.sha256(text.encode("utf-8")).hexdigest()}

    def start(self) -> Writer:
        """Read the file; what is returned gives outputs to all items of a data set at once.

        It raises an `InputError` if the file has another number of lines than there are items.

        Raises:
            InputError: it can't be read, or is not UTF-8.
        """
        lines = read_lines(self._path)

        def write(items: Sequence[Sample]) -> list[Output]:
            # A file may be of the whole set where only the first items are taken.
            if len(lines) not in {len(items), self._total}:
                raise InputError(f"{self._path} has {len(lines)} lines, but there are {self._total} items")
            return [Output(" ".join(line.split())) for line in lines[: len(items)]]

        return write


def version_of(library: str) -> str:
    """Return a library's version, or that it is not installed."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


# What can't change an output: how the package is called, how results are shown.
_IRRELEVANT = (*NOT_IN_RESULTS, "__init__.py", "batch", "output", "result.py")


def _code() -> str:
    """Return a digest of the package's code, data and prompts, as far as they can change what a model writes."""
    return code_digest(_IRRELEVANT)[:12]
