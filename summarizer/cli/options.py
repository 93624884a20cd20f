"""The options of the commands, as tables."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from summarizer.batch.cluster.job import LOCAL
from summarizer.batch.inputs import GLOBS
from summarizer.cli.help import GroupedOption
from summarizer.models import LENGTHS
from summarizer.models.catalogue import DECODERS, load_catalogue
from summarizer.output.formats import EXPORTS, FORMATS
from summarizer.summarizer import TRANSLATE as TRANSLATIONS

Command = Callable[..., None]
Decorator = Callable[[Command], Command]


def complete_model(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Return the models whose names begin so, for completion in a shell."""
    return [info.name for info in load_catalogue() if info.name.startswith(begun)]


def option(*names: str, variable: str | None = None, **settings: Any) -> Decorator:
    """Make an option that a variable can set too, named ``RINGKAS_``..., as the option if nothing else is said."""
    if variable is None:
        last = next(name for name in reversed(names) if name.startswith("-"))
        variable = last.strip("-").replace("-", "_").upper()
    if variable:
        settings |= {"envvar": f"RINGKAS_{variable}", "show_envvar": not settings.get("is_flag")}
    return click.option(*names, cls=GroupedOption, **settings)


def choice(*names: str, choices: Iterable[str], **settings: Any) -> Decorator:
    """Make an option that takes one of some choices, if not given the first."""
    given = list(choices)
    return option(*names, type=click.Choice(given), **{"default": given[0]} | settings)


def format_option(choices: Iterable[str] = ("text", "json"), **settings: Any) -> Decorator:
    """Make ``--format``."""
    return choice("--format", "format_name", group="Results", choices=choices, **settings)


FILE = click.Path(dir_okay=False)
FILES = click.argument("files", metavar="FILE...", nargs=-1, required=True)
FORCE = option("--force", group="Inputs", is_flag=True, help="Accept pages without an article, or in another language.")


def _none_for_dash(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    return None if value == "-" else value


OUTPUT = option(
    "-o",
    "--output",
    group="Results",
    type=click.Path(dir_okay=False, allow_dash=True),
    callback=_none_for_dash,
    help="Write to this file instead of standard output (-); it appears complete or not at all.",
)
OUTPUT_OR_FOLDER = option(
    "-o",
    "--output",
    group="Results",
    type=click.Path(allow_dash=True),
    callback=_none_for_dash,
    help="Write to this file instead of standard output (-), or of folders, into this folder.",
)
TRANSLATE = choice(
    "--translate",
    group="Texts",
    choices=TRANSLATIONS,
    help="What to translate; 'article' means the abstract and the whole article.",
)
LENGTH = option(
    "--length",
    group="Texts",
    type=click.Choice(LENGTHS),
    help="How long the abstract should be  [default: the model's choice]",
)
THREADS = option(
    "--threads",
    group="Models",
    metavar="NUMBER",
    type=click.IntRange(min=1),
    help="Processor threads to use  [default: the engine's choice]",
)
GLOSSARY = option(
    "--glossary",
    group="Texts",
    type=FILE,
    help="TOML file of Indonesian terms and the English that translations must use.",
)
CONFIDENCE = option(
    "--confidence/--no-confidence",
    group="Models",
    variable="",
    default=True,
    help="Load the built-in model to say how sure translations are where the translator doesn't.",
)
OFFLINE = option("--offline", group="Run", is_flag=True, help="Never use the network.")
QUIET = option("-q", "--quiet", group="Run", is_flag=True, help="Report errors only.")
KEEP = option(
    "--keep",
    group="Inputs",
    variable="",
    metavar="FOLDER",
    type=click.Path(file_okay=False),
    help="Keep fetched pages in this folder.",
)
_MODEL = option(
    "--model",
    group="Models",
    metavar="NAME",
    shell_complete=complete_model,
    help="A name that 'ringkas models' lists, owner/name on the Hugging Face hub, or a folder  "
    "[default: what 'ringkas models default' shows]",
)
_SUMMARY_MODEL = option(
    "--summary-model",
    group="Models",
    metavar="NAME",
    shell_complete=complete_model,
    help="A different model for abstracts.",
)
_TRANSLATION_MODEL = option(
    "--translation-model",
    group="Models",
    metavar="NAME",
    shell_complete=complete_model,
    help="A different model for translations.",
)
WHOLE = option(
    "--whole",
    group="Texts",
    is_flag=True,
    help="Leave the abstract's sentences as they are in the article: no words are cut.",
)
_ENGINE_OPTIONS = (
    choice(
        "--engine",
        group="Models",
        choices=DECODERS,
        help="What runs encoder-decoders; ctranslate2 computes in 8 bits.",
    ),
    option("--device", group="Models", metavar="NAME", default="cpu", help="PyTorch device for models from the hub."),
    THREADS,
    OFFLINE,
    GLOSSARY,
    CONFIDENCE,
)
TRANSLATOR_OPTIONS = (_MODEL, _TRANSLATION_MODEL, *_ENGINE_OPTIONS)
MODEL_OPTIONS = (WHOLE, _MODEL, _SUMMARY_MODEL, _TRANSLATION_MODEL, *_ENGINE_OPTIONS)


def _require_address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"auto|local|(ray://)?[\w.-]+:\d+", value):
        raise click.BadParameter(
            f"{value!r} is not an address: name the inputs before --cluster, or write --cluster local"
        )
    return value


