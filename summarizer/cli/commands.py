"""The commands: a thin layer over `summarizer.summarizer`."""

from __future__ import annotations

import os
import platform
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from textwrap import shorten
from typing import Any

import click
from click.core import ParameterSource

import summarizer
from summarizer.article import Stage
from summarizer.batch.provenance import Settings
from summarizer.cleaning import clean_source
from summarizer.cli import options
from summarizer.cli.batched import FolderBatch, summarize_on_cluster
from summarizer.cli.cleaned import clean_folder
from summarizer.cli.console import (
    Commands,
    deliver,
    log_to_console,
    look_of,
    names_folder,
    notify,
    render_each,
    require_output,
    say,
)
from summarizer.cli.help import GroupedCommand
from summarizer.cli.models import models, setup
from summarizer.cli.offer import offer_translator
from summarizer.cli.sources import open_source
from summarizer.errors import ExitCode, InputError, OutputError
from summarizer.extraction.decoding import STDIN, is_address, read_raw, shown_name
from summarizer.extraction.html import is_html
from summarizer.glossing import gloss as gloss_source
from summarizer.output.doubts import DRAFT, UNMARKED, page_warnings
from summarizer.output.formats import (
    ARTICLE_FORMATS,
    EXPORTS,
    FORMATS,
    join_paragraphs,
    mark_paragraphs,
    render,
)
from summarizer.output.glosses import render_glosses
from summarizer.output.progress import Progress
from summarizer.result import Translation
from summarizer.summarizer import Summarizer

# A backspace keeps the lines of a paragraph apart in click's help.
_BATCH_EXAMPLES = """\b
Examples:
  ringkas batch pages/ --output results/ --csv all.csv
  ringkas batch articles.jsonl.gz --output results/ --html all.html
  find pages/ -name '*.html' | ringkas batch - --output results/
"""


def _print_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        parts = [f"{name} {version(name)}" for name in ("onnxruntime", "torch", "transformers")]
        click.echo(f"ringkas {summarizer.__version__} (Python {platform.python_version()}, {', '.join(parts)})")
        context.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Show versions."
)
@click.option("-v", "--verbose", is_flag=True, help="Say what is going on, and where an error comes from.")
def main(verbose: bool) -> None:
    """Summarise saved Indonesian news pages and translate them into English, on this machine."""
    log_to_console(verbose=verbose)


main.add_command(models)
main.add_command(setup)


@main.command(cls=GroupedCommand)
@options.FILES
@options.format_option(FORMATS, help="json writes one object per line.")
@options.apply(
    options.OUTPUT,
    options.KEEP,
    options.TRANSLATE,
    options.LENGTH,
    *options.MODEL_OPTIONS,
    options.FORCE,
    options.QUIET,
)
def summarize(
    files: tuple[str, ...],
    format_name: str,
    output: str | None,
    keep: str | None,
    translate: Any,
    length: Any,
    force: bool,
    quiet: bool,
    **models: Any,
) -> None:
    """Write an abstract of each article, and its English translation.

    FILE is a saved page: text, HTML, a mail or a web archive; - is standard input; an address that begins with https://
    or http:// is fetched.
    """
    ringkas = _prepare(translate, force=force, quiet=quiet, **models)

    def work(file: str, place: str) -> str:
        source = open_source(file, offline=models["offline"], keep=keep)
        with Progress(1, f"{place}reading", shown=not quiet) as progress:

            def enter(stage: Stage) -> None:
                progress.describe(f"{place}{stage}")

            result = ringkas.summarize(source, translate, length=length, advance=progress.advance, enter=enter)
        return render(result.to_dict(), format_name, look_of(output))

    render_each(files, work, output, FORMATS[format_name].separator)


