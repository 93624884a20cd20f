"""What a command says: results on standard output, messages on standard error, an exit code."""

from __future__ import annotations

import io
import logging
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from summarizer.batching import unforeseen
from summarizer.errors import ExitCode, OutputError, RingkasError, is_out_of_memory, name_force, reason_of
from summarizer.extraction.decoding import STDIN, is_address, shown_name
from summarizer.output.terminal import Look, plain
from summarizer.storage.atomic import require_writable, write_whole
from summarizer.text.normalise import one_line

_log = logging.getLogger("summarizer")


class Commands(click.Group):
    """Commands whose errors are one line and an exit code, whatever goes wrong."""

    def main(self, *arguments: Any, **settings: Any) -> Any:
        """Run the program."""
        _prepare_streams()
        try:
            return super().main(*arguments, **settings)
        except OSError as error:
            # What --help and --version print, they print before a command is invoked.
            _exit(f"cannot write to standard output: {reason_of(error)}", ExitCode.OUTPUT)

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Read what stands in front of the command; an option that belongs behind it is told whose it is."""
        try:
            return super().parse_args(context, arguments)
        except click.NoSuchOption as error:
            raise self._name_commands(error) from None

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is named; whoever names a page or a folder in its place is told what to write."""
        name = arguments[0]
        if self.get_command(context, name) is not None:
            return super().resolve_command(context, arguments)
        quoted = shlex.quote(name)
        if _is_folder(name):
            wanted = f"ringkas batch {quoted} --output FOLDER"
            raise click.UsageError(f"no command is named; to summarise what is in {quoted}: {wanted}", context)
        if _is_page(name):
            raise click.UsageError(f"no command is named; to summarise it: ringkas summarize {quoted}", context)
        # No command has a dot or a slash in its name, and few files have neither.
        if not name.startswith("-") and re.search(r"[./\\]", name):
            raise click.UsageError(f"there is no command and no file {quoted}", context)
        return super().resolve_command(context, arguments)

    def invoke(self, context: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(context)
        except click.NoSuchOption as error:
            raise self._name_commands(error) from None
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):  # the latter: Ctrl-C or Ctrl-D at a question
            _exit("stopped", ExitCode.INTERRUPTED)
        except BrokenPipeError:
            # Who reads has seen enough.
            _exit("", ExitCode.OUTPUT_CLOSED)
        except RingkasError as error:
            _exit(worded(error), error.exit_code)
        except OSError as error:
            if _is_folder_gone():
                _exit("the folder that you are in is gone: change to another one", ExitCode.FAILED)
            _exit(one_line(f"{error.filename or 'the system'}: {reason_of(error)}"), ExitCode.FAILED)
        except Exception as error:
            _log.debug("unexpected", exc_info=True)
            reason = f"unexpected {type(error).__name__}: {one_line(str(error))} (--verbose says more)"
            _exit("there is not enough memory" if is_out_of_memory(error) else reason, ExitCode.FAILED)

    def _name_commands(self, error: click.NoSuchOption) -> click.NoSuchOption:
        """Return an error about an option with the commands that have it; the same error if there is none."""
        name = error.option_name
        having = []
        for command in sorted(self.commands):
            if any(name in (*option.opts, *option.secondary_opts) for option in self.commands[command].params):
                having.append(f"'ringkas {command}'")
        if not having:
            return error
        owners = " and ".join(filter(None, [", ".join(having[:-1]), having[-1]]))
        message = f"no such option {name} here: {owners} {'has' if len(having) == 1 else 'have'} it"
        return click.NoSuchOption(name, message, ctx=error.ctx)


def _is_folder_gone() -> bool:
    """Tell whether the working directory was deleted, so that no relative name leads anywhere."""
    try:
        os.getcwd()  # noqa: PTH109
    except FileNotFoundError:
        return True
    return False


def _is_page(name: str) -> bool:
    """Tell whether an argument seems to be a page: a file that is there, or an address."""
    with suppress(OSError, ValueError):
        return is_address(name) or Path(name).exists()
    return False


def _is_folder(name: str) -> bool:
    """Tell whether an argument is a folder that is there."""
    with suppress(OSError, ValueError):
        return Path(name).is_dir()
    return False


def worded(error: RingkasError) -> str:
    """Return the message of an error, which names Python's argument and "-", as people at a terminal call them."""
    message = name_force(str(error), "--force")
    if message.startswith(f"{STDIN} "):
        return f"standard input{message.removeprefix(STDIN)}"
    return message


