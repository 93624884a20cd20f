"""The models that Ringkas knows, and how one is found, prepared and loaded.

A model's name is one from the catalogue, ``owner/model`` or ``owner/model@revision`` on the Hugging Face hub, or a
folder. What is wrong with a name or a model is raised as a `ModelError`. The network is used by `prepare_model` alone,
and by what prepares a model: `fingerprint` and `load_model`.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from summarizer.errors import ModelError, telling
from summarizer.models import hub
from summarizer.models.allocation import keep_freed_memory
from summarizer.models.base import Task, TextModel
from summarizer.models.embedded.engine import EmbeddedEngine
from summarizer.models.engine import Engine, LoadOptions, Progress, WhichRelease
from summarizer.models.firefox.engine import FirefoxEngine
from summarizer.models.info import ModelInfo
from summarizer.models.seq2seq.engine import Seq2SeqEngine
from summarizer.text.normalise import one_line

DEFAULT = "gemma-3-270m-ringkas"
BASE = "gemma-3-270m"
"""The embedded model without an adapter: what adapters are trained for."""

DECODERS = ("transformers", "ctranslate2")
"""What can run encoder-decoders: the values of ``--engine``. A kind of model is an `Engine`, in `_ENGINE_CLASSES`."""

_ENGINE_CLASSES: Mapping[str, type[Engine]] = {
    "embedded": EmbeddedEngine,
    "firefox": FirefoxEngine,
    "checkpoint": Seq2SeqEngine,
}
"""The engine that each kind of table in ``catalogue.toml`` is for. A folder goes to the first that knows it, and the
last one takes any."""

_registered: dict[str, ModelInfo] = {}
_log = logging.getLogger("summarizer")


def load_catalogue() -> tuple[ModelInfo, ...]:
    """Return the models that have a name: those of the catalogue, the default first, and those of `register`."""
    return (*_read_catalogue(), *_registered.values())


@cache
def _read_catalogue() -> tuple[ModelInfo, ...]:
    table = tomllib.loads(files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8"))
    return tuple(map(_read_entry, table["model"]))


def _read_entry(entry: Mapping[str, Any]) -> ModelInfo:
    fields = dict(entry)
    [kind] = fields.keys() & _ENGINE_CLASSES.keys()
    engine = _ENGINE_CLASSES[kind].from_settings(fields.pop(kind))
    tasks = tuple(map(Task, fields.pop("tasks", engine.tasks)))
    return ModelInfo(engine=engine, tasks=tasks, **fields)


def register(info: ModelInfo) -> None:
    """Give a model a name in this process, which is used like those of the catalogue; see ``docs/extend.md``.

    Raises:
        ModelError: the catalogue has a model of this name.
    """
    if info.name in {known.name for known in _read_catalogue()}:
        raise ModelError(f"the catalogue has a model {info.name!r} already: take another name")
    _registered[info.name] = info


def find_info(name: str, adapter: Path | None = None) -> ModelInfo:
    """Return what is known of a model; ``adapter`` is that of `load_model`.

    Raises:
        ModelError: nothing has this name, or the adapter is none, or not for this model.
    """
    entries = {info.name: info for info in load_catalogue()}
    # A RuntimeError: nobody's home is that of "~nobody".
    with telling(f"{one_line(name)} can't be read", ModelError, (OSError, RuntimeError)):
        info = entries.get(name) or _find_in_folder(name) or _find_on_hub(name)
    if adapter is None:
        return info
    engine = info.engine.with_adapter(adapter)
    if engine is None:
        raise ModelError(f"{info.name} takes no adapter: adapters are for {BASE}")
    return replace(info, name=adapter.resolve().name, engine=engine)


def _find_in_folder(name: str) -> ModelInfo | None:
    """Return what is known of a user's own folder; None if the name is of none."""
    path = Path(name).expanduser()
    if not name or not path.is_dir():
        return None
    for engine_class in _ENGINE_CLASSES.values():
        engine = engine_class.from_folder(path)
        if engine is not None:
            # An absolute path, so that results name the folder and not "." or "..".
            return ModelInfo(path.resolve().name, f"the model in {path}", engine, engine.tasks)
    return None


def _find_on_hub(name: str) -> ModelInfo:
    """Return what is known of a model that is named as on the hub, where only encoder-decoders can be used."""
    parts = hub.split_name(name)
    if parts is None:
        raise ModelError(
            f"unknown model {one_line(name)!r}: it must be a name that 'ringkas models' lists, owner/name of a model "
            "on the Hugging Face hub, or a folder"
        )
    repository, revision = parts
    for info in load_catalogue():
        if isinstance(info.engine, Seq2SeqEngine) and info.engine.checkpoint.repository == repository:
            return replace(info, engine=info.engine.at_revision(revision)) if revision else info
    return ModelInfo(name, name, Seq2SeqEngine.on_hub(repository, revision))


def _not_ready(name: str, *, offline: bool = False) -> ModelError:
    """Return the error for a model that isn't on this machine; where it may not be fetched, it names the switch."""
    missing = f"{name} is not ready on this machine"
    fetch = f"run 'ringkas models fetch {name}'"
    variable = hub.offline_variable()
    if variable:
        return ModelError(f"{missing}, and {variable} turns downloads off: unset it, then {fetch}")
    if offline:
        return ModelError(f"{missing}, and 'offline' turns downloads off: {fetch} first")
    return ModelError(f"{missing}: {fetch}")


