"""Show a text word by word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_INDENT = "  "
# Words that are longer than this push their meaning to the right.
_WIDTH = 24


def render_glosses(sentence: Mapping[str, Any]) -> str:
    """Return a sentence, as `GlossedSentence.to_dict` gives it, and below it a line for each word, for a terminal.

    A word that stands there twice is shown once.
    """
    lines = [sentence["sentence"]]
    shown_forms: set[str] = set()
    for word in sentence["words"]:
        if word["form"] in shown_forms:
            continue
        shown_forms.add(word["form"])
        is_other = word["form"].casefold() != word["word"].casefold()
        shown = f"{word['word']} [{word['form']}]" if is_other else word["word"]
        lines.append(f"{_INDENT}{shown:{_WIDTH}} {' | '.join(word['senses'])}")
    return "\n".join(lines) + "\n"
