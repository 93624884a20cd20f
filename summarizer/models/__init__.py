"""The models that do the writing: found, fetched, loaded and asked.

In: a model's name, a task and requests. Out: a `TextModel` and the texts that it writes, with scores where it gives
them. What runs a model, how it is prompted and where its weights come from may change without touching another folder;
the others import from here, and from the modules `catalogue`, `choice` and `prompts`.
"""

from summarizer.models.answers import generate_texts, require_answers, require_cut_weights, require_scores
from summarizer.models.base import (
    LENGTHS,
    Advance,
    CutWeights,
    Generation,
    GuidedModel,
    Judge,
    Length,
    Request,
    Task,
    TextModel,
)
from summarizer.models.embedded.engine import PREPARATION_STEPS
from summarizer.models.engine import Engine, LoadOptions
from summarizer.models.info import ModelInfo

__all__ = [
    "LENGTHS",
    "PREPARATION_STEPS",
    "Advance",
    "CutWeights",
    "Engine",
    "Generation",
    "GuidedModel",
    "Judge",
    "Length",
    "LoadOptions",
    "ModelInfo",
    "Request",
    "Task",
    "TextModel",
    "generate_texts",
    "require_answers",
    "require_cut_weights",
    "require_scores",
]
