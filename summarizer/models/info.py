"""What is known of a model before it is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.models.base import Task
from summarizer.models.engine import Engine


@dataclass(frozen=True)
class ModelInfo:
    """What people are told of a model, and what runs it; the head of ``catalogue.toml`` says more."""

    name: str
    title: str
    engine: Engine
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