@main.command(cls=GroupedCommand, epilog=_BATCH_EXAMPLES)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@options.apply(*options.BATCH_OPTIONS, *options.MODEL_OPTIONS, options.FORCE)
def batch(
    inputs: tuple[str, ...],
    output: str,
    globs: tuple[str, ...],
    format_name: str,
    translate: Any,
    length: Any,
    text_field: str,
    resume: bool,
    fail_fast: bool,
    fail_on_doubt: bool,
    jobs: int,
    quiet: bool,
    force: bool,
    cluster: str | None,
    id_field: str,
    **others: Any,
) -> None:
    """Summarise and translate any number of articles into a folder.

    INPUT is a folder, which is searched recursively (skipping hidden files, links to folders, and the output of
    batches); a file: a page, JSON lines with one article each, or pages in WARC or WET; or - for a list of files and
    folders on standard input, one per line. Any file may be gzipped.

    Each article gets a file in the folder that --output names, in the same subfolders as the inputs. results.jsonl
    holds all results; failures.jsonl says what failed and what to do about it. A run that was stopped resumes when it
    is started again with the same inputs.

    With --cluster, INPUT may also be a Parquet file or a URI such as s3://bucket/folder, and the results are Parquet.
    """
    if not output or (cluster is None and "://" in output):
        raise OutputError(f"{output!r} is no folder for results; a URI is one only with --cluster")
    exports = _take_exports(others)
    settings = Settings(translate, format_name, text_field, force, length)
    ringkas = Summarizer(**others, force=force, progress=not quiet)
    ringkas.check(translate)
    if cluster is not None:
        _refuse_with_cluster("format_name", "resume", "fail_fast", "fail_on_doubt", "jobs", *EXPORTS)
        summarize_on_cluster(
            ringkas, settings, inputs, output, address=cluster, globs=globs, id_column=id_field, quiet=quiet
        )
        return
    in_folder = FolderBatch(ringkas, settings, Path(output), exports, quiet)
    run = in_folder.summarize(inputs, globs=globs, jobs=jobs, fail_fast=fail_fast, resume=resume)
    if run.failures:
        sys.exit(ExitCode.FAILED)
    if fail_on_doubt and run.summary.doubtful:
        notify(f"results with doubtful sentences: {run.summary.doubtful}")
        sys.exit(ExitCode.DOUBTFUL)


def _take_exports(options_given: dict[str, Any]) -> dict[str, Path]:
    """Take out of a command's options the files for all results, by the names in `EXPORTS`."""
    exports: dict[str, Path] = {}
    for name in EXPORTS:
        file = options_given.pop(name)
        if file is not None:
            exports[name] = Path(file)
    return exports


def _refuse_with_cluster(*names: str) -> None:
    """Refuse options that a cluster has no use for."""
    context = click.get_current_context()
    for parameter in context.command.params:
        given = context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
        if parameter.name in names and given:
            raise click.UsageError(f"{parameter.opts[-1]} can't be used with --cluster")


@main.command(short_help="Print only the article of a page; needs no model.")
@options.FILES
@options.format_option(
    ARTICLE_FORMATS,
    variable="CLEAN_FORMAT",
    help="json writes one object per line: title, paragraphs, removed and more.",
)
@options.option("--show-removed", variable="", is_flag=True, help="List what was removed, and by which rule.")
@options.apply(options.OUTPUT_OR_FOLDER, options.KEEP, options.OFFLINE, options.FORCE)
def clean(
    files: tuple[str, ...],
    format_name: str,
    show_removed: bool,
    output: str | None,
    keep: str | None,
    offline: bool,
    force: bool,
) -> None:
    """Print only the article, without navigation, adverts or bylines; needs no model.

    FILE is a saved page: text, HTML, a mail or a web archive; - is standard input; an address that begins with https://
    or http:// is fetched.
    """
    # An empty name is that of no folder, and a name may be longer than any file's.
    has_folder = any(place and os.path.isdir(place) for place in (*files, output))  # noqa: PTH112
    if has_folder or names_folder(output):
        if show_removed:
            raise click.UsageError("--show-removed is for one page at a time: ringkas clean PAGE --show-removed")
        clean_folder(files, output, format_name, force=force)
        return

    def work(file: str, _place: str) -> str:
        fields = clean_source(open_source(file, offline=offline, keep=keep), force=force).to_dict()
        if format_name != "json":
            for warning in fields.get("warnings", ()):
                notify(f"warning: {shown_name(file)}: {warning}")
        return ARTICLE_FORMATS[format_name](fields, show_removed, look_of(output))

    render_each(files, work, output, FORMATS[format_name].separator)


