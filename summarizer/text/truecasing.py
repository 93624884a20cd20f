"""Put upper case back into the text of a model that writes lower case alone, from the article that it read."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache

from summarizer.text.detokenization import close_marks
from summarizer.text.sentences import SENTENCE_END

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
# What may stand between the end of a sentence and the first word of the next.
_START = re.compile(rf"(?:^|{SENTENCE_END}\s|:\s*[\"“])[\s\"'“‘(\[]*$")


def restore_case(text: str, source: str) -> str:
    """Return a text with the upper case that names have in its source, and with capital letters at sentence starts.

    Each word takes the form that it has in the source, where the words around it are the same if there is such a
    place, else the most frequent. What stands at a sentence start in the source says little of a word: it counts only
    for words that stand nowhere else, and only if the next word is capitalised, as in names of several words, or the
    word isn't written as names are ("KPK", "iPhone"). Spaces that stand before punctuation go.

    Args:
        text: lower-case text.
        source: what it was written from.
    """
    # Models that were trained on tokenised corpora write spaces around punctuation, as these corpora do.
    text = close_marks(text)
    forms = _Forms(source)
    words = list(_WORD.finditer(text))
    parts: list[str] = []
    end = 0
    for at, word in enumerate(words):
        before = words[at - 1][0].casefold() if at else ""
        after = words[at + 1][0].casefold() if at + 1 < len(words) else ""
        form = forms.find(word[0], before, after)
        if _START.search(text[: word.start()]):
            form = form[0].upper() + form[1:] if form == word[0] else form
        parts += [text[end : word.start()], form]
        end = word.end()
    return "".join(parts) + text[end:]


class _Forms:
    """The forms that words have in a source."""

    def __init__(self, source: str) -> None:
        self._alone: dict[str, Counter[str]] = defaultdict(Counter)
        self._behind: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._ahead: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        words = list(_WORD.finditer(source))
        for at, word in enumerate(words):
            before = words[at - 1][0] if at else ""
            after = words[at + 1][0] if at + 1 < len(words) else ""
            if not _tells(word[0], after, starts=bool(_START.search(source[max(0, word.start() - 20) : word.start()]))):
                continue
            key = word[0].casefold()
            self._alone[key][word[0]] += 1
            self._behind[before.casefold(), key][word[0]] += 1
            self._ahead[key, after.casefold()][word[0]] += 1

    def find(self, word: str, before: str, after: str) -> str:
        """Return the form of a word between two others."""
        key = word.casefold()
        near = self._behind.get((before, key), Counter()) + self._ahead.get((key, after), Counter())
        found = near or self._alone.get(key)
        # On a tie the form that came first wins.
        return found.most_common(1)[0][0] if found else word


@cache
def _tells(word: str, after: str, *, starts: bool) -> bool:
    """Tell whether the form of a word in its place says how it is written elsewhere."""
    if not starts or not word[0].isupper():
        return True
    return word[1:] != word[1:].lower() or (after[:1].isupper() and after[1:] == after[1:].lower())
