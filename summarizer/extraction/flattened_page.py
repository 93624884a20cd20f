"""Cut a page that stands on one line, as in many data sets, into its pieces: menus, headlines, bylines and sentences.

What is left of its structure is the wording of what surrounds an article, and what tells sentences from labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from summarizer.extraction.blocks import has_sentence, is_lower
from summarizer.extraction.datelines import has_dateline
from summarizer.extraction.rules import rules_of, word_list
from summarizer.extraction.teasers import sentence_start
from summarizer.text.sentences import split_sentences

WARNING = "the whole page is on one line: only the wording told where the article begins and ends"
FUSED_WARNING = "the text is on one line: its headline may stand in front of its first sentence"
"""What the reader is told of such a page, and of an article whose headline may be fused with its text."""

# Fewest capitalised words with which a text begins that may be a headline with a sentence behind it.
_FUSED_WORDS = 7
# Share of a page's text that stands on one line, and how many different signs of a page that line has.
_SHARE = 0.9
_SIGNS = 2
# Fewest and most words of a headline in front of a dateline.
_FEWEST_HEADLINE_WORDS = 3
_MOST_HEADLINE_WORDS = 30
# Most words of a label that is cut out of a menu.
_LABEL_WORDS = 12
# What a capitalised word speaks against a sentence; any other word speaks 1 for it.
_CAPITAL = 0.7
# How many more capitalised words than others in front of a sentence are no part of it.
_MENU_WORDS = 8
_BYLINE = re.compile(r"(?:Laporan|Oleh|Penulis|Reporter)\b")


def is_flattened(paragraphs: Sequence[str]) -> bool:
    """Tell whether a page with its menus stands on one line; an article that is one paragraph has no signs of them."""
    longest = max(paragraphs, key=len)
    if len(longest) < _SHARE * sum(map(len, paragraphs)):
        return False
    signs = len(set(map(str.casefold, _page_signs().findall(longest))))
    for cut in rules_of("cut"):
        # A dateline, or a teaser between two sentences, stands in articles too.
        if cut.role not in ("dateline", "in_article") and cut.pattern.search(longest):
            signs += 1
    return signs >= _SIGNS


def cut_headline(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Cut the headline off an article's first paragraph, where a dateline parts them."""
    line, *rest = paragraphs
    dateline = _dateline_inside(line)
    headline = line[: dateline.start()].strip() if dateline else ""
    words = len(headline.split())
    is_of_length = _FEWEST_HEADLINE_WORDS <= words <= _MOST_HEADLINE_WORDS
    is_headline = is_of_length and not has_sentence(headline.rstrip("?!"))
    if dateline is None or not is_headline or _BYLINE.match(headline):
        return tuple(paragraphs)
    return headline, line[dateline.start() :], *rest


def _dateline_inside(line: str) -> re.Match[str] | None:
    """Return the first dateline in a text."""
    for cut in rules_of("cut"):
        dateline = cut.pattern.search(line) if cut.role == "dateline" else None
        if dateline:
            return dateline
    return None


def is_fused(line: str) -> bool:
    """Tell whether a text begins like a headline in title case, which no mark parts from the sentence behind it."""
    capitalised = 0
    for word in line.split(None, _MOST_HEADLINE_WORDS)[:_MOST_HEADLINE_WORDS]:
        if is_lower(word):
            break
        if word[:1].isupper():
            capitalised += 1
    return capitalised >= _FUSED_WORDS and not has_dateline(line)


def cut_line(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return a page with its longest line cut: around what the rules say, and into labels and sentences."""
    longest = max(range(len(paragraphs)), key=lambda place: len(paragraphs[place]))
    line = paragraphs[longest]
    bounds = {0, len(line)}
    for cut in rules_of("cut"):
        for match in cut.pattern.finditer(line):
            bounds.add(match.start())
            if cut.after:
                bounds.add(match.end())
    pieces: list[str] = []
    for start, end in pairwise(sorted(bounds)):
        part = line[start:end].strip()
        if part:
            pieces += _pieces(part, line)
    return (*paragraphs[:longest], *pieces, *paragraphs[longest + 1 :])


@cache
def _page_signs() -> re.Pattern[str]:
    """Return what finds the words of menus that show a page."""
    words = sorted(word_list("page_signs"), key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, words))})(?![\w,.])")


def _pieces(part: str, line: str) -> Iterator[str]:
    """Cut a part of a line into labels and sentences: in front of a sentence may stand a menu, or headlines."""
    for sentence in split_sentences(part):
        words = list(re.finditer(r"\S+", sentence))
        first_word = len(words)
        if has_sentence(sentence):
            first_word = _sentence_place([word.group() for word in words], line)
        yield from _labels(sentence, words[:first_word])
        if first_word < len(words):
            yield sentence[words[first_word].start() :]


def _labels(text: str, words: Sequence[re.Match[str]]) -> Iterator[str]:
    """Yield the words of a menu, so many together; ``words`` are those that were found in ``text``."""
    for start in range(0, len(words), _LABEL_WORDS):
        label = words[start : start + _LABEL_WORDS]
        first = label[0]
        last = label[-1]
        yield text[first.start() : last.end()]


def _sentence_place(words: Sequence[str], line: str) -> int:
    """Return the place of the word that a sentence begins with, behind a menu or headlines in title case.

    Args:
        words: of the menu and the sentence.
        line: that they are from, to know its names.
    """
    # The end of the words that has the most words in lower case, beside those with capitals.
    running = len(words)
    highest = 0.0
    total = 0.0
    for place in reversed(range(len(words))):
        total += 1.0 if words[place][:1].islower() else -_CAPITAL
        if total > highest:
            highest = total
            running = place
    if _count_capitals(words[:running]) < _MENU_WORDS:
        return 0
    # The sentence's own first words are capitalised too.
    begin = max(0, running - _LABEL_WORDS)
    start = sentence_start(words[begin:], line, fewest=0)
    return max(0, running - 1) if start is None else begin + start


def _count_capitals(words: Sequence[str]) -> int:
    """Return how many more of some words are capitalised than not."""
    more = 0
    for word in words:
        more += -1 if word[:1].islower() else 1
    return more
