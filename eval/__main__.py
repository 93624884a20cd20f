"""The benchmarks' command line: ``python -m eval``."""

from __future__ import annotations

import io
import sys
from typing import Any

import click

from eval.checker import checker
from eval.cleaning import cleaning
from eval.commands import report, summaries, translations
from eval.confidence import confidence
from eval.guidance import guidance
from eval.speed import speed
from eval.wordlists import wordlists
from summarizer.errors import RingkasError, reason_of


class _Commands(click.Group):
    """Commands that say in one line what is wrong with what they were given."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(context)
        except RingkasError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            # Who reads has seen enough: click ends quietly.
            raise
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'the system'}: {reason_of(error)}") from error
        except MemoryError as error:
            raise click.ClickException(f"there is not enough memory: {error}") from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Measure Ringkas on data that you name."""
    # Results are UTF-8 whatever the terminal's locale says.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


for command in (summaries, translations, cleaning, checker, confidence, guidance, speed, report, wordlists):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m eval")
