"""The options of the commands, as tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import click

from summarizer import models as catalogue
from summarizer.batch.cluster.job import LOCAL
from summarizer.batch.inputs import GLOBS
from summarizer.models import ENGINES, LENGTHS
from summarizer.summarizer import TRANSLATE as TRANSLATIONS


def complete_model(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Return the models whose names begin so, for completion in a shell."""
    return [info.name for info in catalogue.load_catalogue() if info.name.startswith(begun)]


FILES = click.argument("files", metavar="FILE...", nargs=-1, required=True)
Command = Callable[..., None]


def option(*names: str, variable: str | None = None, **settings: Any) -> Callable[[Command], Command]:
    """Make an option that an environment variable can set too.

    Args:
        names: of the option, the long one last.
        variable: name of the variable after ``RINGKAS_``; None for that of the option; empty for none.
        settings: what `click.option` takes.
    """
    last = next(name for name in reversed(names) if name.startswith("-"))
    variable = last.strip("-").replace("-", "_").upper() if variable is None else variable
    if variable:
        settings |= {"envvar": f"RINGKAS_{variable}", "show_envvar": not settings.get("is_flag")}
    return click.option(*names, **settings)


def format_option(forms: Sequence[str], variable: str = "FORMAT", **settings: Any) -> Callable[[Command], Command]:
    """Make ``--format``; the first form is the default."""
    return option(
        "--format", "form", variable=variable, type=click.Choice(forms), default=forms[0], show_default=True, **settings
    )


def _none_for_dash(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    return None if value == "-" else value


FILE = click.Path(dir_okay=False)
FORCE = option("--force", is_flag=True, help="Accept pages without an article, or in another language.")
OUTPUT = option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True),
    callback=_none_for_dash,
    help="Write to this file instead of standard output (-); it appears complete or not at all.",
)
TRANSLATE = option(
    "--translate",
    type=click.Choice(TRANSLATIONS),
    default=TRANSLATIONS[0],
    show_default=True,
    help="What to translate; 'article' means the abstract and the whole article.",
)
LENGTH = option(
    "--length", type=click.Choice(LENGTHS), help="How long the abstract should be  [default: the model's choice]"
)
MODEL_OPTIONS = (
    option(
        "--model",
        shell_complete=complete_model,
        help="A name that 'ringkas models' lists, owner/name on the Hugging Face hub, or a folder  "
        "[default: what 'ringkas models default' shows]",
    ),
    option("--summary-model", shell_complete=complete_model, help="A different model for abstracts."),
    option("--translation-model", shell_complete=complete_model, help="A different model for translations."),
    option(
        "--engine",
        type=click.Choice(ENGINES),
        default=ENGINES[0],
        show_default=True,
        help="What runs encoder-decoders; ctranslate2 computes in 8 bits.",
    ),
    option("--device", default="cpu", show_default=True, help="PyTorch device for models from the hub."),
    option("--threads", type=click.IntRange(min=1), help="Processor threads to use  [default: the engine's choice]"),
    option("--offline", is_flag=True, help="Never use the network."),
    option("--glossary", type=FILE, help="TOML file of Indonesian terms and the English that translations must use."),
)


def _require_address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"auto|local|(ray://)?[\w.-]+:\d+", value):
        raise click.BadParameter(
            f"{value!r} is not an address: name the inputs before --cluster, or write --cluster local"
        )
    return value


BATCH_OPTIONS = (
    option(
        "-o",
        "--output",
        variable="BATCH_OUTPUT",
        metavar="DIR",
        type=click.Path(file_okay=False),
        required=True,
        help="Folder for the results; existing results are reused. With --cluster, also a URI.",
    ),
    option(
        "--cluster",
        metavar="[ADDRESS]",
        variable="",
        is_flag=False,
        flag_value=LOCAL,
        callback=_require_address,
        help="Work on a Ray cluster and write Parquet: 'auto' for the one that this machine belongs to, or HOST:PORT; "
        'without ADDRESS, Ray is started on this machine. Needs the extra "ray".',
    ),
    option(
        "--id-field",
        metavar="NAME",
        default="id",
        show_default=True,
        help="With --cluster: column of Parquet files that identifies each article.",
    ),
    option(
        "--glob",
        "globs",
        variable="",
        metavar="PATTERN",
        multiple=True,
        default=GLOBS,
        help=f"Which files to take from a folder, ignoring case; may be given several times  "
        f"[default: {' '.join(GLOBS)}]",
    ),
    format_option(("json", "md", "text"), "BATCH_FORMAT", help="Format of each article's own file."),
    TRANSLATE,
    LENGTH,
    option(
        "--text-field",
        metavar="NAME",
        default="text",
        show_default=True,
        help="Field of the JSON lines that holds the article.",
    ),
    option(
        "--resume/--no-resume",
        variable="",
        default=True,
        help="Reuse results of the same input, model and settings  [default: resume]",
    ),
    option("--html", metavar="FILE", type=FILE, help="Also write one HTML page with all results."),
    option("--csv", metavar="FILE", type=FILE, help="Also write a CSV file with all results, for spreadsheets."),
    option("--tsv", metavar="FILE", type=FILE, help="Also write a TSV file of all sentences and their translations."),
    option("--fail-fast", variable="", is_flag=True, help="Stop at the first input that fails."),
    option(
        "--jobs",
        type=click.IntRange(min=0),
        help="Processes that read and clean; 0 does it in the main one  [default: one per processor, at most 4]",
    ),
    option("-q", "--quiet", is_flag=True, help="Report errors only."),
)
SERVE_OPTIONS = (
    option(
        "--host",
        variable="",
        default="127.0.0.1",
        show_default=True,
        help="Address to listen on; any but a loopback address needs a token.",
    ),
    option(
        "--port",
        variable="",
        type=click.IntRange(0, 65535),
        default=8017,
        show_default=True,
        help="Port to listen on; 0 takes a free one.",
    ),
    option("--open", "open_page", variable="", is_flag=True, help="Open the page in the browser."),
    option("--token", help="Token that each request must carry  [default: none on this machine, otherwise a new one]"),
    option(
        "--history",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Where results are kept  [default: history.sqlite in the folder for your data]",
    ),
    option("--no-history", variable="", is_flag=True, help="Keep no results beyond this run."),
)


def options(*given: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Give a command options, in this order."""
    return lambda command: reduce(lambda made, one: one(made), reversed(given), command)