def log_to_console(*, verbose: bool) -> None:
    """Let the package's log be seen: all of it, or only what a user should know."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("ringkas: %(message)s"))
    _log.handlers = [handler]
    _log.setLevel(logging.DEBUG if verbose else logging.WARNING)


def say(text: str) -> None:
    """Write to standard output.

    Raises:
        OutputError: it takes nothing.
        BrokenPipeError: who read it has gone.
    """
    try:
        click.echo(text, nl=False)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write to standard output: {reason_of(error)}") from error


def deliver(parts: Iterable[str], output: str | None) -> None:
    """Write to a file, which appears complete or not at all, or part by part to standard output."""
    if output:
        write_whole(Path(output), "".join(parts))
    else:
        for part in parts:
            say(part)


def notify(message: object) -> None:
    """Write a line to standard error."""
    click.echo(f"ringkas: {message}", err=True)


def look_of(output: str | None) -> Look:
    """Return how text is shown: on a terminal wrapped at its width, and coloured if it wants that (no-color.org).

    What goes into a file stays plain, and what goes to another program is not wrapped.
    """
    if output:
        return Look()
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    return Look(plain if is_plain else _colorize, width)


def _colorize(text: str, colour: str) -> str:
    return click.style(text, fg=colour)


def require_output(output: str | None, files: Iterable[str]) -> None:
    """Check before the work, not after it, that its result can be written, and that it takes no input's place.

    Args:
        output: the file that the result goes to; None for standard output.
        files: the inputs; ``-`` is standard input.

    Raises:
        OutputError: it can't be written, or is one of the inputs.
    """
    if output is None:
        return
    if not output:
        raise OutputError("the name of the output is empty: name a file, or leave --output out")
    if names_folder(output):
        raise OutputError(f"{shown_name(output)} is a folder: name a file in it for the result")
    target = Path(output)
    require_folder(target, "--output")
    for file in files:
        with suppress(OSError, ValueError):
            if file != STDIN and target.samefile(file):
                raise OutputError(f"{shown_name(file)} would be both read and written to: choose another --output")
    require_writable(target)


def names_folder(output: str | None) -> bool:
    """Tell whether a name is that of a folder, which need not be there: it ends as one, with a slash."""
    return output is not None and output.endswith(("/", os.sep))


def require_folder(file: Path, option: str) -> None:
    """Check that a file that an option names is to be in a folder that is there.

    Raises:
        OutputError: it isn't.
    """
    folder = file.parent
    with suppress(OSError, ValueError):
        if not folder.exists():
            raise OutputError(f"there is no folder {shown_name(folder)}: make it, or choose another {option}")


def render_each(files: Sequence[str], render: Callable[[str, str], str], output: str | None, separator: str) -> None:
    """Render each file and write what came of it; say which failed, go on with the others, and exit accordingly.

    Besides the file, ``render`` is handed its place among several, such as ``2/7 ``, for what is said meanwhile.
    """
    require_output(output, files)
    codes: set[ExitCode] = set()
    parts: list[str] = []
    wanted = tuple(dict.fromkeys(files))
    for number, file in enumerate(wanted, 1):
        place = f"{number}/{len(wanted)} " if len(wanted) > 1 else ""
        try:
            part = render(file, place)
        except Exception as error:
            if len(wanted) == 1:
                # The only file's error is that of the command.
                raise
            if not isinstance(error, RingkasError):
                _log.debug("unexpected", exc_info=True)
                error = unforeseen(shown_name(file), "processed", error)
            notify(worded(error))
            codes.add(error.exit_code)
            continue
        if output is None:
            say((separator if parts else "") + part)
        parts.append(part)
    if output is not None and parts:
        write_whole(Path(output), separator.join(parts))
    exit_with(codes)


def exit_with(codes: Collection[ExitCode]) -> None:
    """Exit with the code of what failed, if anything did; with `ExitCode.FAILED` where several codes would fit."""
    if codes:
        sys.exit(next(iter(codes)) if len(codes) == 1 else ExitCode.FAILED)


class _Forgiving(io.TextIOWrapper):
    """Standard error that may be a full disk, or a pipe that nobody reads any more.

    What can't be said is not said: the work goes on, and the exit code is what it would be.
    """

    def write(self, text: str) -> int:
        """Write a text, or nothing."""
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """Hand on what was written, or nothing."""
        with suppress(OSError):
            super().flush()


def _prepare_streams() -> None:
    """Make standard output and standard error what the program can write to, whatever they are."""
    # A stream that was closed leaves its number to the next file that is opened: a file that can't be written to
    # takes it, so that whoever tries is told; what is said to a closed standard error goes nowhere.
    if sys.stdout is None:
        sys.stdout = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    # Without a buffer (PYTHONUNBUFFERED), Python takes no notice when a full disk takes only a part of a text.
    if isinstance(getattr(sys.stdout, "buffer", None), io.FileIO):
        sys.stdout = open(sys.stdout.fileno(), "w", closefd=False, encoding="utf-8")  # noqa: SIM115
    # Not another program's stand-in for it, which may have no file behind it.
    if type(sys.stderr) is io.TextIOWrapper and sys.stderr is sys.__stderr__:
        binary = open(sys.stderr.fileno(), "wb", closefd=False)  # noqa: SIM115
        sys.stderr = _Forgiving(binary, line_buffering=True)
    # Results are UTF-8 whatever the terminal's locale says; file names may hold bytes that are not.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _exit(message: str, code: ExitCode) -> None:
    if message:
        notify(message)
    # Python would try again, as it ends, to write what couldn't be written.
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
