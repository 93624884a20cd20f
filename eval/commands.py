"""The commands ``summaries``, ``translations`` and ``report``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from summarizer.errors import InputError
from summarizer.models.catalogue import BASE, DEFAULT

if TYPE_CHECKING:
    from eval.data import Benchmark, DataSet
    from summarizer.models import TextModel

RUNS = Path("runs")
"""Where results go if nothing else is said: run files, and the outputs that models have written."""

_OPTIONS = (
    click.option("--data", required=True, type=click.Path(exists=True, path_type=Path), help="What to evaluate on."),
    click.option(
        "--adapter",
        "adapters",
        multiple=True,
        metavar="DIR",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="An exported adapter to run the embedded model with; may be given more than once.",
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
        "--outputs",
        "files",
        multiple=True,
        metavar="NAME=FILE",
        help="Another system: a text file with one output per line.",
    ),
    click.option("--no-models", is_flag=True, help="Leave out the models: baselines and files only."),
    click.option("--no-baselines", is_flag=True, help="Leave out the baselines."),
    click.option("--raw", is_flag=True, help="Score what the models write as it is, without checks and repairs."),
    click.option("--device", default="cpu", show_default=True, help="PyTorch device for models from the hub."),
    click.option("--threads", type=click.IntRange(min=1), help="Processor threads  [default: the engine's choice]"),
    click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Take only the first N items."),
    click.option(
        "--compare-with", metavar="SYSTEM", help="Test differences from this system  [default: the first one]"
    ),
    click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Run file (JSON) to write  [default: runs/COMMAND-DATA.json]",
    ),
    click.option(
        "--store",
        type=click.Path(dir_okay=False, path_type=Path),
        default=RUNS / "outputs.sqlite",
        show_default=True,
        help="File that stores what models write; a run that was stopped resumes from it.",
    ),
    click.option("--markdown", is_flag=True, help="Print the tables as Markdown."),
)


def _shared_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command()
@_shared_options
@click.option(
    "--cuts",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tell as well how near cuts are to an editor's: JSON lines with text, cut and maybe title.",
)
def summaries(data: Path, limit: int | None, cuts: Path | None, **rest: Any) -> None:
    """Compare abstracts with reference summaries.

    The data are JSON lines with text, summary and maybe title (as XL-Sum has them), IndoSum's or Liputan6's own format,
    or a folder with pages NAME.txt or NAME.html, which are cleaned, and NAME.ref.txt (and NAME.ref2.txt and so on).
    """
    from eval.data import load_summaries

    _evaluate("summaries", load_summaries(data, limit), **rest)
    if cuts is not None:
        _tell_cuts(cuts, limit, rest["models"], rest["adapters"])


@click.command()
@_shared_options
@click.option(
    "--reference",
    "references",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Text file with the translations, line by line; may be given more than once  [default: NAME.en of NAME.id]",
)
def translations(data: Path, limit: int | None, references: tuple[Path, ...], **rest: Any) -> None:
    """Compare translations with reference translations.

    The data are text files of which each line is an item (as FLORES, NTREX and WMT have them), JSON lines with id and
    en, or a folder with NAME.ref.txt and NAME.en.txt.
    """
    from eval.data import load_translations

    _evaluate("translations", load_translations(data, references, limit), **rest)


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=RUNS / "report.html",
    show_default=True,
    help="Page to write.",
)
def report(runs: tuple[Path, ...], output: Path) -> None:
    """Write one HTML page about the runs in the files RUNS; it needs no network."""
    from eval.report import render
    from eval.runs import read_run, write_file

    write_file(output, render([read_run(path) for path in runs]))
    click.echo(f"wrote {output}", err=True)


def _tell_cuts(path: Path, limit: int | None, models: tuple[str, ...], adapters: tuple[Path, ...]) -> None:
    """Print how near the cuts of models and adapters are to those of an editor, which a file has."""
    from eval.deletions import measure_cuts, read_edited
    from summarizer.models.catalogue import load_model

    abstracts = read_edited(path, limit)
    if not models and not adapters:
        models = (DEFAULT,)
    loaded: list[tuple[str, TextModel]] = []
    for name in models:
        loaded.append((name, load_model(name)))
    for adapter in adapters:
        loaded.append((adapter.name, load_model(BASE, adapter=adapter)))
    for name, model in loaded:
        figures = measure_cuts(abstracts, model)
        click.echo(f"{name}, cuts of {path.name}: {figures or 'it cuts nothing'}")


def _evaluate(
    benchmark: Benchmark,
    data: DataSet,
    *,
    models: tuple[str, ...],
    adapters: tuple[Path, ...],
    files: tuple[str, ...],
    no_baselines: bool,
    no_models: bool,
    compare_with: str | None,
    output: Path | None,
    store: Path,
    markdown: bool,
    **settings: Any,
) -> None:
    """Run the systems that were asked for; ``settings`` are those of `eval.systems.Model`."""
    from eval.report import format_run
    from eval.runs import evaluate, write_run
    from eval.systems import BASELINES, Model, Outputs, System

    if models and no_models:
        raise click.UsageError("--model and --no-models exclude each other")
    nothing_is_named = not (models or adapters or files)
    if nothing_is_named and not no_models:
        models = (DEFAULT,)
    systems: list[System] = []
    for model in models:
        systems.append(Model(benchmark, model, **settings))
    for adapter in adapters:
        systems.append(Model(benchmark, BASE, adapter=adapter, **settings))
    if not no_baselines:
        systems += BASELINES[benchmark]
    for file in files:
        name, _, path = file.partition("=")
        if not name or not path:
            raise InputError(f"--outputs takes NAME=FILE, not {file!r}")
        systems.append(Outputs(name, Path(path), data.total))
    if not systems:
        raise click.UsageError("there is nothing to evaluate: name a --model or --outputs, or keep the baselines")
    command = ["python", "-m", "eval", *sys.argv[1:]]
    run = evaluate(benchmark, data, systems, store=store, compare_with=compare_with, command=command)
    target = output or RUNS / f"{benchmark}-{data.name}.json"
    write_run(run, target)
    click.echo(format_run(run, markdown=markdown))
    click.echo(f"\nwrote {target}", err=True)
