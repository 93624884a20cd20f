"""The models that Ringkas knows, and how one is found, prepared and loaded."""

from __future__ import annotations

import logging
import os
import shutil
import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from summarizer.errors import ModelError, reason_of
from summarizer.models import hub
from summarizer.models.allocation import keep_freed_memory
from summarizer.models.base import Task, TextModel
from summarizer.models.firefox import files as firefox
from summarizer.models.info import Checkpoint, Embedded, Firefox, ModelInfo
from summarizer.models.seq2seq import checkpoint
from summarizer.storage.cache import find_damaged, is_complete
from summarizer.text.normalise import one_line

DEFAULT = "gemma-3-270m-ringkas"
BASE = "gemma-3-270m"
"""The embedded model without an adapter: what adapters are trained for."""

ENGINES = ("transformers", "ctranslate2")
Progress = Callable[[str], None]
"""Called with the name of each step of a preparation as it begins."""

_ADAPTER = Path(__file__).parent / "embedded" / "adapter"
_log = logging.getLogger("summarizer")


@cache
def load_catalogue() -> tuple[ModelInfo, ...]:
    """Read the catalogue, the default model first."""
    table = tomllib.loads(files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8"))
    return tuple(map(_read, table["model"]))


def _read(entry: dict[str, Any]) -> ModelInfo:
    source: Embedded | Checkpoint | Firefox
    match entry:
        case {"embedded": settings, **common}:
            source = Embedded(settings["prompts"], _ADAPTER if settings.get("adapter") else None)
        case {"checkpoint": settings, **common}:
            source = Checkpoint(**{**settings, "languages": tuple(settings.get("languages", ()))})
        case {"firefox": settings, **common}:
            source = Firefox(tuple(settings["languages"]))
    return ModelInfo(source=source, **{**common, "tasks": tuple(map(Task, entry.get("tasks", Task)))})


def find_info(name: str, adapter: Path | None = None) -> ModelInfo:
    """Return what is known of a model; a GGUF file is another copy of the base model, and prompted like it.

    Args:
        name: as for `find_model`.
        adapter: as for `load_model`.

    Raises:
        ModelError: there is no such model, or it takes no such adapter.
    """
    entries = {info.name: info for info in load_catalogue()}
    try:
        info = entries.get(name) or _own(name, entries[BASE]) or _on_hub(name)
    except (OSError, RuntimeError) as error:  # the latter: nobody's home is that of "~nobody"
        raise ModelError(f"{one_line(name)} can't be read: {reason_of(error)}") from error
    if adapter is None:
        return info
    if not isinstance(info.source, Embedded):
        raise ModelError(f"{info.name} takes no adapter: adapters are for {BASE}")
    if not (adapter / "adapter_model.safetensors").is_file():
        raise ModelError(f"{one_line(str(adapter))} holds no exported adapter: adapter_model.safetensors is missing")
    return replace(info, name=adapter.resolve().name, source=replace(info.source, prompts="adapter", adapter=adapter))


def _own(name: str, base: ModelInfo) -> ModelInfo | None:
    """Return what is known of a user's own file or folder; None if the name is of neither."""
    path = Path(name).expanduser()
    if path.suffix == ".gguf":
        if not path.is_file():
            raise ModelError(f"there is no model file {one_line(name)}")
        return replace(base, name=path.stem, source=Embedded("few_shot", gguf=path))
    if not name or not path.is_dir():
        return None
    # An absolute path, so that results name the folder and not "." or "..".
    own, title = path.resolve().name, f"the model in {path}"
    if firefox.looks_like_model(file.name for file in path.iterdir()):
        return ModelInfo(own, title, Firefox(folder=path), (Task.TRANSLATE,))
    return ModelInfo(own, title, Checkpoint(folder=path))


def _on_hub(name: str) -> ModelInfo:
    repository, revision = hub.split_name(name) or ("", "")
    if not repository:
        raise ModelError(
            f"unknown model {one_line(name)!r}: it must be a name that 'ringkas models' lists, owner/name of a model "
            "on the Hugging Face hub, a folder, or a .gguf file"
        )
    for info in load_catalogue():
        if isinstance(info.source, Checkpoint) and info.source.repository == repository:
            return replace(info, source=replace(info.source, revision=revision or info.source.revision))
    return ModelInfo(name, name, Checkpoint(repository, revision or "main"))


def _find(info: ModelInfo) -> Path | None:
    """Return the folder of a model if it is ready, without using the network."""
    source = info.source
    if isinstance(source, Checkpoint):
        return source.folder or hub.find_snapshot(source.repository, source.revision, checkpoint.is_whole)
    if isinstance(source, Firefox):
        return source.folder or firefox.find_fetched(*source.languages)
    from summarizer.models.embedded import convert

    folder = convert.checkpoint_dir(source.gguf, source.adapter)
    return folder if is_complete(folder) else None


def status(info: ModelInfo) -> Literal["ready", "installed", "missing"]:
    """Tell whether a model is ready, will be prepared at its first use, or has to be fetched."""
    if _find(info):
        return "ready"
    if not isinstance(info.source, Embedded):
        return "missing"
    from summarizer.models.embedded import gguf_source

    return "installed" if gguf_source.find_parts() else "missing"


def _checked(info: ModelInfo, folder: Path) -> ModelInfo:
    """Check that a downloaded or a user's folder holds a whole model, and add what its files say."""
    if isinstance(info.source, Firefox):
        firefox.require_engine()
        firefox.require_files(folder)
    elif isinstance(info.source, Checkpoint):
        from summarizer.models.seq2seq.load import complete

        info, source = complete(info, info.source, folder)
        checkpoint.require_whole(folder)
        return replace(info, source=source)
    return info


def check_model(name: str, task: Task, *, offline: bool = False) -> None:
    """Check that a model can do a task here, without loading it or touching the network.

    Args:
        name: as for `find_model`.
        task: what it is wanted for.
        offline: whether a model that would have to be downloaded counts as missing.

    Raises:
        ModelError: there is no such model, it isn't made for the task, it isn't on this machine and must not be
            fetched, or what runs it isn't installed.
    """
    info = find_info(name)
    folder = None if isinstance(info.source, Embedded) else _find(info)
    if folder is not None:
        info = _checked(info, folder)
    elif not isinstance(info.source, Embedded) and task in info.tasks and (offline or hub.is_offline()):
        raise ModelError(
            f"{name} is not on this machine, and downloads are off: run 'ringkas models fetch {name}' "
            "while you are online"
        )
    if task not in info.tasks:
        use, option = ("translation", "translation") if task is Task.SUMMARIZE else ("abstracts", "summary")
        raise ModelError(f"{name} is made for {use} only: name it with --{option}-model")


def find_model(name: str) -> Path:
    """Return the folder of a model that is ready.

    Args:
        name: a name from the catalogue, ``owner/model`` or ``owner/model@revision`` on the hub, a folder with a
            checkpoint, or the path of a GGUF file with a Gemma 3 text model.

    Raises:
        ModelError: there is no such model, it isn't ready yet, or the folder holds none.
    """
    info = find_info(name)
    folder = _existing(name, _find(info))
    if not isinstance(info.source, Embedded) and info.source.folder:
        _checked(info, folder)
    return folder


def prepare_model(
    name: str, progress: Progress = lambda step: None, *, adapter: Path | None = None, offline: bool = False
) -> Path:
    """Prepare a model on this machine and return its folder.

    Args:
        name: as for `find_model`.
        progress: called with the name of each step of a preparation that has to be made.
        adapter: as for `load_model`.
        offline: never use the network.

    Raises:
        ModelError: there is no such model, or it can't be prepared.
    """
    source = find_info(name, adapter).source
    if not isinstance(source, Embedded) and (source.folder or offline or hub.is_offline()):
        return find_model(name)
    if isinstance(source, Firefox):
        return firefox.fetch(*source.languages)
    if isinstance(source, Checkpoint):
        return hub.fetch_snapshot(
            source.repository, source.revision, choose=checkpoint.choose_files, is_whole=checkpoint.is_whole
        )
    from summarizer.models.embedded import convert

    return convert.prepare(source.gguf, source.adapter, progress)


def fingerprint(name: str, progress: Progress = lambda step: None, *, offline: bool = False) -> str:
    """Return a line that changes with whatever a model's results depend on; the model is prepared for it.

    It holds the model's name, what tells its weights from all others, and the number format that they are computed
    in, if that is always the same.

    Args:
        name: as for `find_model`.
        progress: as for `prepare_model`.
        offline: never use the network.

    Raises:
        ModelError: the model is unknown, or can't be prepared.
    """
    folder = prepare_model(name, progress, offline=offline)
    source = find_info(name).source
    # The name of a cache folder tells its content, that of a user's folder doesn't.
    content = folder.name
    if isinstance(source, Firefox):
        content = firefox.require_files(folder).fingerprint()
    elif isinstance(source, Checkpoint) and source.folder:
        content = checkpoint.fingerprint(folder)
    return " ".join(filter(None, (Path(name).name, content, number_format(name))))


def number_format(name: str) -> str:
    """Return the format that an embedded model computes in, ``int8``; empty for other models.

    Raises:
        ModelError: there is no such model.
    """
    return "int8" if isinstance(find_info(name).source, Embedded) else ""


def load_model(
    name: str = DEFAULT,
    *,
    adapter: Path | None = None,
    device: str = "cpu",
    threads: int | None = None,
    offline: bool = False,
    engine: str = ENGINES[0],
    progress: Progress = lambda step: None,
) -> TextModel:
    """Load a model, preparing it first if need be.

    A licence that forbids commercial use is named in a warning of the logger ``summarizer``.

    Args:
        name: as for `find_model`.
        adapter: an exported LoRA adapter to merge into the embedded model's weights, in place of its own.
        device: a device of torch, such as ``cpu`` or ``cuda``, for models of the hub; the others take ``cpu``.
        threads: how many threads may compute; None leaves it to the engine.
        offline: never use the network, neither now nor when the model is used.
        engine: what runs encoder-decoders: ``transformers``, or ``ctranslate2`` with 8-bit weights.
        progress: as for `prepare_model`.

    Raises:
        ModelError: the model is unknown, missing or damaged, or the device can't be used.
    """
    if offline:
        os.environ["HF_HUB_OFFLINE"] = "1"
    info = find_info(name, adapter)
    source = info.source
    if not isinstance(source, Checkpoint) and device != "cpu":
        raise ModelError(
            f"device {device!r} can't be used: {info.name} runs only on the processor; leave out the device"
        )
    folder = _find(info) or prepare_model(name, progress, adapter=adapter, offline=offline)
    keep_freed_memory()
    if isinstance(source, Embedded):
        from summarizer.models.embedded.model import EmbeddedModel

        return EmbeddedModel(folder, name=info.name, prompts=source.prompts, threads=threads or 0)
    info = _checked(info, folder)
    if info.noncommercial:
        _log.warning("the licence of %s (%s) forbids commercial use: %s", info.name, info.licence, info.licence_url)
    if isinstance(info.source, Checkpoint):
        # By default, OpenMP's threads wait in a busy loop, and a second program on the same cores slows both down
        # several times; sleeping at once costs too: this is 0.1 ms. It has to be said before torch is loaded.
        os.environ.setdefault("GOMP_SPINCOUNT", "30000")
        from summarizer.models.seq2seq.load import load

        return load(info.name, info.source, folder, tasks=info.tasks, device=device, threads=threads, engine=engine)
    from summarizer.models.firefox.model import FirefoxModel

    return FirefoxModel(info.name, firefox.require_files(folder))


def verify_model(name: str) -> list[str]:
    """Return the names of a model's files that are damaged, by their whole digests.

    Args:
        name: as for `find_model`.

    Raises:
        ModelError: there is no such model, it isn't ready, or it is a folder of the user's, which has no digests.
    """
    source = find_info(name).source
    if not isinstance(source, Embedded) and source.folder:
        raise ModelError(f"{name} is your own folder: no digests were recorded to compare it with")
    if isinstance(source, Checkpoint):
        return [file.name for file in hub.find_damaged(find_model(name))]
    return find_damaged(_built(name, source))


def remove_model(name: str) -> Path:
    """Remove a model from this machine, and return the folder that is gone.

    Args:
        name: as for `find_model`.

    Raises:
        ModelError: there is no such model, nothing of it is here, it can't be removed, or it is a folder of the user's.
    """
    source = find_info(name).source
    if not isinstance(source, Embedded) and source.folder:
        raise ModelError(f"{name} is your own folder: delete it yourself")
    try:
        if isinstance(source, Checkpoint):
            folder = _existing(name, hub.find_remains(source.repository, source.revision))
            hub.remove_snapshot(folder)
        else:
            folder = _built(name, source)
            shutil.rmtree(folder)
    except OSError as error:
        raise ModelError(f"{name} can't be removed: {reason_of(error)}") from error
    return folder


def _built(name: str, source: Embedded | Firefox) -> Path:
    """Return the folder of a model in Ringkas' cache, whether its files are sound or not."""
    from summarizer.models.embedded import convert

    if isinstance(source, Firefox):
        folder = firefox.cache_folder(*source.languages)
    else:
        folder = convert.checkpoint_dir(source.gguf, source.adapter)
    return _existing(name, folder if folder.is_dir() else None)


def _existing(name: str, folder: Path | None) -> Path:
    if folder is None:
        raise ModelError(f"{name} is not ready on this machine: run 'ringkas models fetch {name}'")
    return folder
