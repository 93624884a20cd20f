"""The commands for models: which there are, which are ready, which are used."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Sequence

import click

from summarizer.cli import options
from summarizer.cli.console import notify, say
from summarizer.errors import ModelError
from summarizer.extraction.decoding import shown_name
from summarizer.models import ModelInfo, Task, catalogue, choice
from summarizer.models.catalogue import DEFAULT

_USES = {"summaries": Task.SUMMARIZE, "translations": Task.TRANSLATE}
# What is said of a model's state.
_STATES = {"missing": "not fetched"}
# Characters of the longest line that reads well.
_WIDTH = 100
_NAME = click.argument("name", shell_complete=options.complete_model)
_NAME_OR_DEFAULT = click.argument("name", default=DEFAULT, shell_complete=options.complete_model)


@click.group(invoke_without_command=True)
@options.format_option(variable="")
@click.option("--check", is_flag=True, help="Ask Mozilla whether there are newer releases of Firefox's translators.")
@click.pass_context
def models(context: click.Context, format_name: str, check: bool) -> None:
    """List the models, with licence, published quality and status.

    NAME is what --model takes.
    """
    if context.invoked_subcommand:
        return
    infos = catalogue.load_catalogue()
    if check:
        _check_releases(infos)
    if format_name == "json":
        say(json.dumps([choice.describe(info) for info in infos], indent=2, ensure_ascii=False) + "\n")
        return
    say("\n\n".join(_describe(info) for info in infos) + "\n")


def _check_releases(infos: Sequence[ModelInfo]) -> None:
    for info in infos:
        newer = catalogue.find_newer_release(info)
        if newer:
            notify(f"{info.name}: Mozilla has a newer release, {newer}; 'ringkas models fetch {info.name} --newest'")


def _describe(info: ModelInfo) -> str:
    """Return what people are told of a model: a line with its name and state, and indented, wrapped lines below it."""
    told = choice.describe(info)
    tasks = ", ".join(told["tasks"])
    languages = ", ".join(told["languages"])
    # An engine that isn't of the catalogue may leave both figures out.
    parameters = f"{info.parameters / 1e6:.0f} M parameters" if info.parameters else "number of parameters unknown"
    download = f"{info.download_mb} MB" if info.download_mb else "size of the download unknown"
    if told["status"] == "missing" and info.download_mb:
        download += " to download"
    licence = f"{info.licence} (not for commercial use)" if info.noncommercial else info.licence
    lines = [
        f"{tasks} ({languages}); {parameters}; {download}; {licence}",
        told["quality"],
    ]
    if told["default_for"]:
        lines.insert(0, f"default for: {', '.join(told['default_for'])}")
    head = f"{info.name}: {_STATES.get(told['status'], told['status'])}"
    width = min(shutil.get_terminal_size().columns, _WIDTH)
    below = [
        textwrap.fill(line, width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
        for line in lines
        if line
    ]
    return "\n".join([head, *below])


@models.command()
@_NAME_OR_DEFAULT
def path(name: str) -> None:
    """Print the folder of a model that is ready; fail if it isn't."""
    say(f"{catalogue.find_model(name)}\n")


@models.command(short_help="Prepare or download a model now; print its folder.")
@_NAME_OR_DEFAULT
@click.option(
    "--newest",
    is_flag=True,
    help="Fetch the newest release of Firefox's translator, instead of the one that was measured.",
)
def fetch(name: str, newest: bool) -> None:
    """Prepare a model now, so that the first article need not wait; print its folder.

    An interrupted download from the hub is resumed, and all files are verified: what is damaged is made or fetched
    again.
    """
    folder = catalogue.prepare_model(name, notify, release="newest" if newest else "pinned")
    if not catalogue.is_measured(catalogue.find_info(name)):
        notify(f"{name}: the figures of 'ringkas models' are of another release than this one")
    say(f"{folder}\n")


@models.command(short_help="Remove a model from this machine to free up space.")
@_NAME
def remove(name: str) -> None:
    """Remove a model from this machine to free up space; print the folder that was removed."""
    say(f"{catalogue.remove_model(name)}\n")


@models.command("use", short_help="Make a model the default from now on.")
@_NAME
@click.option("--for", "use", type=click.Choice(tuple(_USES)), help="Use it only for these  [default: all it can do]")
def use_model(name: str, use: str | None) -> None:
    """Make a model the default from now on; options and variables override it."""
    info = catalogue.find_info(name)
    if not name.isprintable() or name != name.encode("utf-8", "replace").decode():
        raise ModelError(f"{shown_name(name)}: the name of a model's folder must be UTF-8 text: rename it")
    choice.set_default(name, (_USES[use],) if use else info.tasks)
    if catalogue.status(info) == "missing":
        notify(f"{name} is not on this machine yet: 'ringkas models fetch {name}' fetches it")
    _show_defaults()


@models.command()
def default() -> None:
    """Show which models are used when none is named."""
    _show_defaults()


@models.command()
def reset() -> None:
    """Make the built-in model the default again."""
    choice.reset_default()
    _show_defaults()


def _show_defaults() -> None:
    for use, task in _USES.items():
        say(f"{use}: {choice.default_model(task)}\n")


@click.command()
def setup() -> None:
    """Fetch the recommended models and make them the default.

    Run it again after an interrupted download.
    """
    for task, name in choice.RECOMMENDED.items():
        info = catalogue.find_info(name)
        state = catalogue.status(info).replace("missing", f"{info.download_mb} MB")
        notify(f"{task}: {name} ({info.licence}), {state}")
    for name in choice.RECOMMENDED.values():
        catalogue.prepare_model(name, notify)
    # All or nothing: what a broken download leaves is the choice as it was.
    for task, name in choice.RECOMMENDED.items():
        choice.set_default(name, (task,))
    _show_defaults()
