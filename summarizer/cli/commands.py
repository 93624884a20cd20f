"""The commands: a thin layer over `summarizer.summarizer`."""

from __future__ import annotations

import io
import json
import logging
import os
import platform
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

import summarizer
from summarizer import models as catalogue
from summarizer.batch.cluster import JobSummary, summarize_files
from summarizer.batch.inputs import LIST, list_files
from summarizer.batch.provenance import Settings
from summarizer.batch.reading import count as count_inputs
from summarizer.batch.results import FAILURES, RESULTS, lock
from summarizer.batch.run import Batch
from summarizer.batch.targets import is_of_batch, require_apart
from summarizer.batching import GROUP, unforeseen
from summarizer.cli.options import (
    BATCH_OPTIONS,
    FILES,
    FORCE,
    LENGTH,
    MODEL_OPTIONS,
    OUTPUT,
    SERVE_OPTIONS,
    TRANSLATE,
    complete_model,
    format_option,
    option,
    options,
)
from summarizer.errors import InputError, ModelError, OutputError, RingkasError, is_out_of_memory, reason_of
from summarizer.extraction.decoding import STDIN, read_raw, read_stdin, shown_name
from summarizer.models import DEFAULT, ModelInfo, Task
from summarizer.output.forms import FORMS, SEPARATORS, Form, Style, join_paragraphs, render, render_article
from summarizer.output.html import write_page
from summarizer.output.progress import BatchProgress
from summarizer.output.table import write_csv, write_tsv
from summarizer.storage.atomic import require_writable, write_whole
from summarizer.summarizer import Summarizer, clean_source
from summarizer.text.normalise import one_line
from summarizer.writing.translation import Translation

_log = logging.getLogger("summarizer")


class _Notices(logging.Handler):
    """Prints what the package logs as the command prints its own warnings."""

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(f"ringkas: {self.format(record)}", err=True)


