"""The blocks of a page: its lines, each classified once, by its shape and by the rule that it matches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from summarizer.errors import NoArticleError
from summarizer.extraction.datelines import has_dateline
from summarizer.extraction.rules import BULLET, Rule, line_rule, word_list

MAX_LINES = 10_000
"""Most paragraphs of a page: the longest that was seen, with all its menus, has 2,000."""
MAX_CHARACTERS = 60_000
"""Most characters of a paragraph."""
INDEX_OBJECTION = "the page announces one article after another (is it an index page?)"
"""Why a page of teasers is no article, whether it is HTML or text."""

# The end of a sentence, with the quotation marks and brackets that close after it.
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?:\s|$)")
# Numbers with values behind them were chosen by hand. The values are others that were tried, up to four from about half
# to twice the number, each with how many of 252 saved pages come out otherwise; "4 to 16: no page" names the outermost.

# Fewest words of running text: below, a finished sentence may be a slogan or a prompt.
_RUNNING_WORDS = 8  # 4: 1 page, 16: 18 pages; 7, 9: none
# Most words of a headline or a label, and of a row of a table.
_MAX_HEADLINE_WORDS = 22  # 11: 16 pages; 21, 23, 44: none
_MAX_ROW_WORDS = 10  # 5 to 20: no page
# Among how many first words of a sentence so many are in lower case, as they wouldn't be in title case.
_FIRST_WORDS = 12  # 6 to 24: no page
_LOWER_WORDS = 2  # 1: 1 page; 3, 4: none
# Fewest captions of a gallery.
_MIN_CAPTIONS = 3  # 6: 1 page; 1, 2, 4: none
# Fewest words of a headline that is known by its shape alone, and fewest of them that tell its case; the share of them
# that title case capitalises.
_HEADLINE_WORDS = 5  # 10: 1 page; 2, 4, 6: none
_TELLING_WORDS = 3  # 6: 1 page; 1, 2, 4: none
_TITLE_CASE = 0.9  # 0.45 to 0.95: no page
_DIGIT = re.compile(r"\d")
_CLOSING = "\"'”’)]"
# The words that texts are compared by, and how many of their first letters count: suffixes leave those as they are.
_STEM = re.compile(r"[^\W\d_]{4,}|\d+")
_STEM_LETTERS = 5  # 2: 16 pages, 4: 1 page, 10: 2 pages; 6: none
# What each word that the other text lacks speaks against two texts being one; one that it has speaks 1 for it.
_FOREIGN = 0.7  # 0.35: 1 page, 0.85: 1 page, 0.875: 1 page; 0.56: none


class Kind(Enum):
    """What a block is."""

    TEXT = auto()  # running text: sentences
    LABEL = auto()  # a headline, a label, a name
    ROW = auto()  # a row of a table, or an item of a list with a number in it
    SECTION = auto()  # the heading of a list of other articles
    LINE = auto()  # boilerplate wherever it stands
    HEAD = auto()  # boilerplate above an article, such as a date
    TAIL = auto()  # boilerplate below an article, such as a byline; may stand above it too


@dataclass(frozen=True)
class Block:
    """A line of a page, or a paragraph: what it is, and the rule by which it is boilerplate."""

    text: str
    kind: Kind
    rule: Rule | None = None

    @cached_property
    def words(self) -> int:
        """Number of its words."""
        return len(self.text.split())


@dataclass(frozen=True)
class Page:
    """A page as it was read, with what it declares, as in `Article`, and with what the reader should know of it.

    Its blocks are its lines; of an HTML page, those of the element that holds the article; of a flattened one, pieces
    of the one line that it stood on. An objection says why it can't be an article. Paragraphs outside of that element
    are named where they are as much as its text.
    """

    source: str
    blocks: tuple[Block, ...]
    title: str | None = None
    site: str | None = None
    url: str | None = None
    author: str | None = None
    date: str | None = None
    warnings: tuple[str, ...] = ()
    objection: str = ""
    outside: tuple[str, ...] = ()
    is_flattened: bool = False


def require_article_size(lines: Sequence[str], source: str) -> None:
    """Make sure that a page is no longer than an article may be, as a whole and line by line.

    Raises:
        NoArticleError: it has more lines than any article, or a longer line.
    """
    if len(lines) > MAX_LINES:
        raise NoArticleError(
            f"{source} has {len(lines)} lines; an article has at most {MAX_LINES}: is it a log or a list?"
        )
    longest = max(map(len, lines), default=0)
    if longest > MAX_CHARACTERS:
        raise NoArticleError(
            f"{source} has a line of {longest} characters; an article's have at most {MAX_CHARACTERS}: is it data?"
        )


def make_blocks(lines: Iterable[str]) -> tuple[Block, ...]:
    """Classify the lines of a page: its paragraphs and labels, without blank ones."""
    blocks = tuple(_with_rows(map(_classify, lines)))
    captions = list(filter(_is_caption, blocks))
    texts = [block for block in blocks if block.kind is Kind.TEXT]
    if len(captions) < _MIN_CAPTIONS or _count_words(texts) >= _count_words(captions):
        return blocks
    # Of a gallery of photos, they are the text.
    return tuple(Block(block.text, Kind.TEXT) if _is_caption(block) else block for block in blocks)


def _count_words(blocks: Iterable[Block]) -> int:
    words = 0
    for block in blocks:
        words += block.words
    return words


def _classify(line: str) -> Block:
    """Return what a line is, by the rule that it matches or else by its shape."""
    rule = line_rule(line)
    if rule and not (rule.kind == "head" and _is_first_sentence(line)):
        return Block(line, Kind[rule.kind.upper()], rule)
    if not is_label(line):
        return Block(line, Kind.TEXT)
    return Block(line, Kind.ROW if _is_row(line) else Kind.LABEL)


def _is_first_sentence(line: str) -> bool:
    """Tell whether a line is a report's first sentence, which may look like a byline where it is short."""
    return is_running(line) and has_dateline(line, of_outlet=True)