def status(info: ModelInfo) -> Literal["ready", "installed", "missing"]:
    """Tell whether a model is ready, will be prepared at its first use, or has to be fetched."""
    if info.engine.find():
        return "ready"
    is_prepared_at_first_use = not info.engine.needs_download and info.engine.is_installed()
    return "installed" if is_prepared_at_first_use else "missing"


def is_measured(info: ModelInfo) -> bool:
    """Tell whether a model's figures are of what is on this machine, or of what would be fetched.

    Raises:
        ModelError: a file of it is missing.
    """
    folder = info.engine.find()
    return folder is None or info.engine.is_measured(folder)


def find_newer_release(info: ModelInfo) -> str:
    """Ask a model's makers for its newest release; return what it is called, "" if it is the catalogue's.

    For models that have no releases, "" is returned without asking anybody.

    Raises:
        ModelError: nobody can tell, or the network is not to be used.
    """
    if not info.engine.has_releases:
        return ""
    variable = hub.offline_variable()
    if variable:
        raise ModelError(f"{variable} turns the network off, so nobody can be asked for a newer release: unset it")
    return info.engine.find_newer()


def check_model(name: str, task: Task, *, offline: bool = False) -> None:
    """Check that a model can do a task here, and that what runs it is installed, without loading it.

    With ``offline``, a model that would have to be downloaded counts as missing.

    Raises:
        ModelError: it is unknown, incomplete, missing, or made for the other task.
    """
    info = find_info(name)
    # What comes with pip needn't be looked for: it is prepared when it is loaded.
    if info.engine.needs_download:
        folder = info.engine.find()
        if folder is not None:
            info = info.engine.inspect(info, folder)
        elif task in info.tasks and (offline or hub.is_offline()):
            raise _not_ready(name, offline=offline)
    if task not in info.tasks:
        use, option = ("translation", "translation") if task is Task.SUMMARIZE else ("abstracts", "summary")
        raise ModelError(f"{name} is made for {use} only: name it with --{option}-model")


def find_model(name: str) -> Path:
    """Return the folder of a model that is ready.

    Raises:
        ModelError: it is unknown or not ready, or the user's own folder holds no whole model.
    """
    return _find_model(name, offline=False)


def _find_model(name: str, *, offline: bool) -> Path:
    """Return the folder of a model that is on this machine.

    Raises:
        ModelError: it isn't, or it is damaged.
    """
    info = find_info(name)
    folder = info.engine.find()
    if folder is None:
        raise _not_ready(name, offline=offline)
    if info.engine.folder:
        info.engine.inspect(info, folder)
    return folder


def prepare_model(
    name: str,
    progress: Progress = lambda step: None,
    *,
    adapter: Path | None = None,
    offline: bool = False,
    release: WhichRelease = "any",
) -> Path:
    """Convert or download a model unless that was done before, and return its folder; see `load_model`.

    ``release`` is for models of Firefox: "pinned" puts that of the catalogue in the place of another, "newest" the
    newest there is.

    Raises:
        ModelError: it is unknown, can't be had, or has no releases where the newest is wanted.
    """
    engine = find_info(name, adapter).engine
    if release == "newest" and not engine.has_releases:
        raise ModelError(f"{name} has no newest release: only Firefox's translators have")
    may_download = not (offline or hub.is_offline())
    if engine.folder or (engine.needs_download and not may_download):
        return _find_model(name, offline=offline)
    return engine.fetch(progress, release)


def fingerprint(name: str, progress: Progress = lambda step: None, *, offline: bool = False) -> str:
    """Return a model's name and what tells its weights from all others; the model is prepared for it.

    Raises:
        ModelError: it is unknown, or can't be had.
    """
    folder = prepare_model(name, progress, offline=offline)
    content = find_info(name).engine.fingerprint(folder)
    return f"{Path(name).name} {content}"


def load_model(
    name: str = DEFAULT,
    *,
    adapter: Path | None = None,
    device: str = "cpu",
    threads: int | None = None,
    offline: bool = False,
    engine: str = DECODERS[0],
    progress: Progress = lambda step: None,
) -> TextModel:
    """Load a model, preparing it first if need be.

    An exported LoRA adapter takes the place of the embedded model's own. ``device`` and ``engine`` are for models of
    the hub, as `Summarizer` has them; ``progress`` is called with the name of each step of a conversion. A licence that
    forbids commercial use is named in a warning of the logger ``summarizer``.

    Raises:
        ModelError: it is unknown, can't be had, is damaged, or can't run on this device.
    """
    info = find_info(name, adapter)
    if device != "cpu" and not info.engine.takes_devices:
        raise ModelError(f"device {device!r} can't be used: {info.name} runs only on the processor")
    folder = info.engine.find() or prepare_model(name, progress, adapter=adapter, offline=offline)
    info = info.engine.inspect(info, folder)
    keep_freed_memory()
    if info.noncommercial:
        _log.warning("the licence of %s (%s) forbids commercial use: %s", info.name, info.licence, info.licence_url)
    return info.engine.load(info, folder, LoadOptions(device, threads, engine))


def remove_model(name: str) -> Path:
    """Remove a model from this machine, and return the folder that is gone.

    Raises:
        ModelError: it is unknown or a user's own folder, there is nothing of it, or the system doesn't allow it.
    """
    engine = find_info(name).engine
    if engine.folder:
        raise ModelError(f"{name} is your own folder: delete it yourself")
    folder = engine.locate()
    if folder is None:
        raise ModelError(f"{name} is not on this machine: there is nothing to remove")
    with telling(f"{name} can't be removed", ModelError):
        engine.remove(folder)
    return folder
