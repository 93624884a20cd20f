"""The command line: a thin layer over `summarizer.pipeline`."""

from __future__ import annotations

import io
import json
import logging
import os
import platform
import signal
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

import click

import summarizer
from summarizer.article import Article
from summarizer.batch.folder import FAILURES, RESULTS, lock
from summarizer.batch.inputs import GLOBS, LIST, list_files
from summarizer.batch.inputs import count as count_items
from summarizer.batch.run import Batch, Settings
from summarizer.errors import InputError, OutputError, RingkasError
from summarizer.extraction.decoding import read_raw
from summarizer.models import LENGTHS, catalogue
from summarizer.output.html import write_page
from summarizer.output.progress import Progress
from summarizer.pipeline import Summarizer
from summarizer.result import Result, format_removed
from summarizer.storage.atomic import require_writable, write_whole

_T = TypeVar("_T")

_FILES = click.argument("files", metavar="FILE...", nargs=-1, required=True)
_FORCE = click.option(
    "--force", is_flag=True, envvar="RINGKAS_FORCE", help="Take pages without an article, or in another language."
)
_OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    envvar="RINGKAS_OUTPUT",
    show_envvar=True,
    help="Write to this file instead of standard output; it appears whole or not at all.",
)
_TRANSLATE = click.option(
    "--translate",
    type=click.Choice(["abstract", "article", "none"]),
    default="abstract",
    envvar="RINGKAS_TRANSLATE",
    show_envvar=True,
    show_default=True,
    help="What to translate; 'article' means the abstract and the whole article.",
)
_LENGTH = click.option(
    "--length",
    type=click.Choice(LENGTHS),
    envvar="RINGKAS_LENGTH",
    show_envvar=True,
    help="How long the abstract shall be  [default: the model's choice]",
)


class _Notices(logging.Handler):
    """Prints what the package logs as the command prints its own warnings."""

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(f"ringkas: {record.getMessage()}", err=True)


def _model_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option(
            "--glossary",
            type=click.Path(dir_okay=False),
            envvar="RINGKAS_GLOSSARY",
            show_envvar=True,
            help="TOML file of Indonesian terms and the English that translations must give for them.",
        ),
        click.option("--offline", is_flag=True, envvar="RINGKAS_OFFLINE", help="Never touch the network."),
        click.option(
            "--threads",
            type=click.IntRange(min=1),
            envvar="RINGKAS_THREADS",
            show_envvar=True,
            help="Processor threads to use  [default: the engine's choice]",
        ),
        click.option(
            "--device",
            default="cpu",
            envvar="RINGKAS_DEVICE",
            show_envvar=True,
            show_default=True,
            help="Device of torch that models of the hub compute on.",
        ),
        click.option(
            "--engine",
            type=click.Choice(catalogue.ENGINES),
            default=catalogue.ENGINES[0],
            envvar="RINGKAS_ENGINE",
            show_envvar=True,
            show_default=True,
            help="What runs encoder-decoders; ctranslate2 computes in 8 bits.",
        ),
        click.option(
            "--translation-model",
            envvar="RINGKAS_TRANSLATION_MODEL",
            show_envvar=True,
            help="Another model for the translations.",
        ),
        click.option(
            "--summary-model",
            envvar="RINGKAS_SUMMARY_MODEL",
            show_envvar=True,
            help="Another model for the abstracts.",
        ),
        click.option(
            "--model",
            default=catalogue.DEFAULT,
            envvar="RINGKAS_MODEL",
            show_envvar=True,
            show_default=True,
            help="A name that 'ringkas models' lists, owner/name on the Hugging Face hub, a folder, or a .gguf file.",
        ),
    ):
        command = option(command)
    return command


def _version_text() -> str:
    def installed(name: str) -> str:
        try:
            return version(name)
        except PackageNotFoundError:
            return "not installed"

    return (
        f"ringkas {summarizer.__version__} (Python {platform.python_version()}, "
        f"onnxruntime {installed('onnxruntime')}, torch {installed('torch')}, "
        f"transformers {installed('transformers')})"
    )


