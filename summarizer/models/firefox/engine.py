"""The engine of Firefox's translators: fetched from Mozilla or found in a folder, run by fxtranslate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from summarizer.models.base import Task
from summarizer.models.engine import Engine, LoadOptions, Progress, WhichRelease
from summarizer.models.firefox import model_files
from summarizer.models.firefox.pinned import PinnedFile, PinnedModel

if TYPE_CHECKING:
    from summarizer.models.firefox.model import FirefoxModel
    from summarizer.models.info import ModelInfo


@dataclass(frozen=True)
class FirefoxEngine(Engine):
    """A translation model of Firefox.

    Attributes:
        model: which one, and the release that the catalogue pins; nothing of it is used for a user's own folder.
    """

    model: PinnedModel = field(default_factory=PinnedModel)

    tasks: ClassVar[tuple[Task, ...]] = (Task.TRANSLATE,)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Return what an entry of the catalogue describes."""
        files = tuple(PinnedFile(**file) for file in settings["files"])
        return cls(PinnedModel(settings["languages"], settings["architecture"], settings["path"], files))

    @classmethod
    def from_folder(cls, folder: Path) -> Self | None:
        """Return what runs the model in a user's folder; None if it holds none of Firefox."""
        return cls(folder=folder) if model_files.looks_like_model(folder) else None

    def is_installed(self) -> bool:
        """Tell whether fxtranslate is installed."""
        return model_files.is_installed()

    def locate(self) -> Path | None:
        """Return the folder in the cache; None without one."""
        folder = model_files.cache_folder(self.model)
        return folder if folder.is_dir() else None

    def inspect(self, info: ModelInfo, folder: Path) -> ModelInfo:
        """Return what is known of the model; its files add nothing to it.

        Raises:
            ModelError: a file is missing, or fxtranslate isn't installed.
        """
        model_files.require_engine()
        model_files.find_files(folder)
        return info

    def is_measured(self, folder: Path) -> bool:
        """Tell whether a folder holds the release that the catalogue pins. A user's own has no figures.

        Raises:
            ModelError: a file is missing.
        """
        return self.folder is not None or model_files.holds_pinned(self.model, folder)

    def fingerprint(self, folder: Path) -> str:
        """Return what changes with the content of any file: the name of the cache folder stays with a new release.

        Raises:
            ModelError: a file is missing.
        """
        return model_files.fingerprint(folder)

    def fetch(self, progress: Progress, release: WhichRelease) -> Path:  # noqa: ARG002 - the download has a bar
        """Download the release that is wanted, unless it is there, and return its folder; see `fetching.fetch`.

        Raises:
            ModelError: no source has it, the cache can't be written to, or fxtranslate is missing.
        """
        from summarizer.models.firefox import fetching

        return fetching.fetch(self.model, release)

    def load(self, info: ModelInfo, folder: Path, options: LoadOptions) -> FirefoxModel:  # noqa: ARG002 - one thread
        """Load the model in a folder.

        Raises:
            ModelError: fxtranslate isn't installed, or a file is missing or damaged.
        """
        from summarizer.models.firefox.model import FirefoxModel

        return FirefoxModel(info.name, folder)

    @property
    def has_releases(self) -> bool:
        """Whether Mozilla may have a newer release; a user's own folder stays as it is."""
        return self.folder is None

    def find_newer(self) -> str:
        """Ask Mozilla for the newest release; return what it is called, "" if it is the catalogue's.

        Raises:
            ModelError: no server can tell, or fxtranslate isn't installed.
        """
        from summarizer.models.firefox import fetching

        return fetching.find_newer(self.model)
