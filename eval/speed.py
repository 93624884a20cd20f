"""How fast Ringkas is: beside a plain use of the same weights, and stage by stage."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

import click

from summarizer import Summarizer
from summarizer.checks import check_abstract, check_abstract_sentence, check_translation, find_support
from summarizer.cleaning import clean_source
from summarizer.errors import InputError
from summarizer.models import DEFAULT, Task, find_info, find_model, prepare_model
from summarizer.models.embedded.model import BEAMS, MAX_ABSTRACT, EmbeddedModel
from summarizer.models.embedded.tokenizer import BOS
from summarizer.models.info import Embedded
from summarizer.models.prompts import load_prompt
from summarizer.text.sentences import split_sentences
from summarizer.writing.abstract import write_abstracts
from summarizer.writing.quality_estimation import assess
from summarizer.writing.salience import rank_sentences
from summarizer.writing.translation import translate_articles

ARTICLES = Path(__file__).parent / "data" / "news"
_WORDS = 400
# Seconds between two looks at what runs.
_INTERVAL = 0.005
_SENTENCE = 150
_FUNCTIONS: dict[str, tuple[Callable[..., object], ...]] = {
    "reading and cleaning": (clean_source,),
    "abstract": (write_abstracts,),
    "translation": (translate_articles,),
    "checks": (check_abstract, check_abstract_sentence, check_translation, find_support),
    "scores": (assess, rank_sentences, EmbeddedModel.score, EmbeddedModel.score_sources),
}
# All that a function calls belongs to its stage; a stage within another counts as itself.
_STAGES: dict[CodeType, str] = {one.__code__: stage for stage, own in _FUNCTIONS.items() for one in own}


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
    """Time Ringkas beside plain transformers, and by stage.

    The baseline runs the same weights in float32 through generate(), one text at a time, with as many beams. Close
    other programs first: a busy core makes every figure wrong.
    """
    from tabulate import tabulate

    source = find_info(model).source
    if not isinstance(source, Embedded):
        raise InputError(f"{model} is not an embedded model, and the baseline runs only those")
    pages = find_pages(articles)
    prepare_model(model)
    by_length = sorted(pages, key=lambda page: pages[page])
    near = min(by_length, key=lambda page: abs(pages[page] - _WORDS))
    # Spread evenly over their lengths.
    plain = min(plain, len(pages))
    some = [by_length[(2 * place + 1) * len(pages) // (2 * plain)] for place in range(plain)]
    rows: list[list[object]] = []
    start = time.perf_counter()
    ringkas = Summarizer(model, threads=threads, progress=False)
    ringkas.load()
    rows.append(["model loaded (s)", time.perf_counter() - start])
    rows.append([f"article of {pages[near]} words (s)", min(60 / _rate(ringkas, [near]) for _ in range(2))])
    with sample_stages() as samples:
        rows.append([f"articles a minute, {len(pages)} pages", _rate(ringkas, list(pages))])
    rows.append(["peak memory (MB)", _peak_memory()])
    if some:
        ours = _rate(ringkas, some)
        rows.append([f"articles a minute, {plain} of them", ours])
        base = plain_rate(find_model(model), source.prompt_set, some, threads)
        rows.append(["  plain transformers, float32", base])
        rows.append(["  times", ours / base])
    click.echo(tabulate(rows, [f"{model}", ""], floatfmt=".1f"))
    stages = [[stage, 100 * count / samples.total()] for stage, count in samples.most_common()]
    click.echo("\n" + tabulate(stages, [f"Where the time of {len(pages)} pages goes", "%"], floatfmt=".1f"))


def find_pages(folder: Path) -> dict[Path, int]:
    """Return the words of each page in a folder; reference texts (``NAME.ref.txt``) are none.

    Raises:
        InputError: there is no page, or one that holds no article.
    """
    pages = {path: Summarizer().clean(path).words for path in sorted(folder.glob("*.txt")) if "." not in path.stem}
    if not pages:
        raise InputError(f"{folder} holds no page (*.txt)")
    return pages


def _rate(ringkas: Summarizer, pages: Sequence[Path]) -> float:
    """Return how many articles a minute are read, cleaned, summarised and translated."""
    start = time.perf_counter()
    list(ringkas.summarize_many(pages))
    return 60 * len(pages) / (time.perf_counter() - start)


@contextmanager
def sample_stages() -> Iterator[Counter[str]]:
    """Count, while the context lasts, at which stage this thread is found every few milliseconds.

    Unlike a profiler that follows each call, this slows no stage down more than another.
    """
    # A stage that is over before anybody looks has its row all the same.
    samples: Counter[str] = Counter(dict.fromkeys(_FUNCTIONS, 0))
    done = threading.Event()
    watched = threading.get_ident()

    def watch() -> None:
        while not done.wait(_INTERVAL):
            samples[_stage_of(sys._current_frames()[watched])] += 1

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        done.set()
        thread.join()


def _stage_of(frame: FrameType | None) -> str:
    """Return the innermost stage that a call belongs to."""
    while frame is not None:
        if frame.f_code in _STAGES:
            return _STAGES[frame.f_code]
        frame = frame.f_back
    return "the rest"


def plain_rate(folder: Path, prompt_set: str, pages: Sequence[Path], threads: int | None) -> float:
    """Return the articles a minute of what a user of transformers would write, on pages that Ringkas cleans."""
    import torch
    from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

    if threads:
        torch.set_num_threads(threads)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))  # type: ignore[no-untyped-call]
    loaded = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)

    def write(task: Task, text: str, limit: int, title: str = "") -> str:
        prompt = load_prompt(prompt_set, task)
        asked = f"{prompt.prefix}{prompt.before(title)} {text}{prompt.behind()}"
        tokens = torch.tensor([[BOS, *tokenizer.encode(asked, add_special_tokens=False)]])
        output = loaded.generate(
            tokens,
            max_new_tokens=limit,
            num_beams=BEAMS[task],
            early_stopping=True,
            do_sample=False,
            stop_strings=["\n"],
            tokenizer=tokenizer,
        )[0, tokens.shape[1] :]
        return str(tokenizer.decode(output, skip_special_tokens=True)).split("\n")[0].strip()

    start = time.perf_counter()
    for page in pages:
        article = Summarizer().clean(page)
        abstract = write(Task.SUMMARIZE, " ".join(article.text.split()), MAX_ABSTRACT, article.title or "")
        for sentence in split_sentences(abstract):
            write(Task.TRANSLATE, sentence, _SENTENCE)
    return 60 * len(pages) / (time.perf_counter() - start)


def _peak_memory() -> float:
    """Return the most memory that this process has held, in MB (10^6 bytes)."""
    import resource

    # In bytes on macOS, in KiB elsewhere.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