def _require_ascii(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value and not (value.isascii() and value.isprintable()):
        raise click.BadParameter("it must consist of printable ASCII characters")
    return value


def _export_options() -> list[Decorator]:
    """Return an option for each way to write all results of a batch into one file."""
    options = []
    for name, export in EXPORTS.items():
        options.append(option(f"--{name}", group="Results", metavar="FILE", type=FILE, help=export.help))
    return options


BATCH_OPTIONS = (
    option(
        "-o",
        "--output",
        group="Results",
        variable="BATCH_OUTPUT",
        metavar="FOLDER",
        type=click.Path(file_okay=False),
        required=True,
        missing="name a folder for the results: --output FOLDER",
        help="Folder for the results; existing results are reused. With --cluster, also a URI.",
    ),
    option(
        "--cluster",
        group="Cluster",
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
        group="Cluster",
        metavar="NAME",
        default="id",
        help="With --cluster: column of Parquet files that identifies each article.",
    ),
    option(
        "--glob",
        "globs",
        group="Inputs",
        variable="",
        metavar="PATTERN",
        multiple=True,
        default=GLOBS,
        help="Which files to take from a folder, ignoring case; may be given several times.",
    ),
    format_option(FORMATS, variable="BATCH_FORMAT", default="json", help="Format of each article's own file."),
    TRANSLATE,
    LENGTH,
    option(
        "--text-field",
        group="Inputs",
        metavar="NAME",
        default="text",
        help="Field of the JSON lines that holds the article.",
    ),
    option(
        "--resume/--no-resume",
        group="Run",
        variable="",
        default=True,
        help="Reuse results of the same input, model and settings",
    ),
    *_export_options(),
    option("--fail-fast", group="Run", variable="", is_flag=True, help="Stop at the first input that fails."),
    option(
        "--fail-on-doubt",
        group="Run",
        variable="",
        is_flag=True,
        help="Exit with 8 if a result has a sentence marked as doubtful.",
    ),
    option(
        "--jobs",
        group="Run",
        metavar="NUMBER",
        type=click.IntRange(min=0),
        default=min(4, os.cpu_count() or 1),
        show_default=False,
        help="Processes that read and clean; 0 does it in the main one  [default: one per processor, at most 4]",
    ),
    QUIET,
)
SERVE_OPTIONS = (
    option(
        "--host",
        group="Server",
        variable="",
        metavar="ADDRESS",
        default="127.0.0.1",
        help="Address to listen on; any but a loopback address needs a token.",
    ),
    option(
        "--port",
        group="Server",
        variable="",
        metavar="NUMBER",
        type=click.IntRange(0, 65535),
        default=8017,
        help="Port to listen on; 0 takes a free one.",
    ),
    option("--open", "open_page", group="Server", variable="", is_flag=True, help="Open the page in the browser."),
    option(
        "--token",
        group="Server",
        metavar="TEXT",
        callback=_require_ascii,
        help="Token that each request must carry  [default: none on this machine, otherwise a new one]",
    ),
    option(
        "--history",
        group="Server",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Where results are kept  [default: history.sqlite in the folder for your data]",
    ),
    option("--no-history", group="Server", variable="", is_flag=True, help="Keep no results beyond this run."),
)


def apply(*given: Decorator) -> Decorator:
    """Give a command options, in this order."""

    def decorate(command: Command) -> Command:
        # What decorates last is shown first.
        for decorator in reversed(given):
            command = decorator(command)
        return command

    return decorate
