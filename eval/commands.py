"""The commands ``summaries``, ``translations`` and ``report``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from summarizer.errors import InputError
from summarizer.models import BASE, DEFAULT

if TYPE_CHECKING:
    from eval.data import Benchmark, DataSet
    from eval.systems import System

RUNS = Path("runs")
"""Where results go if nothing else is said: run files, and the outputs that models have written."""


def _shared_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--markdown", is_flag=True, help="Print the tables as Markdown."),
        click.option(
            "--store",
            type=click.Path(dir_okay=False),
            default=str(RUNS / "outputs.sqlite"),
            show_default=True,
            help="File that stores what models write; a run that was stopped resumes from it.",
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(dir_okay=False),
            help="Run file (JSON) to write  [default: runs/COMMAND-DATA.json]",
        ),
        click.option(
            "--compare-with", metavar="SYSTEM", help="Test differences from this system  [default: the first one]"
        ),
        click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Take only the first N items."),
        click.option("--threads", type=click.IntRange(min=1), help="Processor threads  [default: the engine's choice]"),
        click.option("--device", default="cpu", show_default=True, help="PyTorch device for models from the hub."),
        click.option("--raw", is_flag=True, help="Score what the models write as it is, without checks and repairs."),
        click.option("--no-baselines", is_flag=True, help="Leave out the baselines."),
        click.option("--no-models", is_flag=True, help="Leave out the models: baselines and files only."),
        click.option(
            "--outputs",
            "files",
            multiple=True,
            metavar="NAME=FILE",
            help="Another system: a text file with one output per line, or JSON lines with id and output.",
        ),
        click.option(
            "--model",
            "models",
            multiple=True,
            metavar="NAME",
            help=f"A model, named as for 'ringkas --model'; NAME#ctranslate2 runs it with that engine; may be given "
            f"more than once  [default, unless there are --outputs or --adapter: {DEFAULT}]",
        ),
        click.option(
            "--adapter",
            "adapters",
            multiple=True,
            metavar="DIR",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="An exported adapter to run the embedded model with; may be given more than once.",
        ),
        click.option("--title-field", default="title", show_default=True, help="JSON: name of the headline's field."),
        click.option(
            "--data",
            required=True,
            type=click.Path(exists=True),
            help="What to evaluate on; see above.",
        ),
    ):
        command = option(command)
    return command


@click.command()
@_shared_options
@click.option("--text-field", help="JSON: name of the article's field  [default: text]")
@click.option(
    "--summary-field", multiple=True, help="JSON: name of a field with one reference or several  [default: summary]"
)
def summaries(text_field: str | None, summary_field: tuple[str, ...], title_field: str, **options: Any) -> None:
    """Compare abstracts with reference summaries.

    The data are JSON lines with text and summary (as XL-Sum has them; the fields can have other names), IndoSum's or
    Liputan6's own format, or a folder with pages NAME.txt or NAME.html, which are cleaned, and NAME.ref.txt (and
    NAME.ref2.txt and so on).
    """
    from eval.data import Fields, load_summaries
    from eval.systems import Lead, Oracle, SummaryModel, TextRank

    fields = (
        Fields(text_field or "text", summary_field or ("summary",), title_field)
        if text_field or summary_field
        else None
    )

    def systems(models: list[tuple[str, Path | None]], baselines: bool, **settings: Any) -> list[System]:
        found: list[System] = [SummaryModel(name, adapter=adapter, **settings) for name, adapter in models]
        return found + ([Lead(1), Lead(2), Lead(3), TextRank(), Oracle()] if baselines else [])

    _evaluate("summaries", lambda path, limit: load_summaries(path, fields, limit), systems, **options)


@click.command()
@_shared_options
@click.option(
    "--reference",
    "references",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="Text file with the translations, line by line; may be given more than once  [default: NAME.en of NAME.id]",
)
@click.option("--text-field", default="id", show_default=True, help="JSON: name of the Indonesian text's field.")
@click.option(
    "--reference-field",
    multiple=True,
    default=("en",),
    show_default=True,
    help="JSON: name of a field with one reference or several.",
)
def translations(
    references: tuple[str, ...], text_field: str, reference_field: tuple[str, ...], title_field: str, **options: Any
) -> None:
    """Compare translations with reference translations.

    The data are text files of which each line is an item (as FLORES, NTREX and WMT have them), JSON lines, or a
    folder with NAME.ref.txt and NAME.en.txt.
    """
    from eval.data import Fields, load_translations
    from eval.systems import Copy, TranslationModel

    fields = Fields(text_field, reference_field, title_field)

    def systems(models: list[tuple[str, Path | None]], baselines: bool, **settings: Any) -> list[System]:
        found: list[System] = [TranslationModel(name, adapter=adapter, **settings) for name, adapter in models]
        return found + ([Copy()] if baselines else [])

    _evaluate(
        "translations",
        lambda path, limit: load_translations(path, [Path(file) for file in references], fields, limit),
        systems,
        **options,
    )


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    default=str(RUNS / "report.html"),
    show_default=True,
    help="Page to write.",
)
@click.option(
    "--examples",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    help="How many of the worst and best outputs to show.",
)
@click.option("--tables", is_flag=True, help="Print the tables of the runs too.")
@click.option("--markdown", is_flag=True, help="Print them as Markdown.")
def report(runs: tuple[str, ...], output: str, examples: int, tables: bool, markdown: bool) -> None:
    """Write one HTML page about the runs in the files RUNS; it needs no network."""
    from eval.report import format_run, render
    from eval.runs import read_run, write_file

    read = [read_run(Path(path)) for path in runs]
    write_file(Path(output), render(read, examples=examples))
    if tables or markdown:
        for run in read:
            click.echo(format_run(run, markdown=markdown) + "\n")
    click.echo(f"wrote {output}", err=True)


def _evaluate(
    benchmark: Benchmark,
    load: Callable[[Path, int | None], DataSet],
    make_systems: Callable[..., list[System]],
    *,
    data: str,
    models: tuple[str, ...],
    adapters: tuple[Path, ...],
    files: tuple[str, ...],
    no_baselines: bool,
    no_models: bool,
    device: str,
    threads: int | None,
    raw: bool,
    limit: int | None,
    compare_with: str | None,
    output: str | None,
    store: str,
    markdown: bool,
) -> None:
    from eval.report import format_run
    from eval.runs import evaluate, write_run
    from eval.systems import Outputs

    if models and no_models:
        raise click.UsageError("--model and --no-models exclude each other")
    names = models or (() if files or no_models or adapters else (DEFAULT,))
    chosen = [(name, None) for name in names] + [(BASE, adapter) for adapter in adapters]
    named = [_named_file(file) for file in files]
    systems = make_systems(chosen, not no_baselines, device=device, threads=threads, raw=raw)
    data_set = load(Path(data), limit)
    systems += [Outputs(name, Path(path), data_set.total) for name, path in named]
    if not systems:
        raise click.UsageError("there is nothing to evaluate: name a --model or --outputs, or keep the baselines")
    run = evaluate(
        benchmark,
        data_set,
        systems,
        store=Path(store),
        compare_with=compare_with,
        command=["python", "-m", "eval", *sys.argv[1:]],
    )
    target = Path(output) if output else RUNS / f"{benchmark}-{data_set.name}.json"
    write_run(run, target)
    click.echo(format_run(run, markdown=markdown))
    click.echo(f"\nwrote {target}", err=True)


def _named_file(text: str) -> tuple[str, str]:
    name, found, path = text.partition("=")
    if not found or not name or not path:
        raise InputError(f"--outputs takes NAME=FILE, not {text!r}")
    return name, path
