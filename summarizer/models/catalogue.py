"""The models that Ringkas knows, and how one is found, prepared and loaded.

A model's name is one from the catalogue, ``owner/model`` or ``owner/model@revision`` on the Hugging Face hub, or a
folder. What is wrong with a name or a model is raised as a `ModelError`. The network is used by `prepare_model` alone,
and by what prepares a model: `fingerprint` and `load_model`.
"""

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

from summarizer.errors import ModelError, telling
from summarizer.models import hub
from summarizer.models.allocation import keep_freed_memory
from summarizer.models.base import Task, TextModel
from summarizer.models.firefox import model_files
from summarizer.models.info import Checkpoint, Embedded, Firefox, ModelInfo, PinnedFile, WhichRelease
from summarizer.models.seq2seq import checkpoint
from summarizer.storage.cache import is_complete
from summarizer.text.normalise import one_line

DEFAULT = "gemma-3-270m-ringkas"
BASE = "gemma-3-270m"
"""The embedded model without an adapter: what adapters are trained for."""

ENGINES = ("transformers", "ctranslate2")
Progress = Callable[[str], None]

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
            source = Embedded(settings["prompt_set"], _ADAPTER if settings.get("adapter") else None)
        case {"checkpoint": settings, **common}:
            source = Checkpoint(**settings)
        case {"firefox": settings, **common}:
            pinned = tuple(PinnedFile(**file) for file in settings["files"])
            source = Firefox(**{**settings, "files": pinned})
    return ModelInfo(source=source, **{**common, "tasks": tuple(map(Task, entry.get("tasks", Task)))})


def find_info(name: str, adapter: Path | None = None) -> ModelInfo:
    """Return what is known of a model; ``adapter`` is that of `load_model`."""
    entries = {info.name: info for info in load_catalogue()}
    # A RuntimeError: nobody's home is that of "~nobody".
    with telling(f"{one_line(name)} can't be read", ModelError, (OSError, RuntimeError)):
        info = entries.get(name) or _own(name) or _on_hub(name)
    if adapter is None:
        return info
    if not isinstance(info.source, Embedded):
        raise ModelError(f"{info.name} takes no adapter: adapters are for {BASE}")
    if not (adapter / "adapter_model.safetensors").is_file():
        raise ModelError(f"{one_line(str(adapter))} holds no exported adapter: adapter_model.safetensors is missing")
    source = replace(info.source, prompt_set="adapter", adapter=adapter)
    return replace(info, name=adapter.resolve().name, source=source)


def _own(name: str) -> ModelInfo | None:
    """Return what is known of a user's own folder; None if the name is of none."""
    path = Path(name).expanduser()
    if not name or not path.is_dir():
        return None
    # An absolute path, so that results name the folder and not "." or "..".
    own, title = path.resolve().name, f"the model in {path}"
    if model_files.looks_like_model(path):
        return ModelInfo(own, title, Firefox(folder=path), (Task.TRANSLATE,))
    return ModelInfo(own, title, Checkpoint(folder=path))


def _on_hub(name: str) -> ModelInfo:
    repository, revision = hub.split_name(name) or ("", "")
    if not repository:
        raise ModelError(
            f"unknown model {one_line(name)!r}: it must be a name that 'ringkas models' lists, owner/name of a model "
            "on the Hugging Face hub, or a folder"
        )
    for info in load_catalogue():
        if isinstance(info.source, Checkpoint) and info.source.repository == repository:
            return replace(info, source=replace(info.source, revision=revision or info.source.revision))
    return ModelInfo(name, name, Checkpoint(repository, revision or "main"))


def _find(source: Embedded | Checkpoint | Firefox, *, whole: bool = True) -> Path | None:
    """Return the folder of a model without using the network; None if it isn't there, or not ``whole``."""
    if source.folder:
        return source.folder
    if isinstance(source, Checkpoint):
        found = hub.find_snapshot(source.repository, source.revision)
        return found if found and (checkpoint.is_whole(found) or not whole) else None
    if isinstance(source, Firefox):
        folder = model_files.cache_folder(source)
    else:
        from summarizer.models.embedded import convert

        folder = convert.checkpoint_dir(source.adapter)
    return folder if (is_complete(folder) if whole else folder.is_dir()) else None


def _require(name: str, source: Embedded | Checkpoint | Firefox, *, whole: bool = True) -> Path:
    folder = _find(source, whole=whole)
    if folder is None:
        raise ModelError(f"{name} is not ready on this machine: run 'ringkas models fetch {name}'")
    return folder


def status(info: ModelInfo) -> Literal["ready", "installed", "missing"]:
    """Tell whether a model is ready, will be prepared at its first use, or has to be fetched."""
    if _find(info.source):
        return "ready"
    from summarizer.models.embedded import gguf_source

    return "installed" if isinstance(info.source, Embedded) and gguf_source.are_installed() else "missing"


def is_measured(info: ModelInfo) -> bool:
    """Tell whether a model's figures are of what is on this machine, or of what would be fetched."""
    folder = _find(info.source)
    if folder is None or info.source.folder or not isinstance(info.source, Firefox):
        return True
    return model_files.holds_pinned(info.source, folder)


