"""Cut a page that stands on one line into its pieces: menus, headlines, bylines and sentences.

Many data sets hold such text. What is left of the page's structure is the wording of what surrounds an article, and
the difference between sentences and labels. The pieces are cleaned like the lines of any other page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from summarizer.extraction.line_classes import ends_sentence, has_sentence
from summarizer.extraction.rules import line_cuts, word_list
from summarizer.extraction.teasers import sentence_start
from summarizer.text.sentences import split_sentences


@dataclass(frozen=True)
class OneLineThresholds:
    """What makes a page of one line, and how it is cut.

    Attributes:
        share: share of a page's text that stands on one line.
        signs: how many different signs of a page such a line has.
        copied: share of a line that must be copies of its sentences: an article quotes a few twice.
        distinct: fewest different sentences of such a line: one that is said over and over is no page.
        characters: longest line that is cut, in characters: a page of 10,000 words.
        headline_words: fewest and most words of a headline in front of a dateline.
        label_words: most words of a label that is cut out of a menu.
        lower: fewest words of a sentence that begin with a small letter, as a share of them: where it ends with a full
            stop, and where it doesn't.
        capital: what a capitalised word speaks against a sentence; any other word speaks 1 for it.
        menu_words: how many more capitalised words than others in front of a sentence are no part of it: of the first
            one, and of one that follows a sentence.
    """

    share: float = 0.9
    signs: int = 3
    copied: float = 0.25
    distinct: int = 3
    characters: int = 100_000
    headline_words: tuple[int, int] = (3, 30)
    label_words: int = 12
    lower: tuple[float, float] = (0.12, 0.3)
    capital: float = 0.7
    menu_words: tuple[int, int] = (8, 14)


THRESHOLDS = OneLineThresholds()

WARNING = (
    "the page stands on one line, with what surrounds the article: where the article begins and ends was told by the "
    "wording alone"
)
"""What the reader is told of such a page."""

_BYLINE = re.compile(r"(?:Laporan|Oleh|Penulis|Reporter)\b")
_DOMAIN = re.compile(r"(?<![A-Z])([A-Z]{3,}\.) ?\n(?=(?:COM|CO|ID|NET|TV)\b)")


def is_one_line(paragraphs: Sequence[str]) -> bool:
    """Tell whether a page with its menus stands on one line; an article that is one paragraph has no signs of them."""
    longest = max(paragraphs, key=len)
    signs = {sign.casefold() for sign in _page_signs().findall(longest)}
    return _is_long(longest, paragraphs) and len(signs) >= THRESHOLDS.signs


def cut_copies(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return a page with its longest line cut into sentences, if the page stands on it and holds copies of its text."""
    longest = max(paragraphs, key=len)
    if not _is_long(longest, paragraphs) or len(longest) > THRESHOLDS.characters:
        return tuple(paragraphs)
    sentences = split_sentences(longest)
    distinct = set(sentences)
    copied = sum(map(len, sentences)) - sum(map(len, distinct))
    if len(distinct) < THRESHOLDS.distinct or copied < THRESHOLDS.copied * len(longest):
        return tuple(paragraphs)
    at = paragraphs.index(longest)
    return (*paragraphs[:at], *sentences, *paragraphs[at + 1 :])


def _is_long(line: str, paragraphs: Sequence[str]) -> bool:
    return len(line) >= THRESHOLDS.share * sum(map(len, paragraphs))


@cache
def _page_signs() -> re.Pattern[str]:
    words = sorted(word_list("page_signs"), key=lambda word: (-len(word), word))
    return re.compile(rf"(?:^|(?<=\s))(?:{'|'.join(map(re.escape, words))})(?![\w,.])")


def cut_headline(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Cut the headline off an article's first paragraph, where it stands on one line with it and a dateline parts them.

    Args:
        paragraphs: a page.

    Returns:
        The same page, with a paragraph more if there is such a headline.
    """
    line, *rest = paragraphs
    dateline = _dateline().search(line)
    if dateline is None:
        return tuple(paragraphs)
    headline = line[: dateline.start()].strip()
    fewest, most = THRESHOLDS.headline_words
    is_headline = fewest <= len(headline.split()) <= most and not has_sentence(headline.rstrip("?!"))
    if not is_headline or _BYLINE.match(headline):
        return tuple(paragraphs)
    return headline, line[dateline.start() :], *rest


@cache
def _dateline() -> re.Pattern[str]:
    return next(cut.pattern for cut in line_cuts() if cut.name == "dateline")


def cut_line(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return a page with its longest line cut into labels and sentences."""
    longest = max(range(len(paragraphs)), key=lambda at: len(paragraphs[at]))
    line = paragraphs[longest]
    if len(line) > THRESHOLDS.characters:
        return tuple(paragraphs)
    pieces = [piece for part in _cut_at_marks(line) for piece in _pieces(part, line)]
    return (*paragraphs[:longest], *pieces, *paragraphs[longest + 1 :])


def _cut_at_marks(line: str) -> list[str]:
    """Cut in front of datelines and bylines, and around dates with a time, and names of lists."""
    ends = {0, len(line)}
    for cut in line_cuts():
        for match in cut.pattern.finditer(line):
            ends |= {match.start()} | ({match.end()} if cut.after else set())
    return [part for start, end in pairwise(sorted(ends)) if (part := line[start:end].strip())]


def _sentences(part: str) -> list[str]:
    return _DOMAIN.sub(r"\1", "\n".join(split_sentences(part))).split("\n")


def _pieces(part: str, line: str) -> Iterator[str]:
    """Cut a part of a line into labels and sentences."""
    # In front of a part's first sentence may stand what isn't it, unless a dateline does, and less easily behind one.
    is_clean = _dateline().match(part) is not None
    for sentence in _sentences(part):
        words = list(re.finditer(r"\S+", sentence))
        lower = [word.group()[:1].islower() for word in words]
        start = _start([word.group() for word in words], lower, line, THRESHOLDS.menu_words[is_clean])
        is_clean = _is_sentence(sentence, lower)
        if not is_clean:
            yield from _labels(words)
            continue
        yield from _labels(words[:start])
        yield sentence[words[start].start() :]


def _is_sentence(text: str, lower: Sequence[bool]) -> bool:
    fewest = THRESHOLDS.lower[0 if ends_sentence(text, ".") else 1]
    return has_sentence(text) and (len(lower) <= THRESHOLDS.label_words or sum(lower) >= fewest * len(lower))


def _labels(words: Sequence[re.Match[str]]) -> Iterator[str]:
    """Yield the words of a text, some at a time."""
    for at in range(0, len(words), THRESHOLDS.label_words):
        some = words[at : at + THRESHOLDS.label_words]
        yield some[0].string[some[0].start() : some[-1].end()]


def _start(words: Sequence[str], lower: Sequence[bool], line: str, fewest: int) -> int:
    """Return which word a sentence begins with that a menu or headlines in title case stand in front of."""
    best, total, at = 0.0, 0.0, len(words)
    for place in range(len(words) - 1, -1, -1):
        total += 1.0 if lower[place] else -THRESHOLDS.capital
        if total > best:
            best, at = total, place
    front = lower[:at]
    if sum(1 if small else -1 for small in front) > -fewest:
        return 0
    # The sentence's own first words are capitalised too.
    begin = max(0, at - THRESHOLDS.label_words)
    found = sentence_start(["-"] * 4 + list(words[begin:]), line)
    return begin + found - 4 if found and found >= 4 else max(0, at - 1)
