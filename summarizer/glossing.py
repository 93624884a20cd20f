"""From whatever holds a text to what its words mean."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import Any

from summarizer.cleaning import read_translatable
from summarizer.extraction.decoding import SavedPage
from summarizer.lexicon.gloss import Gloss, gloss_text
from summarizer.text.sentences import split_paragraphs


@dataclass(frozen=True)
class GlossedSentence:
    """A sentence, the paragraph that it is of, from 0, and what its words mean, in order."""

    paragraph: int
    text: str
    glosses: tuple[Gloss, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the sentence as plain values."""
        words: list[dict[str, Any]] = []
        for gloss in self.glosses:
            word = asdict(gloss)
            word["senses"] = list(gloss.senses)
            words.append(word)
        return {"paragraph": self.paragraph, "sentence": self.text, "words": words}


def gloss(source: str | os.PathLike[str] | SavedPage, *, force: bool = False) -> list[GlossedSentence]:
    """Return the sentences of a text file or a page with what their words mean; of HTML, headline and article.

    Args:
        source: a path, "-" for standard input, or a page in memory.
        force: accept pages without an article, or in another language.

    Raises:
        InputError: it can't be read.
        NoArticleError: an HTML page holds no article.
        NotIndonesianError: it is in another language.
    """
    article = read_translatable(source, lines=False, force=force)
    sentences: list[GlossedSentence] = []
    for sentence in split_paragraphs(article.paragraphs):
        paragraph, _ = sentence.position
        sentences.append(GlossedSentence(paragraph, sentence.text, tuple(gloss_text(sentence.text))))
    return sentences
