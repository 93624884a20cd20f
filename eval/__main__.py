"""The benchmarks' command line: ``python -m eval``."""

from __future__ import annotations

import click

from eval.cleaning import cleaning


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Measure Ringkas on data that you name."""


main.add_command(cleaning)

if __name__ == "__main__":
    main(prog_name="python -m eval")
