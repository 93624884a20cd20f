"""How fast Ringkas is, beside a plain use of the same weights and beside what the machine could do."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial, wraps
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

import click

from summarizer import Summarizer
from summarizer.article import Article
from summarizer.errors import InputError
from summarizer.models.base import Task
from summarizer.models.catalogue import DEFAULT, find_model, load_catalogue, number_format, prepare_model
from summarizer.models.embedded.model import BEAMS, MAX_ABSTRACT
from summarizer.models.embedded.tokenizer import BOS
from summarizer.models.info import Embedded
from summarizer.models.prompts import load_prompt
from summarizer.result import Result
from summarizer.text.sentences import split_sentences

ARTICLES = Path(__file__).parent / "data" / "news"
_WORDS = 400
_SENTENCE = 150
_TRIES = 5
_RINGKAS = "from summarizer.cli.commands import main; main(prog_name='ringkas')"


@dataclass
class Phase:
    """One kind of pass through the model.

    Attributes:
        seconds: that the passes took.
        passes: how many there were.
        tokens: rows times columns of what went in, padding too.
    """

    seconds: float = 0.0
    passes: int = 0
    tokens: int = 0


@dataclass(frozen=True)
class Machine:
    """What the processor can do, measured with torch.

    Attributes:
        bandwidth: bytes read per second, of a matrix that no cache holds.
        products: multiply-adds per second, of large matrices in the fastest format.
    """

    bandwidth: float
    products: float


@dataclass
class Measured:
    """What one way of running the model took.

    Attributes:
        ready: seconds from a started interpreter to a loaded model.
        article: seconds for the abstract of one article and its translation.
        whole: seconds for the same and the whole article in English; None if it wasn't measured.
        articles: how many articles `minutes` is of.
        minutes: for all of them, cleaning included.
        peak_mb: most memory that the process held (10^6 bytes).
        prefill: passes that read a text, over all articles.
        decode: passes that write one token per row.
        written: tokens of the texts that were written.
        abstracts: by article.
        weight_bytes: of the layers and the output matrix: what one pass of decoding reads.
        weights: parameters of the same, with which each row of a pass is multiplied.
        layer_weights: those without the output matrix, with which each token that is read is multiplied.
    """

    ready: float
    article: float
    whole: float | None
    articles: int
    minutes: float
    peak_mb: float | None
    prefill: Phase = field(default_factory=Phase)
    decode: Phase = field(default_factory=Phase)
    written: int = 0
    abstracts: list[str] = field(default_factory=list)
    weight_bytes: int = 0
    weights: int = 0
    layer_weights: int = 0


@click.command()
@click.option(
    "--articles",
    type=click.Path(exists=True, file_okay=False),
    default=str(ARTICLES),
    help="Folder of saved pages (*.txt, *.html)  [default: the set that comes with Ringkas]",
)
@click.option("--model", default=DEFAULT, show_default=True, help="An embedded model from the catalogue.")
@click.option(
    "--plain", type=click.IntRange(min=1), default=6, show_default=True, help="How many articles the baseline runs."
)
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads  [default: the engine's choice]")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write the figures as JSON.")
def speed(articles: str, model: str, plain: int, threads: int | None, output: str | None) -> None:
    """Time Ringkas beside ten lines of transformers and beside the limits of the machine.

    The baseline runs the same weights in float32 through generate(), one text at a time, with as many beams. Close
    other programs first: a busy core makes every figure wrong.
    """
    figures = measure(Path(articles), model, plain, threads)
    click.echo(format_table(figures))
    if output:
        from eval.runs import write_file

        write_file(Path(output), json.dumps(figures, indent=1, ensure_ascii=False) + "\n")


def measure(folder: Path, model: str, plain: int, threads: int | None) -> dict[str, Any]:
    """Run the benchmark and return its figures; each way of running has a process of its own.

    Args:
        folder: saved pages.
        model: name of an embedded model.
        plain: how many of the pages the baseline gets, spread evenly over their lengths.
        threads: of the processor; None leaves it to the engine.

    Raises:
        InputError: the folder holds no article, or the model is not an embedded one.
        ModelError: the model can't be prepared.
    """
    if not number_format(model):
        raise InputError(f"{model} is not an embedded model, and the baseline runs only those")
    pages = find_pages(folder)
    prepare_model(model)
    by_length = sorted(pages, key=lambda path: pages[path])
    plain = min(plain, len(by_length))
    some = [by_length[(2 * place + 1) * len(by_length) // (2 * plain)] for place in range(plain)]
    near = min(by_length, key=lambda path: abs(pages[path] - _WORDS))
    machine: Machine = _apart(measure_machine, threads)
    ours: Measured = _apart(run_ringkas, model, near, list(pages), threads)
    same: Measured = _apart(run_ringkas, model, near, some, threads)
    base: Measured = _apart(run_plain, model, near, some, threads)
    return {
        "model": model,
        "pages": len(pages),
        "near": {"page": near.name, "words": pages[near]},
        "command": time_command(model, near, threads),
        "machine": asdict(machine),
        "ringkas": asdict(ours),
        "ringkas on the baseline's pages": asdict(same),
        "plain": asdict(base),
        "same abstracts": sum(a == b for a, b in zip(same.abstracts, base.abstracts, strict=True)),
    }


def find_pages(folder: Path) -> dict[Path, int]:
    """Return the words of each page in a folder that holds an article; reference texts (``NAME.ref.txt``) hold none.

    Raises:
        InputError: there is no such page.
    """
    pages = {}
    for path in sorted([*folder.glob("*.txt"), *folder.glob("*.html")]):
        if "." in path.stem:
            continue
        try:
            pages[path] = len(Summarizer().clean(path).text.split())
        except InputError:
            continue
    if not pages:
        raise InputError(f"{folder} holds no page (*.txt, *.html) with an article")
    return pages


def time_command(model: str, page: Path, threads: int | None) -> dict[str, float]:
    """Return the seconds of whole commands, from the shell: the best of some tries, after one that warms caches."""
    options = ["--model", model, *(["--threads", str(threads)] if threads else [])]
    commands = {"help": ["--help"], "summarize": ["summarize", str(page), *options]}
    seconds = {}
    for name, arguments in commands.items():
        times = []
        for _ in range(_TRIES):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", _RINGKAS, *arguments], check=True, capture_output=True)  # noqa: S603
            times.append(time.perf_counter() - start)
        seconds[name] = min(times[1:])
    return seconds


def measure_machine(threads: int | None) -> Machine:
    """Measure how fast torch reads memory, and multiplies matrices in the format in which it does so fastest."""
    import torch

    if threads:
        torch.set_num_threads(threads)
    large = torch.ones(1 << 27)
    bandwidth = large.nbytes / _best(large.sum)

    def rate(dtype: torch.dtype, size: int) -> float:
        left, right = (torch.ones(size, size, dtype=dtype) for _ in range(2))
        multiply = torch._int_mm if dtype is torch.int8 else torch.mm
        return size**3 / _best(partial(multiply, left, right))

    # Where a processor lacks the instructions for a format, a large product in it takes minutes.
    usual = rate(torch.float32, 256)
    formats = [torch.float32, *(dtype for dtype in (torch.bfloat16, torch.int8) if rate(dtype, 256) > usual / 4)]
    return Machine(bandwidth, max(rate(dtype, 2048) for dtype in formats))


def run_ringkas(model: str, near: Path, pages: Sequence[Path], threads: int | None) -> Measured:
    """Time Ringkas on one page and on many."""
    from eval.runs import peak_memory

    start = time.perf_counter()
    ringkas = Summarizer(model, threads=threads)
    loaded = ringkas.model(Task.SUMMARIZE)
    ready = time.perf_counter() - start
    ringkas.summarize(near)
    article = _best(lambda: ringkas.summarize(near), 2)
    whole = _best(lambda: ringkas.summarize(near, "article"), 1)
    with _phases() as (prefill, decode):
        start = time.perf_counter()
        results = [result for result in ringkas.summarize_many(pages) if isinstance(result, Result)]
        minutes = (time.perf_counter() - start) / 60
    written = sum(loaded.count_tokens(f"{result.abstract} {result.translation}") for result in results)
    abstracts = [result.abstract for result in results]
    return Measured(
        ready,
        article,
        whole,
        len(results),
        minutes,
        peak_memory(),
        prefill,
        decode,
        written,
        abstracts,
        *_weights(model),
    )


def run_plain(model: str, near: Path, pages: Sequence[Path], threads: int | None) -> Measured:
    """Time the baseline: what a user of transformers would write, on pages that Ringkas has cleaned."""
    import torch
    from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

    from eval.runs import peak_memory

    if threads:
        torch.set_num_threads(threads)
    start = time.perf_counter()
    folder = find_model(model)
    style = next(
        info.source.prompts for info in load_catalogue() if info.name == model and isinstance(info.source, Embedded)
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))  # type: ignore[no-untyped-call]
    loaded = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    ready = time.perf_counter() - start
    written = 0

    def write(task: Task, source: str, most: int, title: str = "") -> str:
        nonlocal written
        prompt = load_prompt(style, task)
        text = f"{prompt.prefix}{prompt.before(title)} {source}{prompt.behind()}"
        ids = tokenizer.encode(text, add_special_tokens=False)
        tokens = torch.tensor([[BOS, *ids]])
        output = loaded.generate(
            tokens,
            max_new_tokens=most,
            num_beams=BEAMS[task],
            early_stopping=True,
            do_sample=False,
            stop_strings=["\n"],
            tokenizer=tokenizer,
        )[0, tokens.shape[1] :]
        written += len(output)
        return str(tokenizer.decode(output, skip_special_tokens=True)).split("\n")[0].strip()

    def summarize(article: Article) -> str:
        text = " ".join(article.text.split())
        abstract = write(Task.SUMMARIZE, text, MAX_ABSTRACT, article.title or "")
        for sentence in split_sentences(abstract):
            write(Task.TRANSLATE, sentence, _SENTENCE)
        return abstract

    clean = Summarizer().clean
    summarize(clean(near))
    article = _best(lambda: summarize(clean(near)), 1)
    written = 0
    with _phases() as (prefill, decode):
        start = time.perf_counter()
        abstracts = [summarize(clean(page)) for page in pages]
        minutes = (time.perf_counter() - start) / 60
    return Measured(ready, article, None, len(pages), minutes, peak_memory(), prefill, decode, written, abstracts)


def format_table(figures: dict[str, Any]) -> str:
    """Return the figures as tables of plain text."""
    from tabulate import tabulate

    ours, same, base, machine = (
        figures[name] for name in ("ringkas", "ringkas on the baseline's pages", "plain", "machine")
    )

    def rate(measured: dict[str, Any]) -> float:
        return float(measured["articles"] / measured["minutes"])

    near = figures["near"]
    rows = [
        ["model ready (s)", f"{ours['ready']:.1f}", f"{base['ready']:.1f}", ""],
        [
            f"article of {near['words']} words (s)",
            f"{ours['article']:.2f}",
            f"{base['article']:.2f}",
            f"{base['article'] / ours['article']:.1f}",
        ],
        ["  and the whole of it in English (s)", f"{ours['whole']:.2f}", "", ""],
        [
            f"articles a minute, {same['articles']} pages",
            f"{rate(same):.1f}",
            f"{rate(base):.1f}",
            f"{rate(same) / rate(base):.1f}",
        ],
        [f"articles a minute, {ours['articles']} pages", f"{rate(ours):.1f}", "", ""],
        ["peak memory (MB)", f"{ours['peak_mb'] or 0:.0f}", f"{base['peak_mb'] or 0:.0f}", ""],
        *(
            [
                f"{phase}: tokens a second",
                f"{ours[phase]['tokens'] / ours[phase]['seconds']:.0f}",
                f"{base[phase]['tokens'] / base[phase]['seconds']:.0f}",
                "",
            ]
            for phase in ("prefill", "decode")
        ),
    ]
    step = ours["decode"]["seconds"] / ours["decode"]["passes"]
    row = ours["decode"]["tokens"] / ours["decode"]["passes"]
    least = max(ours["weight_bytes"] / machine["bandwidth"], row * ours["weights"] / machine["products"])
    reading = ours["prefill"]["tokens"] * ours["layer_weights"] / machine["products"]
    took = ours["prefill"]["seconds"]
    limits = [
        ["decode", f"{least * 1000:.1f} ms a pass", f"{step * 1000:.1f} ms", f"{100 * least / step:.0f} %"],
        ["prefill", f"{reading:.1f} s", f"{took:.1f} s", f"{100 * reading / took:.0f} %"],
    ]
    command = figures["command"]
    return "\n\n".join(
        [
            f"{figures['model']}, {figures['pages']} pages",
            tabulate(rows, ["", "Ringkas", "plain float32", "times"], disable_numparse=True, stralign="right"),
            f"From the shell: help {command['help']:.2f} s, the article of {near['words']} words "
            f"{command['summarize']:.2f} s\nSame abstract as the baseline: {figures['same abstracts']} of "
            f"{same['articles']}",
            f"Machine: {machine['bandwidth'] / 1e9:.1f} GB/s read, {machine['products'] / 1e9:.0f} G multiply-adds/s\n"
            + tabulate(limits, ["", "limit", "measured", "share"], disable_numparse=True),
        ]
    )


def _apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run a function in a fresh process, so that its memory and its threads are its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _best(work: Callable[[], object], tries: int = _TRIES) -> float:
    times = []
    for _ in range(tries):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _weights(model: str) -> tuple[int, int, int]:
    """Return what a pass of decoding reads: bytes, parameters, and the parameters without the output matrix."""
    import onnx

    from summarizer.models.embedded.build import EMBEDDING, SCALE
    from summarizer.models.embedded.runtime import GRAPH_FILE

    graph = onnx.load(find_model(model) / GRAPH_FILE, load_external_data=False).graph
    shapes = {constant.name: math.prod(constant.dims) for constant in graph.initializer}
    # Weights are in 8 bits: a byte each.
    weights = {name: shapes[name] for name in shapes if name + SCALE in shapes and name != "rows"}
    total = sum(weights.values())
    return total, total, total - weights[EMBEDDING]


@contextmanager
def _phases() -> Iterator[tuple[Phase, Phase]]:
    """Time the passes through the model while the context lasts, Ringkas' own and those of transformers.

    A pass reads texts (prefill), or writes one token of each row (decode) and scores the next ones.
    """
    from transformers import Gemma3ForCausalLM

    from summarizer.models.embedded.runtime import Runtime

    prefill, decode = Phase(), Phase()

    def timed(original: Callable[..., Any], count: Callable[..., tuple[Phase, int, int]]) -> Callable[..., Any]:
        # generate() looks at the signature.
        @wraps(original)
        def run(*arguments: Any, **others: Any) -> Any:
            start = time.perf_counter()
            output = original(*arguments, **others)
            phase, passes, tokens = count(*arguments, **others)
            phase.seconds += time.perf_counter() - start
            phase.passes += passes
            phase.tokens += tokens
            return output

        return run

    def count_forward(_: Any, input_ids: Any = None, **__: Any) -> tuple[Phase, int, int]:
        return (decode if input_ids.shape[1] == 1 else prefill), 1, input_ids.numel()

    def count_prefill(_: Any, texts: Sequence[Sequence[int]], *__: Any, **___: Any) -> tuple[Phase, int, int]:
        return prefill, 1, sum(map(len, texts))

    def count_decode_step(_: Any, tokens: Any, *__: Any, **___: Any) -> tuple[Phase, int, int]:
        return decode, 1, tokens.size

    with ExitStack() as patches:
        for owner, name, count in (
            (Gemma3ForCausalLM, "forward", count_forward),
            (Runtime, "prefill", count_prefill),
            (Runtime, "decode_step", count_decode_step),
        ):
            patches.enter_context(patch.object(owner, name, timed(getattr(owner, name), count)))
        yield prefill, decode
