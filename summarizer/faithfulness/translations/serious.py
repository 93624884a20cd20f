"""Compare the serious words of a translation with those of its source: crime, death, denial, orders."""

from __future__ import annotations

from summarizer.faithfulness.faults import Fault
from summarizer.faithfulness.lexicon import load_lexicon


def find_serious_faults(source: str, translation: str) -> list[Fault]:
    """Find serious words that the other text doesn't account for, at most one of each text for each matter."""
    faults = []
    for words in load_lexicon().serious.values():
        new, lost = words.english.search(translation), words.indonesian.search(source)
        # A title may stand in English in the source: "The Talking Dead".
        if new and not words.sources.search(source) and new.group() not in source:
            faults.append(Fault("serious", new.group()))
        if lost and not words.renderings.search(translation):
            faults.append(Fault("serious", lost.group(), missing=True))
    return faults