class _Commands(click.Group):
    """Commands whose errors are one line and an exit code, whatever goes wrong."""

    def main(self, *arguments: Any, **settings: Any) -> Any:
        """Run the program; what `--help` and `--version` print, they print before a command is invoked."""
        try:
            return super().main(*arguments, **settings)
        except OSError as error:
            _fail(f"cannot write to standard output: {reason_of(error)}")
            _forget_output()
            sys.exit(1)

    def invoke(self, context: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(context)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            error, code = "stopped", 128 + signal.SIGINT
        except BrokenPipeError:
            # Who reads has seen enough.
            error, code = "", 128 + signal.SIGPIPE
        except RingkasError as known:
            error, code = str(known), 1
        except OSError as failed:
            error, code = one_line(f"{failed.filename or 'the system'}: {reason_of(failed)}"), 1
        except Exception as unforeseen:
            _log.debug("unexpected", exc_info=True)
            reason = f"unexpected {type(unforeseen).__name__}: {one_line(str(unforeseen))} (--verbose says more)"
            error, code = "there is not enough memory" if is_out_of_memory(unforeseen) else reason, 1
        if error:
            _fail(error)
        _forget_output()
        sys.exit(code)


def _say(text: str) -> None:
    """Write to standard output, or say in one line why that can't be done."""
    if sys.stdout is None:
        raise OutputError("cannot write to standard output: it is closed")
    try:
        click.echo(text, nl=False)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = reason_of(error)
        raise OutputError(f"cannot write to standard output: {reason}") from error


def _forget_output() -> None:
    """Keep Python from trying again, as it ends, to write what couldn't be written."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


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


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Show versions."
)
@click.option("-v", "--verbose", is_flag=True, help="Say what is going on, and where an error comes from.")
def main(verbose: bool) -> None:
    """Summarise saved Indonesian news pages and translate them into English, on this machine."""
    if sys.stderr is None:
        # It was closed: nobody hears what is said, and no other file gets its number.
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    # Results are UTF-8 whatever the terminal's locale says; file names may hold bytes that are not.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    _log.handlers = [_Notices()]
    _log.setLevel(logging.DEBUG if verbose else logging.WARNING)


@main.command()
@FILES
@format_option(FORMS, help="json writes one object per line.")
@options(OUTPUT, TRANSLATE, LENGTH, *MODEL_OPTIONS, FORCE)
def summarize(
    files: tuple[str, ...],
    form: Form,
    output: str | None,
    translate: Any,
    length: Any,
    force: bool,
    **models: Any,
) -> None:
    """Write an abstract of each article, and its English translation.

    FILE is a saved page, text or HTML; - is standard input.
    """
    ringkas = Summarizer(**models, force=force, progress=True)
    ringkas.check(translate)
    if translate != "none":
        _advise(ringkas)

    def work(file: str) -> str:
        result = ringkas.summarize(file, translate, length=length)
        return render(result.to_dict(), form, style=_painter(output))

    _each(files, work, output, SEPARATORS[form])


@main.command()
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@options(*BATCH_OPTIONS, *MODEL_OPTIONS, FORCE)
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
    csv: str | None,
    tsv: str | None,
    fail_fast: bool,
    jobs: int | None,
    quiet: bool,
    force: bool,
    cluster: str | None,
    id_field: str,
    **models: Any,
) -> None:
    """Summarise and translate any number of articles into a folder.

    INPUT is a folder, which is searched recursively (skipping hidden files, links to folders, and the output of
    batches); a file, either a page or JSON lines with one article each; or - for a list of files and folders on
    standard input, one per line. Any file may be gzipped.

    Each article gets a file in DIR, in the same subfolders as the inputs. results.jsonl holds all results;
    failures.jsonl says what failed and what to do about it. A run that was stopped resumes when it is started again
    with the same inputs.

    With --cluster, INPUT may also be a Parquet file or a URI such as s3://bucket/folder, and the results are Parquet.
    """
    if not output:
        raise OutputError("the name of the output folder is empty")
    settings = Settings(translate, form, text_field, force, length)
    ringkas = Summarizer(**models, force=force, progress=not quiet)
    ringkas.check(translate)
    if translate != "none" and not quiet:
        _advise(ringkas)
    if cluster is not None:
        _require_unused("form", "resume", "html", "csv", "tsv", "fail_fast", "jobs")
        job = summarize_files(
            inputs, output, ringkas, settings, address=cluster, globs=globs, id_column=id_field, progress=not quiet
        )
        _conclude_job(job, quiet=quiet)
        return
    processes = jobs if jobs is not None else min(4, os.cpu_count() or 1)

    runs: list[Batch] = []

    def work() -> None:
        listed = read_stdin() if LIST in inputs else None
        folder = Path(output)
        given = {"--html": html, "--csv": csv, "--tsv": tsv}
        pages = {name: Path(page) for name, page in given.items() if page is not None}
        files = list_files(inputs, listed, globs, [folder, *filter(is_of_batch, pages.values())])
        if not files:
            raise InputError("the list on standard input is empty")
        require_apart(files, folder, pages)
        with lock(folder) as state:
            for page in pages.values():
                # Better to say so now than after hours of work.
                require_writable(page)
            with BatchProgress(count_inputs(files), quiet=quiet) as progress:
                run = Batch(ringkas, folder, state, settings, progress)
                runs.append(run)
                try:
                    run.run(files, processes=processes, fail_fast=fail_fast, resume=resume)
                except OutputError as error:
                    raise OutputError(
                        f"{error}; finished results are kept; run the same command again to resume"
                    ) from error
            if not quiet:
                _conclude(run, folder)
            _write_all(run, html, csv, tsv)
        if run.failures:
            sys.exit(1)

    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        work()
    except KeyboardInterrupt as error:
        begun = bool(runs and runs[0].summary.seconds)
        what = f": {runs[0].summary}; run the same command again to resume" if begun else " before anything was done"
        click.echo(f"ringkas: stopped{what}", err=True)
        sys.exit(128 + (error.args[0] if error.args else signal.SIGINT))
    finally:
        signal.signal(signal.SIGTERM, before)


def _write_all(run: Batch, html: str | None, csv: str | None, tsv: str | None) -> None:
    """Write the files that hold all results of a batch."""
    if html is not None:
        write_page(Path(html), run.records, run.failures, version=summarizer.__version__)
    if csv is not None:
        write_csv(Path(csv), run.records())
    if tsv is not None:
        write_tsv(Path(tsv), run.records())


def _require_unused(*names: str) -> None:
    """Refuse options that a cluster has no use for."""
    context = click.get_current_context()
    for parameter in context.command.params:
        given = context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
        if parameter.name in names and given:
            raise click.UsageError(f"{parameter.opts[-1]} can't be used with --cluster")


def _conclude_job(job: JobSummary, *, quiet: bool) -> None:
    if not quiet:
        click.echo(f"{job.statistics}\nringkas: {job}", err=True)
    if job.failed:
        click.echo("ringkas: the column 'error' of the results says what failed", err=True)
        sys.exit(1)


def _interrupt(number: int, _: object) -> None:
    raise KeyboardInterrupt(number)


def _conclude(run: Batch, folder: Path) -> None:
    """Report a batch in one line, and before that, what might be overlooked."""
    if run.failures:
        click.echo(f"ringkas: what failed, and what to do about it: {folder / FAILURES}", err=True)
    if run.summary.others:
        kept = f"results of inputs that were not named this time: {run.summary.others}"
        click.echo(f"ringkas: {folder / RESULTS} still holds {kept}", err=True)
    click.echo(f"ringkas: {run.summary}", err=True)


@main.command()
@FILES
@format_option(("text", "json"), "CLEAN_FORMAT", help="json writes one object per line: title, paragraphs, removed.")
@option("--show-removed", variable="", is_flag=True, help="List what was removed, and by which rule.")
@options(OUTPUT, FORCE)
def clean(files: tuple[str, ...], form: Form, show_removed: bool, output: str | None, force: bool) -> None:
    """Print only the article, without navigation, adverts or bylines; needs no model."""

    def work(file: str) -> str:
        fields = clean_source(file, force=force).to_dict()
        if form == "json":
            shown = ("source", "title", "paragraphs", "removed", "warnings")
            return render({name: fields[name] for name in shown if name in fields}, form)
        for warning in fields.get("warnings", ()):
            click.echo(f"ringkas: warning: {shown_name(file)}: {warning}", err=True)
        return render_article(fields, show_removed=show_removed, style=_painter(output))

    _each(files, work, output, SEPARATORS[form])


@main.command()
@click.argument("file", metavar="FILE|-")
@option(
    "--lines",
    variable="",
    is_flag=True,
    help="Write one line for each line read, blank ones too (for evaluation sets).",
)
@format_option(
    ("text", "json"),
    "TRANSLATE_FORMAT",
    help="json writes one object per paragraph or line: source, translation, confidence, reasons.",
)
@options(OUTPUT, *MODEL_OPTIONS, FORCE)
def translate(file: str, lines: bool, form: Form, output: str | None, force: bool, **models: Any) -> None:
    """Translate any Indonesian text into English, paragraph by paragraph.

    Of a saved HTML page, the headline and the article are translated.
    """
    _require_output(output, [file])
    ringkas = Summarizer(**models, force=force, progress=True)
    ringkas.check(summarize=False)
    _advise(ringkas)

    def show(parts: Iterable[Translation], join: Callable[[Sequence[str]], str]) -> Iterator[str]:
        for part in parts:
            if form == "json":
                yield "".join(render(record, form) for record in part.to_records())
                continue
            for warning in part.warnings:
                click.echo(f"ringkas: warning: {warning}", err=True)
            yield join(part.paragraphs) + "\n"

    if lines:
        # Who reads objects wants each as soon as it is there.
        at_a_time = GROUP if form == "json" else None
        shown = show(ringkas.translate_parts(read_raw(file), lines=True, at_a_time=at_a_time), "\n".join)
    else:
        shown = show([ringkas.translate_page(file).translation], join_paragraphs)
    if output:
        write_whole(Path(output), "".join(shown))
    else:
        for text in shown:
            _say(text)


@main.command()
@options(*SERVE_OPTIONS, *MODEL_OPTIONS)
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
        about={"version": summarizer.__version__, "models": _list_models()},
        open_page=open_page,
        say=lambda address: click.echo(f"ringkas: {address} (stop with Ctrl+C)"),
    )


def _list_models() -> list[dict[str, Any]]:
    shown = ("name", "parameters", "tasks", "licence", "noncommercial", "status")
    rows = map(catalogue.describe, catalogue.load_catalogue())
    return [{name: row[name] for name in shown} for row in rows]


@main.group(invoke_without_command=True)
@format_option(("text", "json"), variable="")
@click.pass_context
def models(context: click.Context, form: str) -> None:
    """List the models, with licence, published quality and status."""
    if context.invoked_subcommand:
        return
    infos = catalogue.load_catalogue()
    if form == "json":
        _say(json.dumps([catalogue.describe(info) for info in infos], indent=2, ensure_ascii=False) + "\n")
        return
    from tabulate import tabulate

    headers = (
        "NAME",
        "PARAMETERS",
        "DOWNLOAD",
        "TASKS",
        "LANGUAGES",
        "LICENCE",
        "PUBLISHED QUALITY",
        "DEFAULT FOR",
        "STATUS",
    )
    _say(tabulate(map(_model_row, infos), headers=headers, tablefmt="plain", disable_numparse=True) + "\n")


def _model_row(info: ModelInfo) -> tuple[str, ...]:
    row = catalogue.describe(info)
    licence = f"{info.licence} (not for commercial use)" if info.noncommercial else info.licence
    size, download = f"{info.parameters / 1e6:.0f} M", f"{info.download_mb} MB" if info.download_mb else "?"
    default = ", ".join(row["default_for"])
    tasks, languages = ", ".join(row["tasks"]), ", ".join(row["languages"])
    return info.name, size, download, tasks, languages, licence, info.quality, default, row["status"]


@models.command("path")
@click.argument("name", default=DEFAULT, shell_complete=complete_model)
def models_path(name: str) -> None:
    """Print the folder of a model that is ready; exit 1 if it isn't.

    NAME is what --model takes.
    """
    _say(f"{catalogue.find_model(name)}\n")


@models.command("fetch")
@click.argument("name", default=DEFAULT, shell_complete=complete_model)
def models_fetch(name: str) -> None:
    """Prepare a model now, so that the first article need not wait; print its folder.

    NAME is what --model takes. An interrupted download is resumed, and every download is verified.
    """
    folder = catalogue.prepare_model(name, lambda step: click.echo(f"ringkas: {step}", err=True))
    _say(f"{folder}\n")


@models.command("verify")
@click.argument("name", default=DEFAULT, shell_complete=complete_model)
def models_verify(name: str) -> None:
    """Compare all files of a model with the digests recorded when it was made; exit 1 if any is damaged.

    NAME is what --model takes.
    """
    if damaged := catalogue.verify_model(name):
        raise ModelError(f"{name} is damaged: {', '.join(damaged)}; run 'ringkas models remove {name}', then fetch it")
    _say(f"{name} is undamaged\n")


@models.command("remove")
@click.argument("name", shell_complete=complete_model)
def models_remove(name: str) -> None:
    """Remove a model from this machine to free up space; print the folder that was removed.

    NAME is what --model takes.
    """
    _say(f"{catalogue.remove_model(name)}\n")


_USES = {"summaries": Task.SUMMARIZE, "translations": Task.TRANSLATE}


@models.command("use")
@click.argument("name", shell_complete=complete_model)
@click.option("--for", "use", type=click.Choice(tuple(_USES)), help="Use it only for these  [default: all it can do]")
def models_use(name: str, use: str | None) -> None:
    """Make a model the default from now on; options and variables override it.

    NAME is what --model takes.
    """
    catalogue.set_default(name, (_USES[use],) if use else catalogue.find_info(name).tasks)
    _show_defaults()


@models.command("default")
def models_default() -> None:
    """Show which models are used when none is named."""
    _show_defaults()


@models.command("reset")
def models_reset() -> None:
    """Make the embedded model the default again."""
    catalogue.reset_default()
    _show_defaults()


def _show_defaults() -> None:
    for use, task in _USES.items():
        _say(f"{use}: {catalogue.default_model(task)}\n")


@main.command()
def setup() -> None:
    """Fetch the recommended models and make them the default.

    Run it again after an interrupted download.
    """
    for task, name in catalogue.RECOMMENDED.items():
        info = catalogue.find_info(name)
        state = catalogue.status(info).replace("missing", f"{info.download_mb} MB")
        click.echo(f"ringkas: {task}: {name} ({info.licence}), {state}", err=True)
    for name in catalogue.RECOMMENDED.values():
        catalogue.prepare_model(name, lambda step: click.echo(f"ringkas: {step}", err=True))
    # All or nothing: what a broken download leaves is the choice as it was.
    for task, name in catalogue.RECOMMENDED.items():
        catalogue.set_default(name, (task,))
    _show_defaults()


def _advise(ringkas: Summarizer) -> None:
    """Say once, to a person, that a better translator can be had."""
    if sys.stderr.isatty() and (line := catalogue.advice(ringkas.model_name(Task.TRANSLATE))):
        click.echo(f"ringkas: {line}", err=True)


def _fail(error: object) -> None:
    click.echo(f"ringkas: {error}", err=True)


def _painter(output: str | None) -> Style:
    """Return what colours text for a terminal that wants it (no-color.org); what goes into a file stays plain."""
    plain = bool(output or os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return lambda text, colour: text if plain else click.style(text, fg=colour)


def _require_output(output: str | None, files: Iterable[str]) -> None:
    """Check before the work, not after it, that its result can be written, and that it takes no input's place."""
    if output is None:
        return
    target = Path(output)
    for file in files:
        with suppress(OSError, ValueError):
            if file != STDIN and target.samefile(file):
                raise OutputError(f"{shown_name(file)} would be both read and written to: choose another --output")
    require_writable(target)


def _each(files: Sequence[str], render: Callable[[str], str], output: str | None, separator: str) -> None:
    """Render each file; say which failed, go on with the others, and exit with 1 if any did."""
    _require_output(output, files)
    failed = False
    parts: list[str] = []
    wanted = tuple(dict.fromkeys(files))
    for file in wanted:
        try:
            part = render(file)
        except RingkasError as error:
            _fail(error)
            failed = True
            continue
        except Exception as error:
            # The only file's error is that of the command, which has a message and an exit code for each kind.
            if len(wanted) == 1:
                raise
            _log.debug("unexpected", exc_info=True)
            _fail(unforeseen(shown_name(file), "processed", error))
            failed = True
            continue
        if output is None:
            _say((separator if parts else "") + part)
        parts.append(part)
    if output is not None and parts:
        write_whole(Path(output), separator.join(parts))
    if failed:
        sys.exit(1)