@main.command(cls=GroupedCommand, short_help="Translate any Indonesian text into English.")
@click.argument("files", metavar="FILE", nargs=-1, required=True)
@options.option(
    "--lines",
    group="Results",
    variable="",
    is_flag=True,
    help="Write one unmarked line for each line read, blank ones too (for evaluation sets).",
)
@options.format_option(
    variable="TRANSLATE_FORMAT",
    help="json writes one object per paragraph or line: source, translation, confidence, reasons.",
)
@options.apply(options.OUTPUT, options.KEEP, *options.TRANSLATOR_OPTIONS, options.FORCE, options.QUIET)
def translate(
    files: tuple[str, ...],
    lines: bool,
    format_name: str,
    output: str | None,
    keep: str | None,
    force: bool,
    quiet: bool,
    **models: Any,
) -> None:
    """Translate any Indonesian text into English, paragraph by paragraph.

    Of a saved page, HTML or a web archive, the headline and the article are translated. - is standard input; an
    address that begins with https:// or http:// is fetched.
    """
    file = _require_one_file(files, "translate", "translated")
    require_output(output, [file])
    ringkas = _prepare("abstract", summarize=False, force=force, quiet=quiet, **models)
    source = open_source(file, offline=models["offline"], keep=keep)

    def show(parts: Iterable[Translation], join: Callable[[Sequence[str]], str]) -> Iterator[str]:
        for part in parts:
            if format_name == "json":
                yield "".join(render(record, "json") for record in part.to_records())
                continue
            fields = part.to_dict()
            # What is said of a sentence, its mark says, but lines have no marks.
            warnings = part.warnings if lines else page_warnings(fields)
            for warning in () if quiet else warnings:
                notify(f"warning: {warning}")
            if lines:
                yield join(part.paragraphs) + "\n"
                continue
            if not quiet:
                notify(DRAFT)
            paragraphs, notes = mark_paragraphs(fields, look_of(output))
            yield join(paragraphs) + "\n"
            if notes:
                yield "\n" + "\n".join(notes) + "\n"

    if lines:
        shown = show(ringkas.translate_lines(read_raw(source)), "\n".join)
    else:
        shown = show([ringkas.translate_page(source).translation], join_paragraphs)
    deliver(shown, output)


def _require_one_file(files: Sequence[str], command: str, done: str) -> str:
    """Return the one file that a command takes; whoever writes words in its place, quoted or not, is told how.

    Args:
        files: what was named.
        command: what reads it.
        done: what then happens to it, in a word.

    Raises:
        click.UsageError: there are several files.
        InputError: there are words of a text.
    """
    words = " ".join(files).strip()
    first = files[0]
    seems_text = " " in words or words.isalpha()
    if first != STDIN and seems_text and not is_address(first) and not Path(first).exists():
        text = shlex.quote(shorten(words, 60, placeholder="..."))
        raise InputError(f"there is no file {text}; to {command} a text: echo {text} | ringkas {command} -")
    if len(files) > 1:
        raise click.UsageError(f"one file at a time can be {done}; 'ringkas batch' takes any number of pages")
    return first


