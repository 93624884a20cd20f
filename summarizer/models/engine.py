"""What every engine is to the catalogue: how models of one kind are found, fetched, checked, loaded and removed."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeAlias

from summarizer.models.base import Task, TextModel
from summarizer.storage.cache import is_complete

if TYPE_CHECKING:
    from summarizer.models.info import ModelInfo

Progress: TypeAlias = Callable[[str], None]
"""Called with the name of each step of a preparation as it begins."""

WhichRelease: TypeAlias = Literal["any", "pinned", "newest"]
"""The release of a model that is wanted: whichever is on this machine, and else that of the catalogue; that of the
catalogue, whatever is there; or the newest that its makers have."""


@dataclass(frozen=True)
class LoadOptions:
    """What a person may choose about how a model computes.

    Attributes:
        device: a device of torch. It is "cpu" for engines that run on the processor only.
        threads: how many threads may compute; None leaves it to the engine.
        decoder: what runs encoder-decoders, a name in `summarizer.models.catalogue.DECODERS`; others pass it over.
    """

    device: str = "cpu"
    threads: int | None = None
    decoder: str = "transformers"


@dataclass(frozen=True)
class Engine(ABC):
    """What looks after models of one kind and loads them: a class for each kind, an object for each model.

    The catalogue asks nothing else about a kind of model. An object is light: it says where a model is and how it is
    used. Its module imports what computes (torch, ONNX Runtime) or downloads (httpx) only inside of the methods that
    need it.

    Attributes:
        folder: the user's own folder that holds the model; None for a model that Ringkas keeps itself.
    """

    folder: Path | None = field(default=None, kw_only=True)

    tasks: ClassVar[tuple[Task, ...]] = tuple(Task)
    """What models of this kind may be made for."""
    needs_download: ClassVar[bool] = True
    """Whether `fetch` uses the network. What comes with pip doesn't need it."""
    takes_devices: ClassVar[bool] = False
    """Whether it computes on other devices than the processor."""
    judges: ClassVar[bool] = False
    """Whether its models say how sure they are, and can judge what others write: see `summarizer.models.base.Judge`."""

    # How the catalogue makes one.

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Return what an entry of ``catalogue.toml`` describes, given the table there that is named after the kind."""
        return cls(**settings)

    @classmethod
    def from_folder(cls, folder: Path) -> Self | None:  # noqa: ARG003 - for those who know such folders
        """Return what runs the model in a user's folder; None if it isn't of this kind, going by names of files."""
        return None

    def with_adapter(self, adapter: Path) -> Self | None:  # noqa: ARG002 - for those who take one
        """Return the same with an exported adapter in a folder; None if models of this kind take none.

        Raises:
            ModelError: the folder holds no exported adapter.
        """
        return None

    # What is on this machine.

    def is_installed(self) -> bool:
        """Tell whether the packages that run the model are installed, and those that bring it, if pip does."""
        return True

    @abstractmethod
    def locate(self) -> Path | None:
        """Return the folder that is kept of the model, whole or not, without using the network; None without one."""

    def is_complete(self, folder: Path) -> bool:
        """Tell whether what `locate` found is whole and undamaged, as `summarizer.storage.cache.build_once` knows.

        Raises:
            ModelError: a list of its files can't be read.
        """
        return is_complete(folder)

    def find(self) -> Path | None:
        """Return the folder of the model without using the network; None if it isn't there, or not whole.

        A user's own folder is returned as it is: `inspect` says what is wrong with it.

        Raises:
            ModelError: a list of its files can't be read.
        """
        if self.folder:
            return self.folder
        folder = self.locate()
        return folder if folder and self.is_complete(folder) else None

    def inspect(self, info: ModelInfo, folder: Path) -> ModelInfo:  # noqa: ARG002 - for those who look into it
        """Return what is known of the model, with what its files add to it; what the catalogue says stands.

        Raises:
            ModelError: the folder holds no whole model of this kind, or what runs it isn't installed.
        """
        return info

    def is_measured(self, folder: Path) -> bool:  # noqa: ARG002 - for those with several releases
        """Tell whether the figures in the catalogue are of the model that is in a folder.

        Raises:
            ModelError: a file is missing.
        """
        return True

    def fingerprint(self, folder: Path) -> str:
        """Return what tells the content of the model's folder from any other; a cache folder's name does.

        Raises:
            ModelError: a file is missing.
        """
        return folder.name

    # What it does.

    @abstractmethod
    def fetch(self, progress: Progress, release: WhichRelease) -> Path:
        """Download or convert the model unless that was done before, and return its folder.

        It is not called for a user's own folder. What is damaged is made anew, and what is there stays if it fails.

        Raises:
            ModelError: it can't be had, or not be written.
        """

    @abstractmethod
    def load(self, info: ModelInfo, folder: Path, options: LoadOptions) -> TextModel:
        """Load the model in a folder that `find` or `fetch` returned.

        Raises:
            ModelError: it is damaged, or can't be run here.
        """

    def remove(self, folder: Path) -> None:
        """Remove what `locate` found.

        Raises:
            OSError: something of it can't be removed.
        """
        shutil.rmtree(folder)

    # Releases, for engines whose makers go on publishing them.

    @property
    def has_releases(self) -> bool:
        """Whether `fetch` can be asked for the newest release, and `find_newer` for its name."""
        return False

    def find_newer(self) -> str:
        """Ask for the newest release; return what it is called, "" if it is the catalogue's.

        Raises:
            ModelError: nobody can tell.
        """
        return ""
