"""Translate Indonesian text into English, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.faithfulness import changed_numbers
from summarizer.loops import cut_loop, find_loop
from summarizer.models.base import Advance, Generation, Task, TextModel
from summarizer.sentences import split_sentences

_LETTERS = re.compile(r"[^\W\d_]")
_SHOWN = 90

CANDIDATES = 4
"""How many other translations the model makes of a sentence whose first one is at fault."""


@dataclass(frozen=True)
class Translation:
    """A translation and what the reader should know about it.

    Attributes:
        paragraphs: one English paragraph for each Indonesian one.
        warnings: in plain words; empty when all is well.
    """

    paragraphs: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(self.paragraphs)


def translate_paragraphs(
    paragraphs: Sequence[str], model: TextModel, advance: Advance = lambda count: None
) -> Translation:
    """Translate one text: `translate_texts` of it alone."""
    [translation] = translate_texts([paragraphs], model, advance)
    return translation


def translate_texts(
    texts: Sequence[Sequence[str]], model: TextModel, advance: Advance = lambda count: None
) -> list[Translation]:
    """Translate texts, each sentence on its own, the sentences of all texts in the same batches.

    Models drop sentences when they are given several at a time. A translation that is empty, unfinished, runs in a
    loop, loses or adds a number, or repeats the source is replaced by the first faultless one of the model's
    candidates; what is still wrong then is named in a warning.

    Args:
        texts: Indonesian texts, each a list of paragraphs; blank paragraphs stay blank.
        model: the model that writes.
        advance: called with the number of sentences that are done; a sentence that stands twice counts once.

    Returns:
        A translation for each text, with as many paragraphs as the text has.
    """
    pieces = [[split_pieces(paragraph, model) for paragraph in paragraphs] for paragraphs in texts]
    sources = [piece for text in pieces for paragraph in text for piece in paragraph if _LETTERS.search(piece)]
    distinct = list(dict.fromkeys(sources))
    written = dict(zip(distinct, model.generate(Task.TRANSLATE, distinct, advance=advance), strict=True))
    faults = {source: _fault(source, generation) for source, generation in written.items()}
    failed = [source for source in distinct if faults[source]]
    if failed:
        again = model.candidates(Task.TRANSLATE, failed, CANDIDATES)
        for source, generations in zip(failed, again, strict=True):
            faultless = next((generation for generation in generations if not _fault(source, generation)), None)
            if faultless is not None:
                written[source], faults[source] = faultless, None

    # A piece without a letter ("***", "1.250") means the same in English.
    english = {source: cut_loop(generation.text) for source, generation in written.items()}
    translations = []
    for text in pieces:
        parts = [[english.get(piece, piece) for piece in paragraph] for paragraph in text]
        named = dict.fromkeys(piece for paragraph in text for piece in paragraph if faults.get(piece))
        translations.append(
            Translation(
                paragraphs=tuple(" ".join(part for part in paragraph if part) for paragraph in parts),
                warnings=tuple(f"{faults[piece]}: {_shorten(piece)}" for piece in named),
            )
        )
    return translations


def split_pieces(paragraph: str, model: TextModel) -> list[str]:
    """Split a paragraph into sentences, and a sentence that the model can't take into parts that it can.

    Long sentences are cut behind a semicolon, a comma or, failing these, a word, as near to their middle as can be.
    """
    pieces: list[str] = []
    waiting = split_sentences(paragraph)[::-1]
    while waiting:
        sentence = waiting.pop()
        words = sentence.split()
        if model.count_tokens(sentence) <= model.capacity(Task.TRANSLATE):
            pieces.append(sentence)
        elif len(words) > 1:
            cut = _middle(words)
            waiting += [" ".join(words[cut:]), " ".join(words[:cut])]
        else:
            # One endless word is no language: halve it.
            waiting += [sentence[len(sentence) // 2 :], sentence[: len(sentence) // 2]]
    return pieces


def _middle(words: list[str]) -> int:
    for marks in (".!?", ";", ","):
        cuts = [at for at in range(1, len(words)) if words[at - 1].rstrip("\"”'’)")[-1:] in tuple(marks)]
        central = [cut for cut in cuts if len(words) / 5 <= cut <= len(words) * 4 / 5]
        if central:
            return min(central, key=lambda cut: abs(cut - len(words) / 2))
    return len(words) // 2


def _fault(source: str, generation: Generation) -> str | None:
    """Say in plain words what is wrong with a translation, if anything is."""
    text = generation.text
    if not text:
        return "a sentence was not translated"
    if find_loop(text) is not None:
        return "the translation of a sentence ran in a loop and was cut"
    if not generation.finished:
        return "the translation of a sentence was cut off"
    if len(source.split()) > 4 and text.casefold() == source.casefold():
        return "a sentence was left in Indonesian"
    changed = changed_numbers(source, text)
    if changed:
        return f"the numbers of a sentence and of its translation differ ({', '.join(changed)})"
    return None


def _shorten(text: str) -> str:
    return f"“{text}”" if len(text) <= _SHOWN else f"“{text[: _SHOWN - 1].rstrip()}…”"