def _print_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        click.echo(_version_text())
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Show versions."
)
def main() -> None:
    """Summarise saved Indonesian news pages and translate them into English, on this machine."""
    # Results are UTF-8 whatever the terminal's locale says; names of files may hold bytes that are none.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    logging.getLogger("summarizer").handlers = [_Notices()]


@main.command()
@_FILES
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "md", "json"]),
    default="text",
    envvar="RINGKAS_FORMAT",
    show_envvar=True,
    show_default=True,
    help="json writes one object a line.",
)
@_OUTPUT
@_TRANSLATE
@_LENGTH
@_model_options
@_FORCE
def summarize(
    files: tuple[str, ...],
    form: str,
    output: str | None,
    translate: Any,
    length: Any,
    force: bool,
    **models: Any,
) -> None:
    """Write an abstract of each article, and its English translation.

    FILE is a saved page, text or HTML; - is standard input.
    """
    ringkas = _report(lambda: Summarizer(**models, force=force, progress=True))
    _report(lambda: ringkas.check(translate))

    def render(result: Result) -> str:
        if form == "json":
            return result.to_json() + "\n"
        return result.to_markdown() if form == "md" else result.to_text()

    separator = {"text": f"\n{'-' * 72}\n\n", "md": "\n---\n\n", "json": ""}[form]
    _each(files, lambda file: render(ringkas.summarize(file, translate, length=length)), output, separator)


