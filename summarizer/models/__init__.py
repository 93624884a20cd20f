"""The models that do the writing: found, fetched, loaded and asked.

In: a model's name, a task and requests. Out: a `TextModel` and the texts that it writes, with scores where it gives
them. What runs a model, how it is prompted and where its weights come from may change without touching another folder;
the others import from here and from `summarizer.models.prompts` only.
"""

from summarizer.models.base import LENGTHS, Advance, Generation, Judge, Length, Request, Task, TextModel
from summarizer.models.catalogue import (
    BASE,
    DEFAULT,
    ENGINES,
    check_model,
    find_info,
    find_model,
    fingerprint,
    load_catalogue,
    load_model,
    prepare_model,
    remove_model,
    status,
    verify_model,
)
from summarizer.models.choice import (
    RECOMMENDED,
    advice,
    better_translator,
    config_file,
    default_model,
    describe,
    fetch_better_translator,
    keep_translator,
    reset_default,
    set_default,
)
from summarizer.models.info import PREPARATION_STEPS, Embedded, ModelInfo

__all__ = [
    "BASE",
    "DEFAULT",
    "ENGINES",
    "LENGTHS",
    "PREPARATION_STEPS",
    "RECOMMENDED",
    "Advance",
    "Embedded",
    "Generation",
    "Judge",
    "Length",
    "ModelInfo",
    "Request",
    "Task",
    "TextModel",
    "advice",
    "better_translator",
    "check_model",
    "config_file",
    "default_model",
    "describe",
    "fetch_better_translator",
    "find_info",
    "find_model",
    "fingerprint",
    "keep_translator",
    "load_catalogue",
    "load_model",
    "prepare_model",
    "remove_model",
    "reset_default",
    "set_default",
    "status",
    "verify_model",
]