def find_newer_release(info: ModelInfo) -> str:
    """Ask Mozilla for the newest release of a Firefox model; return what it is called, "" if it is the catalogue's.

    For other models, which have no releases, "" is returned without asking anybody.
    """
    if not isinstance(info.source, Firefox) or info.source.folder:
        return ""
    if hub.is_offline():
        raise ModelError("the network is not to be used (HF_HUB_OFFLINE), so nobody can be asked for a newer release")
    from summarizer.models.firefox import fetching

    return fetching.find_newer(info.source)


def _complete(info: ModelInfo, folder: Path) -> ModelInfo:
    """Check that a folder holds a whole model, and add what its files say; what the catalogue says stands."""
    source = info.source
    if isinstance(source, Firefox):
        model_files.require_engine()
        model_files.find_files(folder)
    if not isinstance(source, Checkpoint):
        return info
    known, model_type = checkpoint.architectures(), str(checkpoint.read_config(folder).get("model_type"))
    if model_type not in known:
        raise ModelError(
            f"{info.name} is a {model_type!r} model: only encoder-decoders can be used ({', '.join(sorted(known))})"
        )
    if not checkpoint.is_whole(folder):
        raise ModelError(f"the model in {folder} is incomplete: it needs config.json, a tokenizer and all its weights")
    if set(info.tasks) == set(Task):
        info = replace(info, tasks=tuple(map(Task, known[model_type]["tasks"])))
    return info


def check_model(name: str, task: Task, *, offline: bool = False) -> None:
    """Check that a model can do a task here, and that what runs it is installed, without loading it.

    With ``offline``, a model that would have to be downloaded counts as missing.
    """
    info = find_info(name)
    if not isinstance(info.source, Embedded):
        folder = _find(info.source)
        if folder is not None:
            info = _complete(info, folder)
        elif task in info.tasks and (offline or hub.is_offline()):
            _require(name, info.source)
    if task not in info.tasks:
        use, option = ("translation", "translation") if task is Task.SUMMARIZE else ("abstracts", "summary")
        raise ModelError(f"{name} is made for {use} only: name it with --{option}-model")


def find_model(name: str) -> Path:
    """Return the folder of a model that is ready."""
    info = find_info(name)
    folder = _require(name, info.source)
    if info.source.folder:
        _complete(info, folder)
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
    """
    source = find_info(name, adapter).source
    if release == "newest" and (not isinstance(source, Firefox) or source.folder):
        raise ModelError(f"{name} has no newest release: only Firefox's translators have")
    if isinstance(source, Embedded):
        from summarizer.models.embedded import convert

        return convert.prepare(source.adapter, progress)
    if source.folder or offline or hub.is_offline():
        return find_model(name)
    if isinstance(source, Firefox):
        from summarizer.models.firefox import fetching

        return fetching.fetch(source, release)
    folder = _find(source)
    if folder and not hub.remove_damaged(folder):
        return folder
    return hub.fetch_snapshot(source.repository, source.revision)


def fingerprint(name: str, progress: Progress = lambda step: None, *, offline: bool = False) -> str:
    """Return a model's name and what tells its weights from all others; the model is prepared for it."""
    folder = prepare_model(name, progress, offline=offline)
    source = find_info(name).source
    # The name of a cache folder tells its content, that of a user's folder doesn't.
    content = folder.name
    if isinstance(source, Firefox):
        content = model_files.fingerprint(folder)
    elif source.folder:
        content = checkpoint.fingerprint(folder)
    return f"{Path(name).name} {content}"


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

    An exported LoRA adapter takes the place of the embedded model's own. ``device`` and ``engine`` are for models of
    the hub, as `Summarizer` has them; ``progress`` is called with the name of each step of a conversion. A licence that
    forbids commercial use is named in a warning of the logger ``summarizer``.
    """
    info = find_info(name, adapter)
    if not isinstance(info.source, Checkpoint) and device != "cpu":
        raise ModelError(f"device {device!r} can't be used: {info.name} runs only on the processor")
    folder = _find(info.source) or prepare_model(name, progress, adapter=adapter, offline=offline)
    info = _complete(info, folder)
    keep_freed_memory()
    if info.noncommercial:
        _log.warning("the licence of %s (%s) forbids commercial use: %s", info.name, info.licence, info.licence_url)
    match info.source:
        case Embedded(prompt_set):
            from summarizer.models.embedded.model import EmbeddedModel

            return EmbeddedModel(folder, name=info.name, prompt_set=prompt_set, threads=threads or 0)
        case Firefox():
            from summarizer.models.firefox.engine import FirefoxModel

            return FirefoxModel(info.name, folder)
        case Checkpoint() as source:
            # By default, OpenMP's threads wait in a busy loop, and a second program on the same cores slows both down
            # several times; sleeping at once costs too: this is 0.1 ms. It has to be said before torch is loaded.
            os.environ.setdefault("GOMP_SPINCOUNT", "30000")
            from summarizer.models.seq2seq.model import Seq2SeqModel

            return Seq2SeqModel(info, source, folder, device=device, threads=threads, engine=engine)


def remove_model(name: str) -> Path:
    """Remove a model from this machine, unless it is a user's folder, and return the folder that is gone."""
    source = find_info(name).source
    if source.folder:
        raise ModelError(f"{name} is your own folder: delete it yourself")
    folder = _require(name, source, whole=False)
    with telling(f"{name} can't be removed", ModelError):
        (hub.remove_snapshot if isinstance(source, Checkpoint) else shutil.rmtree)(folder)
    return folder