def _is_row(label: str) -> bool:
    """Tell whether a label is a row of a table: a few words with a number; a headline may have one too."""
    words = label.split()
    if not _DIGIT.search(label) or len(words) > _MAX_ROW_WORDS:
        return False
    has_lower_word = any(word[0].isalpha() and not word[0].isupper() for word in words)
    return label[0].isdigit() or has_lower_word


def _with_rows(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks, with the labels and dates below "The results:" as rows of a table."""
    is_opened = False
    for block in blocks:
        if is_opened and block.kind in (Kind.LABEL, Kind.HEAD):
            block = Block(block.text, Kind.ROW)
        elif block.kind is not Kind.ROW:
            is_opened = block.kind is Kind.TEXT and block.text.endswith(":")
        yield block


def _is_caption(block: Block) -> bool:
    return block.rule is not None and block.rule.role == "caption" and is_running(block.text)


def has_sentence(text: str) -> bool:
    """Tell whether a sentence ends somewhere in a text."""
    return bool(_SENTENCE_END.search(text))


def is_running(text: str) -> bool:
    """Tell whether a paragraph is running text: a finished sentence of more than a few words."""
    return len(text.split(None, _RUNNING_WORDS - 1)) >= _RUNNING_WORDS and has_sentence(text)


def ends_sentence(text: str, marks: str = ".!?…") -> bool:
    """Tell whether a text ends with one of the marks that end a sentence, closing quotation marks aside."""
    return text.rstrip(_CLOSING).endswith(tuple(marks))


def is_label(line: str) -> bool:
    """Tell whether a line has the shape of a headline or a label rather than of sentences."""
    text = BULLET.sub("", line, count=1)
    words = text.split(None, _MAX_HEADLINE_WORDS)
    if len(words) > _MAX_HEADLINE_WORDS or ends_sentence(text, ".…") or text.endswith(":"):
        return False
    may_be_sentence = text.endswith("?") or (len(words) >= _RUNNING_WORDS and has_sentence(text[:-1]))
    if may_be_sentence and reads_as_sentence(text):
        return False
    # Behind a dateline, a mark ends a report's first sentence, even a call of two words.
    return not (ends_sentence(line) and has_dateline(line))


def is_headline(text: str) -> bool:
    """Tell whether a label can only be a headline, with nothing around it to go by: some words, in title case."""
    words = text.split()
    if len(words) < _HEADLINE_WORDS or not text[0].isalpha() or "(" in text or ":" in text:
        return False
    return is_title_case(words)


def is_title_case(words: Sequence[str]) -> bool:
    """Tell whether the telling ones among some words, of which there must be a few, are capitalised."""
    telling = 0
    capitalised = 0
    for word in words:
        if word[0].isalpha() and word.casefold() not in word_list("small_words"):
            telling += 1
            if word[0].isupper():
                capitalised += 1
    return telling >= _TELLING_WORDS and capitalised >= _TITLE_CASE * telling


def is_lower(word: str) -> bool:
    """Tell whether a word shows that a sentence is running, as title case would have capitalised it."""
    return word[:1].islower() and word.strip(",;:").casefold() not in word_list("small_words")


def reads_as_sentence(text: str) -> bool:
    """Tell whether a text begins like a sentence rather than like a headline in title case."""
    if text.startswith(("“", '"')):
        return True
    words = text.split(None, _FIRST_WORDS)[:_FIRST_WORDS]
    return len(list(filter(is_lower, words))) >= _LOWER_WORDS


def stems_of(*texts: str) -> frozenset[str]:
    """Return the beginnings of the words, and the numbers, by which texts are known to be of the same story."""
    stems: set[str] = set()
    for text in texts:
        stems.update(_stems(text))
    return frozenset(stems)


def _stems(text: str) -> list[str]:
    """Return the stem of each word of a text."""
    return [word[:_STEM_LETTERS] for word in _STEM.findall(text.casefold())]


def shared_stems(headline: str, stems: frozenset[str]) -> float:
    """Return how much speaks for a headline: its words that a text has, less some for each that it lacks."""
    shared = 0
    foreign = 0
    for stem in _stems(headline):
        if stem in stems:
            shared += 1
        else:
            foreign += 1
    return shared - _FOREIGN * foreign


def alphanumeric_key(text: str) -> str:
    """Return the letters and digits of a text in a row, case folded, by which copies of it are known."""
    return "".join(re.findall(r"\w+", text.casefold()))
