"""The models that Ringkas knows, and how one is loaded."""

from __future__ import annotations

import logging
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError
from summarizer.models import hub
from summarizer.models.allocation import keep_freed_memory
from summarizer.models.base import Task, TextModel
from summarizer.models.seq2seq import checkpoint
from summarizer.storage.cache import is_complete
from summarizer.text.normalise import one_line

DEFAULT = "gemma-3-270m-ringkas"
_BASE = "gemma-3-270m"
ENGINES = ("transformers", "ctranslate2")
UNKNOWN = "unknown"
"""Licence of a model whose card isn't here or names none."""

_log = logging.getLogger("summarizer")


@dataclass(frozen=True)
class ModelInfo:
    """An entry of ``catalogue.toml``, or what is known of a checkpoint that isn't in it.

    Attributes:
        name: what ``--model`` calls it.
        kind: ``embedded`` or ``seq2seq``.
        title: one line for people.
        tasks: what it is made for.
        parameters: number of weights once it is loaded; 0 where it isn't known.
        download_mb: size of what is downloaded, in megabytes; 0 where it isn't known.
        licence: the weights' licence.
        licence_url: where to read it.
        noncommercial: whether the licence forbids commercial use.
        prompts: how the model is prompted: the name of a folder in ``prompts/``; empty for models that need none.
        adapter: whether the adapter that comes with the package is merged into the weights.
        repository: the hub's name of it; empty where it is not on the hub.
        revision: commit, branch or tag on the hub.
        architecture: ``model_type`` in its configuration, or ``ctranslate2`` for a model in that format.
        languages: its codes of Indonesian and English; empty where it knows but one pair, or one language.
        first_token: control token that every output begins with, where that is no language code.
        start_token: control token that decoding starts from; empty for the one that its configuration names.
        source_prefix: text in front of every input.
        source_token: control token in front of every input.
        max_input: longest input in tokens; 0 for what its configuration says.
        loses_case: whether it writes lower case alone.
        generation: settings of the beam search, under the names of `Search`.
    """

    name: str
    kind: str
    title: str
    tasks: tuple[Task, ...] = tuple(Task)
    parameters: int = 0
    download_mb: int = 0
    licence: str = UNKNOWN
    licence_url: str = ""
    noncommercial: bool = False
    prompts: str = ""
    adapter: bool = False
    repository: str = ""
    revision: str = ""
    architecture: str = ""
    languages: tuple[str, ...] = ()
    first_token: str = ""
    start_token: str = ""
    source_prefix: str = ""
    source_token: str = ""
    max_input: int = 0
    loses_case: bool = False
    generation: Mapping[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """``ready``, ``installed`` (made ready at first use) or ``missing``."""
        if self.kind == "seq2seq":
            return "ready" if hub.find_snapshot(self.repository, self.revision) else "missing"
        from summarizer.models.embedded import convert, gguf_source

        if is_complete(convert.checkpoint_dir(adapter=_adapter(self))):
            return "ready"
        return "installed" if gguf_source.is_available() else "missing"


@dataclass(frozen=True)
class _Architecture:
    """What an architecture says of a checkpoint that isn't in the catalogue.

    Attributes:
        model_type: as in its configuration.
        tasks: what checkpoints of the kind may be made for.
        languages: pairs of codes of Indonesian and English, one pair for each tokenizer that there is.
    """

    model_type: str
    tasks: tuple[Task, ...]
    languages: tuple[tuple[str, str], ...] = ()


@cache
def _read() -> tuple[tuple[ModelInfo, ...], dict[str, _Architecture]]:
    table = tomllib.loads(files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8"))
    infos = []
    for entry in table["model"]:
        lists = {"tasks": tuple(map(Task, entry.get("tasks", Task))), "languages": tuple(entry.get("languages", ()))}
        infos.append(ModelInfo(**{**entry, **lists}))
    kinds = {
        entry["model_type"]: _Architecture(
            entry["model_type"], tuple(map(Task, entry["tasks"])), tuple(map(tuple, entry.get("languages", ())))
        )
        for entry in table["architecture"]
    }
    return tuple(infos), kinds


def load_catalogue() -> tuple[ModelInfo, ...]:
    """Read the catalogue, the default model first."""
    return _read()[0]


def _adapter(info: ModelInfo) -> Path | None:
    return Path(__file__).parent / "embedded" / "adapter" if info.adapter else None


def _resolve(name: str) -> tuple[ModelInfo, Path | None]:
    """Return what is known of a model, and the GGUF file or folder that its name stands for if it does.

    A GGUF file is another copy of the base model, and prompted like it.
    """
    entries = {info.name: info for info in load_catalogue()}
    by_repository = {info.repository: info for info in load_catalogue() if info.repository}
    if name in entries:
        return entries[name], None
    path = Path(name).expanduser()
    if path.suffix == ".gguf":
        if not path.is_file():
            raise ModelError(f"there is no model file {one_line(name)}")
        return entries[_BASE], path
    if name and path.is_dir():
        # An absolute path, so that results name the folder and not "." or "..".
        return ModelInfo(name=path.resolve().name, kind="seq2seq", title=f"the checkpoint in {path}"), path
    repository, revision = hub.split_name(name) or ("", "")
    if not repository:
        raise ModelError(
            f"unknown model {one_line(name)!r}: it must be a name that 'ringkas models' lists, owner/name of a model "
            "on the Hugging Face hub, a folder, or a .gguf file"
        )
    if repository in by_repository:
        info = by_repository[repository]
        return replace(info, revision=revision or info.revision), None
    return ModelInfo(name=name, kind="seq2seq", title=name, repository=repository, revision=revision or "main"), None


def _find(info: ModelInfo, path: Path | None) -> Path | None:
    """Return the folder of a model if it is ready, without touching the network."""
    if info.kind == "seq2seq":
        return path or hub.find_snapshot(info.repository, info.revision)
    from summarizer.models.embedded import convert

    folder = convert.checkpoint_dir(path, _adapter(info))
    return folder if is_complete(folder) else None


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
    info, path = _resolve(name)
    if info.kind == "seq2seq":
        folder = _find(info, path)
        if folder is not None:
            info = _complete(info, folder)
            checkpoint.require_whole(folder)
        elif task in info.tasks and (offline or hub.is_offline()):
            raise ModelError(
                f"{name} is not on this machine, and must not be downloaded now: run 'ringkas models fetch {name}' "
                "while there is a network"
            )
        elif info.architecture == "ctranslate2":
            from summarizer.models.seq2seq.ctranslate2_decoder import require_ctranslate2

            require_ctranslate2()
    if task not in info.tasks:
        use, option = ("translation", "translation") if task is Task.SUMMARIZE else ("abstracts", "summary")
        raise ModelError(f"{name} is made for {use} alone: name it with --{option}-model")


def find_model(name: str) -> Path:
    """Return the folder of a model that is ready.

    Args:
        name: a name from the catalogue, ``owner/model`` or ``owner/model@revision`` on the hub, a folder with a
            checkpoint, or the path of a GGUF file with a Gemma 3 text model.

    Raises:
        ModelError: there is no such model, it isn't ready yet, or the folder holds none.
    """
    info, path = _resolve(name)
    folder = _find(info, path)
    if folder is None:
        raise ModelError(f"{name} is not ready on this machine: run 'ringkas models fetch {name}'")
    if folder == path:
        _complete(info, folder)
        checkpoint.require_whole(folder)
    return folder


def prepare_model(name: str, progress: Callable[[str], None] = lambda step: None, *, offline: bool = False) -> Path:
    """Make a model ready on this machine and return its folder.

    Args:
        name: as for `find_model`.
        progress: called with the name of each step of a preparation that has to be made.
        offline: never touch the network.

    Raises:
        ModelError: there is no such model, or it can't be made ready.
    """
    info, path = _resolve(name)
    if info.kind == "seq2seq":
        if path is not None or offline or hub.is_offline():
            return find_model(name)
        return hub.fetch_snapshot(info.repository, info.revision)
    from summarizer.models.embedded import convert

    return convert.prepare(path, _adapter(info), progress)


def number_format(name: str) -> str:
    """Return the format that an embedded model computes in, ``int8``; empty for other models.

    Raises:
        ModelError: there is no such model.
    """
    return "int8" if _resolve(name)[0].kind == "embedded" else ""


def load_model(
    name: str = DEFAULT,
    *,
    device: str = "cpu",
    threads: int | None = None,
    offline: bool = False,
    engine: str = ENGINES[0],
    progress: Callable[[str], None] = lambda step: None,
) -> TextModel:
    """Load a model, making it ready first if need be.

    A licence that forbids commercial use is named in a warning of the logger ``summarizer``.

    Args:
        name: as for `find_model`.
        device: a device of torch, such as ``cpu`` or ``cuda``, for models of the hub; the embedded one takes ``cpu``.
        threads: how many threads may compute; None leaves it to the engine.
        offline: never touch the network (the same as the environment variable ``HF_HUB_OFFLINE=1``).
        engine: what runs encoder-decoders: ``transformers``, or ``ctranslate2`` with 8-bit weights.
        progress: as for `prepare_model`.

    Raises:
        ModelError: the model is unknown, missing or damaged, or the device can't be used.
    """
    if offline:
        os.environ["HF_HUB_OFFLINE"] = "1"
    info, path = _resolve(name)
    if info.kind == "embedded" and device != "cpu":
        raise ModelError(
            f"device {device!r} can't be used: {info.name} computes on the processor; leave the device out"
        )
    folder = _find(info, path) or prepare_model(name, progress, offline=offline)
    keep_freed_memory()
    if info.kind == "seq2seq":
        # By default, OpenMP's threads wait in a busy loop, and a second program on the same cores slows both down
        # several times; sleeping at once costs too: this is 0.1 ms. It has to be said before torch is loaded.
        os.environ.setdefault("GOMP_SPINCOUNT", "30000")
        from summarizer.models.seq2seq.load import load

        info = _complete(info, folder)
        if info.noncommercial:
            _log.warning("the licence of %s (%s) forbids commercial use: %s", info.name, info.licence, info.licence_url)
        architecture = _read()[1].get(info.architecture)
        pairs = (info.languages,) if info.languages else architecture.languages if architecture else ()
        return load(info, folder, pairs, device=device, threads=threads, engine=engine)
    from summarizer.models.embedded.engine import EmbeddedModel

    shown = path.stem if path else info.name
    return EmbeddedModel(folder, name=shown, prompts=info.prompts, threads=threads or 0)


def _complete(info: ModelInfo, folder: Path) -> ModelInfo:
    """Add what a checkpoint's own files say; what the catalogue says stands."""
    config = checkpoint.read_config(folder)
    licence = checkpoint.read_licence(folder)
    if licence and info.licence == UNKNOWN:
        url = f"https://huggingface.co/{info.repository}" if info.repository else str(folder / checkpoint.CARD)
        noncommercial = "nc" in licence.lower().split("-")
        info = replace(info, licence=licence, licence_url=url, noncommercial=noncommercial)
    if checkpoint.is_ctranslate2({file.name for file in folder.iterdir()}):
        # Nothing in this format tells an abstract's model from a translator; what is published are translators.
        return replace(info, tasks=(Task.TRANSLATE,))
    model_type = str(config.get("model_type"))
    architecture = _read()[1].get(model_type)
    if architecture is None:
        known = ", ".join(sorted(_read()[1]))
        raise ModelError(f"{info.name} is a {model_type!r} model: only encoder-decoders can be used ({known})")
    own = _settings(checkpoint.read_generation(folder))
    return replace(
        info,
        architecture=model_type,
        tasks=info.tasks if info.architecture else architecture.tasks,
        generation={**own, **info.generation},
        max_input=min(info.max_input or 1 << 30, checkpoint.input_limit(config)),
    )


def _settings(table: dict[str, Any]) -> dict[str, Any]:
    """Turn a checkpoint's decoding settings into those of `Search`."""
    for old, new in (("min_length", "min_new_tokens"), ("max_length", "max_new_tokens")):
        if old in table:
            # The old names count the decoder's start token.
            table.setdefault(new, max(0, table.pop(old) - 1))
            table.pop(old, None)
    # 20 is what transformers itself wrote where nobody had chosen a length.
    if table.get("max_new_tokens", 0) < 20:
        table.pop("max_new_tokens", None)
    if "early_stopping" in table:
        table["early_stopping"] = table["early_stopping"] is True
    return table
