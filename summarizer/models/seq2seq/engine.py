"""The engine of encoder-decoders: checkpoints from the Hugging Face hub or a folder, run by torch or CTranslate2."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from summarizer.errors import ModelError
from summarizer.models import hub
from summarizer.models.base import Task
from summarizer.models.engine import Engine, LoadOptions, Progress, WhichRelease
from summarizer.models.seq2seq import checkpoint
from summarizer.models.seq2seq.checkpoint import Checkpoint

if TYPE_CHECKING:
    from summarizer.models.info import ModelInfo
    from summarizer.models.seq2seq.model import Seq2SeqModel


@dataclass(frozen=True)
class Seq2SeqEngine(Engine):
    """An encoder-decoder of an architecture in ``architectures.toml``.

    Attributes:
        checkpoint: where it is on the hub, and how it is used.
    """

    checkpoint: Checkpoint = field(default_factory=Checkpoint)

    takes_devices: ClassVar[bool] = True

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Return what an entry of the catalogue describes."""
        return cls(Checkpoint(**settings))

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Return what runs the model in a user's folder; `inspect` says why if it holds none."""
        return cls(folder=folder)

    @classmethod
    def on_hub(cls, repository: str, revision: str) -> Self:
        """Return what runs a model of the hub that the catalogue doesn't know; "" is its main revision."""
        return cls(Checkpoint(repository, revision or "main"))

    def at_revision(self, revision: str) -> Self:
        """Return the same model in another revision."""
        return replace(self, checkpoint=replace(self.checkpoint, revision=revision))

    def locate(self) -> Path | None:
        """Return the snapshot in the hub's cache, whole or not; None without one."""
        return hub.find_snapshot(self.checkpoint.repository, self.checkpoint.revision)

    def is_complete(self, folder: Path) -> bool:
        """Tell whether a folder holds a configuration, a tokenizer and all the weights.

        Raises:
            ModelError: a list of the parts of weights can't be read.
        """
        return checkpoint.is_whole(folder)

    def inspect(self, info: ModelInfo, folder: Path) -> ModelInfo:
        """Return what is known of the model, with the tasks of its architecture where the catalogue names none.

        Raises:
            ModelError: the folder holds no whole checkpoint, or one of an architecture that can't be run.
        """
        known = checkpoint.architectures()
        model_type = str(checkpoint.read_config(folder).get("model_type"))
        if model_type not in known:
            kinds = ", ".join(sorted(known))
            raise ModelError(f"{info.name} is a {model_type[:80]!r} model: only encoder-decoders can be used ({kinds})")
        if not checkpoint.is_whole(folder):
            raise ModelError(
                f"the model in {folder} is incomplete: it needs config.json, a tokenizer and all its weights"
            )
        if set(info.tasks) != set(Task):
            return info
        return replace(info, tasks=tuple(map(Task, known[model_type]["tasks"])))

    def fingerprint(self, folder: Path) -> str:
        """Return the commit, or of a user's own folder what changes with size or time of a file that is needed."""
        return checkpoint.fingerprint(folder) if self.folder else folder.name

    def fetch(self, progress: Progress, release: WhichRelease) -> Path:  # noqa: ARG002 - downloads have bars
        """Download what is missing or damaged of the checkpoint, and return its folder; see `hub.fetch_snapshot`.

        Raises:
            ModelError: the hub can't be reached, or doesn't give the checkpoint, or it can't be saved.
        """
        folder = self.find()
        is_sound = folder is not None and not hub.remove_damaged(folder)
        if folder is not None and is_sound:
            return folder
        return hub.fetch_snapshot(self.checkpoint.repository, self.checkpoint.revision)

    def load(self, info: ModelInfo, folder: Path, options: LoadOptions) -> Seq2SeqModel:
        """Load the checkpoint in a folder.

        Raises:
            ModelError: it is damaged, or the device or the decoder can't be used here.
        """
        # By default, OpenMP's threads wait in a busy loop, and a second program on the same cores slows both down
        # several times; sleeping at once costs too: this is 0.1 ms. It has to be said before torch is loaded.
        os.environ.setdefault("GOMP_SPINCOUNT", "30000")
        from summarizer.models.seq2seq.model import Seq2SeqModel

        return Seq2SeqModel(
            info,
            self.checkpoint,
            folder,
            device=options.device,
            threads=options.threads,
            decoder=options.decoder,
        )

    def remove(self, folder: Path) -> None:
        """Remove a snapshot from the hub's cache, with the files that no other one needs.

        Raises:
            OSError: something of it can't be removed.
        """
        hub.remove_snapshot(folder)
