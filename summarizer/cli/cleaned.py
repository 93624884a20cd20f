"""Clean any number of pages into a folder, a file for each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from summarizer.batch.inputs import GLOBS, list_files
from summarizer.batch.provenance import Settings
from summarizer.batch.reading import BatchInput, open_inputs, read_article, read_bytes
from summarizer.cli.console import exit_with, notify, worded
from summarizer.errors import ExitCode, OutputError, RingkasError, telling
from summarizer.extraction.decoding import STDIN, is_address, shown_name
from summarizer.output.formats import ARTICLE_FORMATS, FORMATS
from summarizer.output.progress import Progress
from summarizer.output.terminal import PLAIN
from summarizer.storage.atomic import write_whole
from summarizer.text.normalise import counted


def clean_folder(files: Sequence[str], output: str | None, format_name: str, *, force: bool) -> None:
    """Write the article of each page below folders to a file of its own, in the same subfolders; say what failed.

    Raises:
        click.UsageError: no folder is named for the results, or an input is standard input or an address.
        OutputError: a result would take the place of an input, or can't be written.
    """
    if output is None:
        raise click.UsageError("name a folder for the articles: --output FOLDER")
    if any(file == STDIN or is_address(file) for file in files):
        raise click.UsageError("standard input and addresses can't be cleaned into a folder")
    folder = Path(output)
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{shown_name(folder)} is a file: name a folder for the articles")
    inputs = list_files(files, None, GLOBS, [folder])
    originals = {Path(file.path).resolve() for file in inputs}
    codes: set[ExitCode] = set()
    written = 0
    pages = list(open_inputs(inputs))
    with Progress(len(pages), "cleaning") as progress:
        for page in pages:
            try:
                warnings = _clean(page, folder, format_name, originals, force=force)
                written += 1
                for warning in warnings:
                    progress.say(f"warning: {page.name}: {warning}")
            except OutputError:
                raise
            except RingkasError as error:
                progress.say(worded(error))
                codes.add(error.exit_code)
            progress.advance(1)
    notify(f"{counted(written, 'article')} written to {folder}" + (f", {len(pages) - written} failed" if codes else ""))
    exit_with(codes)


def _clean(page: BatchInput, folder: Path, format_name: str, originals: set[Path], *, force: bool) -> Sequence[str]:
    """Write the article of a page; return what is to be known of it."""
    article = read_article(page, read_bytes(page), Settings(force=force))
    fields = article.to_dict()
    name = page.name if page.line is None else f"{page.name.rpartition(':')[0]}/{page.line:06}"
    target = folder / f"{name}{FORMATS[format_name].ending}"
    if target.resolve() in originals:
        raise OutputError(f"{shown_name(target)} would be both read and written to: choose another --output")
    with telling(f"cannot write to {shown_name(folder)}", OutputError):
        target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, ARTICLE_FORMATS[format_name](fields, False, PLAIN))
    return article.warnings