@main.command()
@click.argument("files", metavar="FILE", nargs=-1, required=True)
@options.format_option(variable="GLOSS_FORMAT", help="json writes one object per sentence.")
@options.apply(options.OUTPUT, options.KEEP, options.OFFLINE, options.FORCE)
def gloss(
    files: tuple[str, ...], format_name: str, output: str | None, keep: str | None, offline: bool, force: bool
) -> None:
    """Say what the words of an Indonesian text mean; needs no model.

    Of a saved page, HTML or a web archive, only the headline and the article are looked up. - is standard input; an
    address that begins with https:// or http:// is fetched.
    """
    file = _require_one_file(files, "gloss", "looked up")
    require_output(output, [file])
    sentences = gloss_source(open_source(file, offline=offline, keep=keep), force=force)
    records = [sentence.to_dict() for sentence in sentences]
    if format_name == "json":
        shown = [render(record, "json") for record in records]
    else:
        shown = ["\n".join(map(render_glosses, records))]
    deliver(shown, output)


@main.command()
@click.argument("source", metavar="SOURCE")
@click.argument("translation", metavar="TRANSLATION")
@options.format_option(
    variable="CHECK_FORMAT", help="json writes one object per line: source, translation, confidence, reasons."
)
@options.apply(options.OUTPUT, options.THREADS, options.OFFLINE, options.GLOSSARY, options.CONFIDENCE, options.FORCE)
def check(source: str, translation: str, format_name: str, output: str | None, **settings: Any) -> None:
    """Mark what is doubtful in a translation, whoever made it.

    SOURCE is Indonesian text; TRANSLATION its English, with a line for each line of SOURCE. One of them may be -, for
    standard input.
    """
    if source == translation == "-":
        raise click.UsageError("only one of them can be standard input")
    require_output(output, [source, translation])
    ringkas = Summarizer(**settings, progress=True)
    checked = ringkas.check_translation(_read_plain(source), _read_plain(translation))
    records = checked.to_records()
    if format_name == "json":
        text = "".join(render(record, "json") for record in records)
    else:
        marked, notes = mark_paragraphs(checked.to_dict(), look_of(output))
        text = "\n".join([*marked, ""])
        if notes:
            text += "\n" + "\n".join([*notes, ""])
    deliver([text], output)
    doubtful = sum(bool(record["reasons"]) for record in records)
    # A line that is blank on both sides has nothing to be doubted.
    with_text = sum(bool(record["source"] or record["translation"]) for record in records)
    notify(f"doubtful lines: {doubtful} of {with_text}; {UNMARKED}")


def _read_plain(name: str) -> str:
    """Return a text that is to be compared line by line.

    Raises:
        InputError: it can't be read, or is HTML.
    """
    text = read_raw(name)
    if is_html(text):
        reason = f"{shown_name(name)} is HTML, but plain text is compared, line by line"
        raise InputError(f"{reason}: 'ringkas clean' makes it of a page")
    return text


@main.command(cls=GroupedCommand, short_help="Serve a page to work on in the browser, and an HTTP API.")
@options.apply(*options.SERVE_OPTIONS, *options.MODEL_OPTIONS)
def serve(
    host: str, port: int, open_page: bool, token: str | None, history: Path | None, no_history: bool, **models: Any
) -> None:
    """Serve a page for working in the browser, and an HTTP API for programs.

    It needs the extra "web": in a checkout, pip install --editable '.[web]'.
    """
    from summarizer.web import server

    ringkas = Summarizer(**models, progress=False)
    ringkas.check()
    server.serve(
        ringkas,
        host=host,
        port=port,
        token=token,
        history=None if no_history else history or server.default_path(),
        open_page=open_page,
        say=lambda address: say(f"ringkas: {address} (stop with Ctrl+C)\n"),
    )


def _prepare(translate: Any, *, summarize: bool = True, quiet: bool, **settings: Any) -> Summarizer:
    """Return what does the work, with the better translator if whoever is asked wants it."""
    ringkas = Summarizer(**settings, progress=not quiet)
    ringkas.check(translate, summarize=summarize)
    if translate != "none" and offer_translator(settings, quiet=quiet):
        return Summarizer(**settings, progress=True)
    return ringkas