@main.command()
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False),
    required=True,
    envvar="RINGKAS_BATCH_OUTPUT",
    show_envvar=True,
    help="Folder for the results; what is there already isn't done again.",
)
@click.option(
    "--glob",
    "globs",
    metavar="PATTERN",
    multiple=True,
    default=GLOBS,
    help="Which files of a folder to take, upper and lower case alike; may be given several times  "
    f"[default: {' '.join(GLOBS)}]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "md", "text"]),
    default="json",
    envvar="RINGKAS_BATCH_FORMAT",
    show_envvar=True,
    show_default=True,
    help="Form of each article's own file.",
)
@_TRANSLATE
@_LENGTH
@click.option(
    "--text-field",
    metavar="NAME",
    default="text",
    envvar="RINGKAS_TEXT_FIELD",
    show_envvar=True,
    show_default=True,
    help="Field of JSON lines that holds the article.",
)
@click.option(
    "--resume/--no-resume", default=True, help="Let results of the same input, model and settings count  [default: so]"
)
@click.option(
    "--html",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    envvar="RINGKAS_HTML",
    show_envvar=True,
    help="Write a page to read all results on as well.",
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first input that fails.")
@click.option(
    "--jobs",
    type=click.IntRange(min=0),
    envvar="RINGKAS_JOBS",
    show_envvar=True,
    help="Processes that read and clean, 0 for none of their own  [default: one for each processor, at most 4]",
)
@click.option("-q", "--quiet", is_flag=True, envvar="RINGKAS_QUIET", help="Say nothing but what goes wrong.")
@_model_options
@_FORCE
def batch(
    inputs: tuple[str, ...],
    output: str,
    globs: tuple[str, ...],
    form: Any,
    translate: Any,
    length: Any,
    text_field: str,
    resume: bool,
    html: str | None,
    fail_fast: bool,
    jobs: int | None,
    quiet: bool,
    force: bool,
    **models: Any,
) -> None:
    """Summarise and translate any number of articles into a folder.

    INPUT is a folder, which is searched through and through (but for hidden files, links to folders, and what batches
    have written); a file: a page, or JSON lines with one article each; or - for a list of files and folders on standard
    input, one a line. All of them may be gzipped.

    Each article gets a file in DIR, in the folders of the inputs below the one that all inputs share; results.jsonl
    holds all of them, failures.jsonl what failed and what to do about it. A run that was stopped goes on where it was
    if it is started again with the same inputs.
    """
    settings = Settings(translate, form, text_field, force, length)
    ringkas = _report(lambda: Summarizer(**models, force=force, progress=not quiet))
    _report(lambda: ringkas.check(translate))
    processes = jobs if jobs is not None else min(4, os.cpu_count() or 1)

    runs: list[Batch] = []

    def work() -> None:
        listed = sys.stdin.buffer.read() if LIST in inputs else None
        folder = Path(output)
        files = list_files(inputs, listed, globs, [folder, Path(html)] if html else [folder])
        if not files:
            raise InputError("the list on standard input is empty")
        with lock(folder) as state:
            if html is not None:
                # Better said now than after hours of work.
                require_writable(Path(html))
            with Progress(count_items(files), quiet=quiet) as progress:
                run = Batch(ringkas, folder, state, settings, progress)
                runs.append(run)
                try:
                    run.run(files, processes=processes, fail_fast=fail_fast, resume=resume)
                except OutputError as error:
                    raise OutputError(f"{error}; what is done is kept, run the same command again to go on") from error
            if not quiet:
                _conclude(run, folder)
            if html is not None:
                write_page(Path(html), run.records, run.failures)
        if run.failures:
            sys.exit(1)

    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        _report(work)
    except KeyboardInterrupt as error:
        begun = bool(runs and runs[0].summary.seconds)
        what = f": {runs[0].summary}; run the same command again to go on" if begun else " before anything was done"
        click.echo(f"ringkas: stopped{what}", err=True)
        sys.exit(128 + (error.args[0] if error.args else signal.SIGINT))
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(number: int, _: object) -> None:
    raise KeyboardInterrupt(number)


def _conclude(run: Batch, folder: Path) -> None:
    """Say what came of a batch, in one line, and before it what might be overlooked."""
    if run.failures:
        click.echo(f"ringkas: what failed, and what to do about it: {folder / FAILURES}", err=True)
    if run.summary.others:
        kept = f"results of inputs that were not named this time: {run.summary.others}"
        click.echo(f"ringkas: {folder / RESULTS} still holds {kept}", err=True)
    click.echo(f"ringkas: {run.summary}", err=True)


@main.command()
@_FILES
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    envvar="RINGKAS_CLEAN_FORMAT",
    show_envvar=True,
    show_default=True,
    help="json writes one object a line: title, paragraphs, removed.",
)
@click.option("--show-removed", is_flag=True, help="List what was taken out, and by which rule.")
@_OUTPUT
@_FORCE
def clean(files: tuple[str, ...], form: str, show_removed: bool, output: str | None, force: bool) -> None:
    """Print the article alone, without navigation, adverts and bylines; needs no model."""
    ringkas = Summarizer(force=force)

    def render(article: Article) -> str:
        if form == "json":
            fields = {"source": article.source, "title": article.title, "paragraphs": list(article.paragraphs)}
            return json.dumps(fields | {"removed": format_removed(article)}, ensure_ascii=False) + "\n"
        parts = ([article.title] if article.title else []) + list(article.paragraphs)
        text = "\n\n".join(parts) + "\n"
        if show_removed:
            colour = output is None
            heading = f"\n{len(article.removed)} pieces were taken out:\n"
            lines = [
                f"{piece.line:>5}  {_style(piece.rule, 'cyan', colour)}: {_style(piece.text, 'red', colour)}\n"
                for piece in article.removed
            ]
            text += heading + "".join(lines)
        return text

    separator = f"\n{'-' * 72}\n\n" if form == "text" else ""
    _each(files, lambda file: render(ringkas.clean(file)), output, separator)


@main.command()
@click.argument("file", metavar="FILE|-")
@click.option("--lines", is_flag=True, help="One line in, one line out, blank ones too (for evaluation sets).")
@_OUTPUT
@_model_options
@_FORCE
def translate(
    file: str,
    lines: bool,
    output: str | None,
    force: bool,
    **models: Any,
) -> None:
    """Translate any Indonesian text into English, paragraph for paragraph."""
    ringkas = _report(lambda: Summarizer(**models, force=force, progress=True))
    _report(lambda: ringkas.check(summarize=False))

    def render(name: str) -> str:
        result = ringkas.translate(read_raw(name), lines=lines)
        for warning in result.warnings:
            click.echo(f"ringkas: warning: {warning}", err=True)
        return ("\n" if lines else "\n\n").join(result.paragraphs) + "\n"

    _each((file,), render, output, "")


