"""The models that are used where none is named: a choice that lasts."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError, OutputError, telling
from summarizer.models import hub
from summarizer.models.base import Task
from summarizer.models.catalogue import DEFAULT, check_model, find_info, is_measured, load_catalogue, status
from summarizer.models.info import ModelInfo
from summarizer.storage.atomic import write_whole

RECOMMENDED = {Task.SUMMARIZE: DEFAULT, Task.TRANSLATE: "firefox-id-en"}
"""What ``ringkas setup`` makes the default. No model of abstracts that can be downloaded was found better here than the
one that comes with pip."""


def config_file() -> Path:
    """Return the file that holds the choice, in the folder ``RINGKAS_CONFIG`` or the platform's for settings."""
    from platformdirs import user_config_path

    named = os.environ.get("RINGKAS_CONFIG")
    folder = Path(named).expanduser() if named else user_config_path("ringkas", appauthor=False)
    return folder / "models.toml"


def default_model(task: Task) -> str:
    """Return the name of the model that a task is given to where none is named.

    Raises:
        ModelError: the file that holds the choice can't be read.
    """
    return _read().get(task, DEFAULT)


def _read() -> dict[str, str]:
    """Return the choice: a model's name for each task that one was chosen for.

    Raises:
        ModelError: the file that holds it can't be read.
    """
    file = config_file()
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        if not all(isinstance(name, str) for name in table.values()):
            raise ValueError("a name is no text")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{file} can't be read: run 'ringkas models reset'") from error
    return table


def set_default(name: str, tasks: Iterable[Task]) -> None:
    """Make a model the default for tasks, from now on; a folder is kept with its absolute path.

    Raises:
        ModelError: the model is unknown, or not made for one of the tasks.
        OutputError: the choice can't be written.
    """
    tasks = tuple(tasks)
    for task in tasks:
        check_model(name, task)
    path = Path(name).expanduser()
    if name not in {info.name for info in load_catalogue()} and path.is_dir():
        name = str(path.resolve())
    chosen = _read() | dict.fromkeys(tasks, name)
    file = config_file()
    with telling(f"cannot write {file}", OutputError):
        file.parent.mkdir(parents=True, exist_ok=True)
    text = ""
    for key, model in sorted(chosen.items()):
        # A JSON string without control characters is a TOML string too.
        text += f"{key} = {json.dumps(model, ensure_ascii=False)}\n"
    write_whole(file, text)


def reset_default() -> None:
    """Forget the choice: the embedded model is the default again.

    Raises:
        OutputError: the file that holds it can't be removed.
    """
    with telling(f"cannot remove {config_file()}", OutputError):
        config_file().unlink(missing_ok=True)


def better_translator() -> ModelInfo | None:
    """Return the translator to offer to a person who has chosen none; None if it is there, or can't be had.

    Raises:
        ModelError: the file that holds the choice can't be read.
    """
    better = find_info(RECOMMENDED[Task.TRANSLATE])
    has_chosen = Task.TRANSLATE in _read()
    can_be_had = better.engine.is_installed() and not hub.is_offline()
    if has_chosen or not can_be_had or status(better) == "ready":
        return None
    return better


def describe(info: ModelInfo) -> dict[str, Any]:
    """Return what people are told of a model as plain values.

    Raises:
        ModelError: a file of the model is missing, or the file with the choice of models can't be read.
    """
    quality = info.quality if is_measured(info) else f"{info.quality} (of another release)"
    languages: list[str] = []
    default_for: list[str] = []
    for task in info.tasks:
        languages.append("id" if task is Task.SUMMARIZE else "id-en")
        if default_model(task) == info.name:
            default_for.append(str(task))
    return {
        "name": info.name,
        "title": info.title,
        "parameters": info.parameters,
        "download_mb": info.download_mb,
        "licence": info.licence,
        "licence_url": info.licence_url,
        "noncommercial": info.noncommercial,
        "quality": quality,
        "tasks": list(map(str, info.tasks)),
        "languages": languages,
        "status": status(info),
        "default_for": default_for,
    }
