"""How fast Ringkas is: beside a plain use of the same weights, stage by stage, and beside what the machine could do."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import CodeType, FrameType
from typing import NamedTuple

import click

from eval.data import REFERENCE
from summarizer import Summarizer
from summarizer.article import Article
from summarizer.checks import check_abstract, check_abstract_sentence, check_translation, find_support
from summarizer.cleaning import clean_source
from summarizer.errors import InputError
from summarizer.models import Task
from summarizer.models.catalogue import DEFAULT, find_info, find_model, prepare_model
from summarizer.models.embedded.engine import EmbeddedEngine
from summarizer.models.embedded.kv_cache import KVCache
from summarizer.models.embedded.model import BEAMS, MAX_ABSTRACT, EmbeddedModel
from summarizer.models.embedded.runtime import GRAPH_FILE, NextTokens, Runtime
from summarizer.models.embedded.tokenizer import BOS
from summarizer.models.prompts import load_prompt
from summarizer.text.sentences import split_sentences
from summarizer.writing.abstract import write_abstracts
from summarizer.writing.quality_estimation import assess
from summarizer.writing.translation import translate_articles

ARTICLES = Path(__file__).parent / "data" / "news"
_WORDS = 400
# Seconds between two looks at what runs.
_INTERVAL = 0.005
# Of the passes that are timed: prompts, and tokens of each.
_PROMPTS = 8
_TOKENS = 48
# How many passes are made side by side.
_PASSES = 8
# The most tokens of a sentence's translation.
_SENTENCE = 150
# A format that is slower than this share of float32 is not tried on large matrices.
_SLOW = 1 / 4
_FUNCTIONS: dict[str, tuple[Callable[..., object], ...]] = {
    "reading and cleaning": (clean_source,),
    "abstract": (write_abstracts,),
    "ranking of sentences": (EmbeddedModel.rank_sentences,),
    "translation": (translate_articles,),
    "checks": (check_abstract, check_abstract_sentence, check_translation, find_support),
    "scores": (assess, Runtime.score),
}


def _find_stages() -> dict[CodeType, str]:
    stages: dict[CodeType, str] = {}
    for stage, functions in _FUNCTIONS.items():
        for function in functions:
            stages[function.__code__] = stage
    return stages


# All that a function calls belongs to its stage; a stage within another counts as itself.
_STAGES = _find_stages()


class Pass(NamedTuple):
    """A pass through the embedded model: what it takes, and what it can't do without.

    Attributes:
        name: what it does.
        seconds: that it took.
        bytes: that it reads from memory: the weights, each once.
        products: multiply-adds that it computes.
    """

    name: str
    seconds: float
    bytes: int
    products: int

    def limit(self, bandwidth: float, rate: float) -> float:
        """Return the least seconds that it takes a machine that reads and multiplies so much a second."""
        return max(self.bytes / bandwidth, self.products / rate)


@click.command()
@click.option(
    "--articles",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ARTICLES,
    help="Folder of saved pages (*.txt)  [default: the set that comes with Ringkas]",
)
@click.option("--model", default=DEFAULT, show_default=True, help="An embedded model from the catalogue.")
@click.option(
    "--plain", type=click.IntRange(min=0), default=6, show_default=True, help="How many articles the baseline runs."
)
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads  [default: the engine's choice]")
def speed(articles: Path, model: str, plain: int, threads: int | None) -> None:
    """Time Ringkas beside plain transformers, by stage, and beside the limits of the machine.

    The baseline runs the same weights in float32 through generate(), one text at a time, with as many beams. Close
    other programs first: a busy core makes every figure wrong.
    """
    from tabulate import tabulate

    if not isinstance(find_info(model).engine, EmbeddedEngine):
        raise InputError(f"{model} is not an embedded model, and the baseline runs only those")
    pages = find_pages(articles)
    prepare_model(model)
    by_length = sorted(pages, key=lambda page: pages[page])
    usual = min(by_length, key=lambda page: abs(pages[page] - _WORDS))
    some = _spread(by_length, plain)
    rows: list[list[object]] = []
    start = time.perf_counter()
    ringkas = Summarizer(model, threads=threads, progress=False)
    ringkas.load()
    rows.append(["model loaded (s)", time.perf_counter() - start])
    rows.append([f"article of {pages[usual]} words (s)", _best(partial(ringkas.summarize, usual), 2)])
    with sample_stages() as samples:
        rows.append([f"articles a minute, {len(pages)} pages", _rate(ringkas, list(pages))])
    rows.append(["peak memory (MB)", _peak_memory()])
    if some:
        rate = _rate(ringkas, some)
        rows.append([f"articles a minute, {len(some)} of them", rate])
        baseline = plain_rate(model, some, threads)
        rows.append(["  plain transformers, float32", baseline])
        rows.append(["  times", rate / baseline])
    click.echo(tabulate(rows, [f"{model}", ""], floatfmt=".1f"))
    stages: list[list[object]] = []
    for stage, count in samples.most_common():
        stages.append([stage, 100 * count / samples.total()])
    click.echo("\n" + tabulate(stages, [f"Where the time of {len(pages)} pages goes", "%"], floatfmt=".1f"))
    passes = measure_passes(model, threads)
    bandwidth, products = measure_machine(threads)
    limits: list[list[object]] = []
    for timed in passes:
        limit = timed.limit(bandwidth, products)
        limits.append([timed.name, 1000 * timed.seconds, 1000 * limit, 100 * limit / timed.seconds])
    click.echo(f"\nMachine: {bandwidth / 1e9:.1f} GB/s read, {products / 1e9:.0f} G multiply-adds/s")
    click.echo(tabulate(limits, ["one pass", "measured (ms)", "limit (ms)", "share (%)"], floatfmt=".1f"))


def _spread(pages: Sequence[Path], count: int) -> list[Path]:
    """Choose so many pages, or all if there are fewer, spread evenly: the middle one of each part of the list."""
    count = min(count, len(pages))
    chosen: list[Path] = []
    for part in range(count):
        middle = (2 * part + 1) * len(pages) // (2 * count)
        chosen.append(pages[middle])
    return chosen


def find_pages(folder: Path) -> dict[Path, int]:
    """Return how many words the article of each page in a folder has.

    Texts of references (``NAME.ref.txt``) are not pages.

    Raises:
        InputError: there is no page, or one that holds no article.
    """
    summarizer = Summarizer()
    pages: dict[Path, int] = {}
    for path in sorted(folder.glob("*.txt")):
        if not REFERENCE.search(path.name):
            pages[path] = summarizer.clean(path).words
    if not pages:
        raise InputError(f"{folder} holds no page (*.txt)")
    return pages


def _rate(ringkas: Summarizer, pages: Sequence[Path]) -> float:
    """Return how many articles a minute are read, cleaned, summarised and translated."""
    start = time.perf_counter()
    for _ in ringkas.summarize_many(pages):
        pass
    return 60 * len(pages) / (time.perf_counter() - start)


@contextmanager
def sample_stages() -> Iterator[Counter[str]]:
    """Count, while the context lasts, at which stage this thread is found every few milliseconds.

    Where it has given its work to other threads, they are looked at, each for itself, and not the one that waits for
    them. Unlike a profiler that follows each call, this slows no stage down more than another.
    """
    # A stage that is over before anybody looks has its row all the same.
    samples: Counter[str] = Counter(dict.fromkeys(_FUNCTIONS, 0))
    done = threading.Event()
    # Not threading.enumerate(), which doesn't know all threads.
    watched = threading.get_ident()
    ignored = set(sys._current_frames())

    def watch() -> None:
        ignored.add(threading.get_ident())
        while not done.wait(_INTERVAL):
            frames = sys._current_frames()
            stage = _stage_of(frames[watched])
            helpers = [frame for ident, frame in frames.items() if ident not in ignored]
            for frame in helpers:
                samples[_stage_of(frame, stage)] += 1
            if not helpers:
                samples[stage] += 1

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        done.set()
        thread.join()


def _stage_of(frame: FrameType | None, default: str = "the rest") -> str:
    """Return the innermost stage that a call belongs to, or the default."""
    while frame is not None:
        if frame.f_code in _STAGES:
            return _STAGES[frame.f_code]
        frame = frame.f_back
    return default


def plain_rate(model: str, pages: Sequence[Path], threads: int | None) -> float:
    """Return the articles a minute of what a user of transformers would write, on pages that Ringkas cleans.

    Raises:
        InputError: the model is not an embedded one.
    """
    import torch
    from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

    if threads:
        torch.set_num_threads(threads)
    folder = find_model(model)
    engine = find_info(model).engine
    if not isinstance(engine, EmbeddedEngine):
        raise InputError(f"{model} is not an embedded model")
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))  # type: ignore[no-untyped-call]
    loaded = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)

    def write(task: Task, text: str, limit: int, title: str = "") -> str:
        prompt = load_prompt(engine.prompt_set, task).fill(text, title)
        tokens = torch.tensor([[BOS, *tokenizer.encode(prompt, add_special_tokens=False)]])
        output = loaded.generate(
            tokens,
            max_new_tokens=limit,
            num_beams=BEAMS,
            early_stopping=True,
            do_sample=False,
            stop_strings=["\n"],
            tokenizer=tokenizer,
        )[0, tokens.shape[1] :]
        return str(tokenizer.decode(output, skip_special_tokens=True)).split("\n")[0].strip()

    def summarize(article: Article) -> None:
        abstract = write(Task.SUMMARIZE, " ".join(article.text.split()), MAX_ABSTRACT, article.title or "")
        for sentence in split_sentences(abstract):
            write(Task.TRANSLATE, sentence, _SENTENCE)

    start = time.perf_counter()
    for page in pages:
        summarize(Summarizer().clean(page))
    return 60 * len(pages) / (time.perf_counter() - start)


def measure_passes(model: str, threads: int | None) -> list[Pass]:
    """Time passes of the size that a batch of translations has, side by side, as many texts are written."""
    import onnx

    from summarizer.models.embedded.build import EMBEDDING, LOGITS, SCALE

    folder = find_model(model)
    runtime = Runtime(folder, [1], threads=threads or 0)

    def prefill(runtime: Runtime, _: int) -> tuple[KVCache, NextTokens]:
        return runtime.prefill([range(2, 2 + _TOKENS)] * _PROMPTS, top_k=BEAMS)

    def decode(runtime: Runtime, begun: tuple[KVCache, NextTokens]) -> None:
        cache, following = begun
        runtime.decode_step(following.tokens, cache, top_k=BEAMS)

    def read_all() -> list[tuple[KVCache, NextTokens]]:
        return list(runtime.each(prefill, range(_PASSES)))

    reading = _best(read_all) / _PASSES
    begun = read_all()
    for cache, _ in begun:
        cache.spread(BEAMS)

    def write_all() -> list[None]:
        return list(runtime.each(decode, begun))

    writing = _best(write_all) / _PASSES
    graph = onnx.load(folder / GRAPH_FILE, load_external_data=False).graph
    sizes: dict[str, int] = {}
    for constant in graph.initializer:
        sizes[constant.name] = math.prod(constant.dims)
    # Those in 8 bits, a byte each. Rows of the embedding are looked up, not multiplied.
    weights = {name: size for name, size in sizes.items() if name + SCALE in sizes and name != EMBEDDING}
    total = sum(weights.values())
    # The output matrix is needed for the last token of each prompt only.
    read = _PROMPTS * (_TOKENS * (total - weights[LOGITS]) + weights[LOGITS])
    return [
        Pass(f"reading {_PROMPTS} x {_TOKENS} tokens", reading, total, read),
        Pass(f"writing {_PROMPTS} x {BEAMS} tokens", writing, total, _PROMPTS * BEAMS * total),
    ]


def measure_machine(threads: int | None) -> tuple[float, float]:
    """Return the bytes a second that torch reads, and its multiply-adds a second in the format that is fastest."""
    import torch

    if threads:
        torch.set_num_threads(threads)
    large = torch.ones(1 << 27)
    bandwidth = large.nbytes / _best(large.sum)

    def rate(dtype: torch.dtype, size: int) -> float:
        left = torch.ones(size, size, dtype=dtype)
        right = torch.ones(size, size, dtype=dtype)
        if dtype is torch.int8:
            seconds = _best(partial(torch._int_mm, left, right))
        else:
            seconds = _best(partial(torch.mm, left, right))
        return size**3 / seconds

    best = rate(torch.float32, 1024)
    usual = rate(torch.float32, 256)
    for dtype in (torch.bfloat16, torch.int8):
        # Where a processor lacks the instructions for a format, a large product in it takes minutes.
        if rate(dtype, 256) > _SLOW * usual:
            best = max(best, rate(dtype, 1024))
    return bandwidth, best


def _best(work: Callable[[], object], tries: int = 3) -> float:
    """Return the least seconds that the work took."""
    times: list[float] = []
    for _ in range(tries):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _peak_memory() -> float:
    """Return the most memory that this process has held, in MB (10^6 bytes)."""
    import resource

    # In bytes on macOS, in KiB elsewhere.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