@main.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; beyond this machine with a token."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8017, show_default=True, help="0 takes a free one.")
@click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--token",
    envvar="RINGKAS_TOKEN",
    show_envvar=True,
    help="What each request must bring  [default: none on this machine alone, else a new one]",
)
@click.option(
    "--history",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="RINGKAS_HISTORY",
    show_envvar=True,
    help="Where results are kept  [default: history.sqlite in the folder for your data]",
)
@click.option("--no-history", is_flag=True, help="Keep no results beyond this run.")
@_model_options
def serve(
    host: str,
    port: int,
    open_page: bool,
    token: str | None,
    history: Path | None,
    no_history: bool,
    **models: Any,
) -> None:
    """Summarise and translate on a page in the browser, and for programs over HTTP; needs 'ringkas[web]'."""
    from summarizer.output.web import server

    ringkas = _report(lambda: Summarizer(**models, progress=False))
    _report(ringkas.check)
    _report(
        lambda: server.serve(
            ringkas,
            host=host,
            port=port,
            token=token,
            history=None if no_history else history or server.default_path(),
            models=_list_models(),
            open_page=open_page,
            say=lambda address: click.echo(f"ringkas: {address} (stop with Ctrl+C)"),
        )
    )


def _list_models() -> list[dict[str, Any]]:
    return [
        {
            "name": info.name,
            "parameters": info.parameters,
            "tasks": list(info.tasks),
            "licence": info.licence,
            "noncommercial": info.noncommercial,
            "status": catalogue.status(info),
        }
        for info in catalogue.load_catalogue()
    ]


@main.group(invoke_without_command=True)
@click.pass_context
def models(context: click.Context) -> None:
    """List the models: name, size, tasks, licence, and whether they are here."""
    if context.invoked_subcommand:
        return
    rows = [("NAME", "PARAMETERS", "DOWNLOAD", "TASKS", "LICENCE", "STATUS")]
    for info in catalogue.load_catalogue():
        size = f"{info.parameters / 1e6:.0f} M"
        download = f"{info.download_mb} MB" if info.download_mb else "?"
        licence = f"{info.licence} (not for commercial use)" if info.noncommercial else info.licence
        rows.append((info.name, size, download, ", ".join(info.tasks), licence, catalogue.status(info)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@models.command("path")
@click.argument("name", default=catalogue.DEFAULT)
def models_path(name: str) -> None:
    """Print the folder of a model that is ready; exit 1 if it isn't.

    NAME is what --model takes.
    """
    _report(lambda: click.echo(catalogue.find_model(name)))


@models.command("fetch")
@click.argument("name", default=catalogue.DEFAULT)
def models_fetch(name: str) -> None:
    """Make a model ready now, so that the first article needn't wait; print its folder.

    NAME is what --model takes. A download goes on where the last one was cut off, and is checked.
    """
    _report(lambda: click.echo(catalogue.prepare_model(name, lambda step: click.echo(f"ringkas: {step}", err=True))))


def _style(text: str, colour: str, enabled: bool) -> str:
    return click.style(text, fg=colour) if enabled else text


def _fail(error: Exception) -> None:
    click.echo(f"ringkas: {error}", err=True)


def _report(work: Callable[[], _T]) -> _T:
    """Do something and return what it returns; if it fails on purpose, say why in one line and exit with 1."""
    try:
        return work()
    except RingkasError as error:
        _fail(error)
        sys.exit(1)


def _each(files: Iterable[str], render: Callable[[str], str], output: str | None, separator: str) -> None:
    """Render each file; say which failed, go on with the others, and exit with 1 if any did."""
    failed = False
    parts: list[str] = []
    for file in dict.fromkeys(files):
        try:
            part = render(file)
        except RingkasError as error:
            _fail(error)
            failed = True
            continue
        if output is None:
            click.echo((separator if parts else "") + part, nl=False)
        parts.append(part)
    if output is not None and parts:
        _report(lambda: write_whole(Path(output), separator.join(parts)))
    if failed:
        sys.exit(1)
