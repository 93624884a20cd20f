"""Cut a page that stands on one line into its pieces: menus, headlines, bylines and sentences.

Many data sets hold such text. What is left of the page's structure is the wording of what surrounds an article, and
the difference between sentences and labels. The pieces are cleaned like the lines of any other page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, zip_longest

from summarizer.extraction.line_classes import ends_sentence, has_sentence
from summarizer.extraction.rules import line_cuts, word_list
from summarizer.extraction.teasers import sentence_start
from summarizer.extraction.vocabulary import shared_words, stems_of
from summarizer.text.sentences import split_sentences


@dataclass(frozen=True)
class OneLineThresholds:
    """What makes a page of one line, and how it is cut.

    Attributes:
        share: share of a page's text that stands on one line.
        signs: how many different signs of a page such a line has: words of menus and footers, and what it is cut at.
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
        title_words: fewest and most words of a headline with a menu in front of it.
        repeated_words: fewest words that stand on a page twice by no chance.
        title_reach: how many words in front of the story may hold its headline.
        title_share: share of a headline's telling words that the story has at the least, from 0 to 1.
        distinct_share: share of a headline's words that differ at the least: else two copies of it stand in a row.
        crumbs: most words of the names of sections between "Home" and a headline.
        name_words: most words of a name between a headline and its date.
    """

    share: float = 0.9
    signs: int = 2
    copied: float = 0.25
    distinct: int = 3
    characters: int = 100_000
    headline_words: tuple[int, int] = (3, 30)
    label_words: int = 12
    lower: tuple[float, float] = (0.12, 0.3)
    capital: float = 0.7
    menu_words: tuple[int, int] = (8, 14)
    title_words: tuple[int, int] = (4, 25)
    repeated_words: int = 4
    title_reach: int = 120
    title_share: float = 0.5
    distinct_share: float = 0.7
    crumbs: int = 4
    name_words: int = 4


THRESHOLDS = OneLineThresholds()

WARNING = (
    "the whole page is on one line, with what surrounds the article: only the wording told where the article begins "
    "and ends"
)
"""What the reader is told of such a page."""

_IN_ARTICLES = "dateline", "footer"
_WHOLE = "share", "comments", "list_heading"
_BYLINE = re.compile(r"(?:Laporan|Oleh|Penulis|Reporter)\b")
_CRUMBS = re.compile(r"^.*(?:[>»›|·•]\s|\s/\s|\b(?:Home|Beranda|HOME|BERANDA)\s)")
_SEPARATORS = " |>»/·•-–—:"
_DESK = re.compile(r"\s[-–—]\s[a-z]{3,12}[A-Z][a-z]{2,15}$")
_ROLE = re.compile(r"\s(?:Kontributor|Reporter|Penulis|Pewarta)\b.*$")
_DESK_DATE = re.compile(r"(?:[A-Za-z]+\.\w+|[a-z]{3,12}[A-Z][a-z]{2,15}) [-–—|] .*\d")
_FULL_STOP = re.compile(r"[.…][\"'”’)\]]*\s")
# Of a caption, a byline, a date or a dateline.
_NO_HEADLINE = re.compile(
    r"\w\.\w+/\w|[-–—]{2}|\d[:.]\d{2} WIB|^\S+(?: \S+)? [-–—] |[A-Z]{4} [-–—] |\(\w+[-/]\w+\)|@\w"
    r"|\b(?:by|Oleh|Red|Foto|FOTO)\b"
    r"|\b\d{1,2} [A-Z][a-z]{2,8} \d{4}|\d/\d{1,2}/\d|\bCNN Indonesia\b"
)
_TEASER = re.compile(r"(?i:baca juga|baca|simak|lihat juga) ?:")
_DOMAIN = re.compile(r"(?<![A-Z])([A-Z]{3,}\.) ?\n(?=(?:COM|CO|ID|NET|TV)\b)")


def is_one_line(paragraphs: Sequence[str]) -> bool:
    """Tell whether a page with its menus stands on one line; an article that is one paragraph has no signs of them."""
    longest = max(paragraphs, key=len)
    if not _is_long(longest, paragraphs) or len(longest) > THRESHOLDS.characters:
        return False
    signs = {sign.casefold() for sign in _page_signs().findall(longest)}
    # A dateline, or a teaser between two sentences, stands in articles too.
    cuts = (cut for cut in line_cuts() if cut.name not in _IN_ARTICLES)
    return len(signs) + sum(1 for cut in cuts if cut.pattern.search(longest)) >= THRESHOLDS.signs


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


def cut_line(paragraphs: Sequence[str], headline: str | None = None) -> tuple[str, ...]:
    """Return a page with its longest line cut into labels and sentences.

    Args:
        paragraphs: a page.
        headline: the article's, where it is known: the line is cut around it too.
    """
    longest = max(range(len(paragraphs)), key=lambda at: len(paragraphs[at]))
    line = paragraphs[longest]
    pieces: list[str] = []
    for part in _parts(line, headline):
        is_whole = part.text == headline or part.mark in _WHOLE
        pieces += [part.text] if is_whole else _pieces(part.text, line)
    return (*paragraphs[:longest], *pieces, *paragraphs[longest + 1 :])


@dataclass(frozen=True)
class _Part:
    """A part of a line between two places where it is cut.

    Attributes:
        start: where it begins on the line.
        text: what it is, without the white space around it.
        mark: the name of the cut that it begins with, or nothing.
    """

    start: int
    text: str
    mark: str


def _parts(line: str, headline: str | None = None) -> list[_Part]:
    """Cut a line in front of datelines and bylines, around dates with a time, and names of lists."""
    ends = {0: "", len(line): ""}
    for cut in line_cuts():
        for match in cut.pattern.finditer(line):
            ends[match.start()] = cut.name
            if cut.after:
                ends.setdefault(match.end(), "")
    if headline:
        for match in re.finditer(rf"(?<!\S){re.escape(headline)}(?!\S)", line):
            ends = {at: name for at, name in ends.items() if not match.start() < at < match.end()}
            ends |= {match.start(): ""} | ({} if match.end() in ends else {match.end(): ""})
    spans = pairwise(sorted(ends))
    return [_Part(start, text, ends[start]) for start, end in spans if (text := line[start:end].strip())]


def find_line_headline(paragraphs: Sequence[str], pieces: Sequence[str], story: range) -> str | None:
    """Find the headline of the story on a page that stands on one line.

    It stands on the page twice, or between two marks that leave no doubt where it begins and ends.

    Args:
        paragraphs: the page, before it was cut.
        pieces: the same page, cut.
        story: which of the pieces are the story.

    Returns:
        The headline; None where there is none, or where it can't be told from the menus around it.
    """
    line = max(paragraphs, key=len)
    stems = stems_of(pieces[story.start : story.stop])
    start = line.find(pieces[story.start])
    end = max(start, line.find(pieces[story.stop - 1], start))
    if start < 0:
        return None
    front = line[:start]
    reach = [match.start() for match in re.finditer(r"\S+", front)][-THRESHOLDS.title_reach :][:1]
    parts = [part for part in _parts(front) if reach and part.start + len(part.text) > reach[0]]
    found = [*_repeated(parts, front + line[end:]), *_marked(parts, front, stems)]
    known = [text for text in found if _tells(text, stems) and text not in line[start:end]]
    return max(known, key=lambda text: shared_words(text, stems), default=None)


def _tells(headline: str, stems: frozenset[str]) -> bool:
    """Tell whether a text has the form of a headline, and a story enough of its words."""
    own = frozenset(stem for stem in stems_of([headline]) if not stem.isdigit())
    words = headline.split()
    fewest, most = THRESHOLDS.title_words
    return (
        fewest <= len(words) <= most
        and not headline[:1].islower()
        and not has_sentence(headline.rstrip("?!"))
        and _NO_HEADLINE.search(headline) is None
        and len({word.casefold() for word in words}) > THRESHOLDS.distinct_share * len(words)
        and len(own & stems) >= max(2, THRESHOLDS.title_share * len(own))
    )


def _repeated(parts: Sequence[_Part], page: str) -> Iterator[str]:
    """Yield the longest runs of words that stand in front of the story, and around it once more."""
    fewest = THRESHOLDS.repeated_words
    for words in (part.text.split() for part in parts if not part.mark):
        at = 0
        while at + fewest <= len(words):
            end = at + fewest
            while end <= len(words) and page.count(" ".join(words[at:end])) > 1:
                end += 1
            if end == at + fewest:
                at += 1
                continue
            yield _CRUMBS.sub("", " ".join(words[at : end - 1])).strip(_SEPARATORS)
            at = end - 1


def _marked(parts: Sequence[_Part], front: str, stems: frozenset[str]) -> Iterator[str]:
    """Yield what stands between two marks in front of the story, or behind the path to the page."""
    for part, after in zip_longest(parts, parts[1:]):
        if part.mark:
            continue
        sentence = max((match.end() for match in _FULL_STOP.finditer(part.text[:-1])), default=0)
        told = part.text[sentence:]
        text = _CRUMBS.sub("", told).strip(_SEPARATORS)
        if text != told:
            text = _without_sections(text, front[: part.start + len(part.text) - len(text)])
        elif _page_signs().search(told):
            continue
        if _DESK.search(text) or (after and _DESK_DATE.match(after.text)):
            text = _without_name(text, stems)
        yield text


def _without_sections(text: str, menu: str) -> str:
    """Return a headline without the names of sections in front of it: words that the menu has."""
    names = set(menu.split())
    words = text.split()
    at = 0
    while at < min(THRESHOLDS.crumbs, len(words)) and words[at] in names:
        at += 1
    return " ".join(words[at:])


def _without_name(text: str, stems: frozenset[str]) -> str:
    """Return a headline without the name of its author and the desk behind it."""
    desk = _DESK.search(text)
    words = (text[: desk.start()] if desk else text).split()
    end = len(words)
    while end > 0 and len(words) - end < THRESHOLDS.name_words and _is_foreign(words[end - 1], stems):
        end -= 1
    return _ROLE.sub("", " ".join(words[:end]))


def _is_foreign(word: str, stems: frozenset[str]) -> bool:
    return word[:1].isupper() and not stems_of([word]) & stems


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
    """Yield the words of a text, some at a time; the headline of a teaser stays whole."""
    if words and len(words) <= THRESHOLDS.headline_words[1] and _TEASER.match(words[0].string):
        yield words[0].string[words[0].start() : words[-1].end()]
        return
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
