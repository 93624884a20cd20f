"""What can be told of a line of a page by itself: its shape, and which rules it matches. Found out once, then kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from summarizer.extraction.rules import BULLET, WHOLE, Kind, Rule, RuleBook, word_list
from summarizer.extraction.vocabulary import stems_of


@dataclass(frozen=True)
class LineThresholds:
    """What makes a line running text, a headline or a row; tuned on the saved pages of 16 Indonesian sites.

    Attributes:
        running_words: fewest words of running text: below, a finished sentence may be a slogan or a prompt.
        headline_words: most words of a headline.
        run_words: fewest words of a line that can only be a headline, with nothing around it to go by.
        title_case: share of the telling words of a headline in title case that are capitalised, from 0 to 1.
        row_words: most words of a row of a table.
        reach: how many of a line's first words tell whether a sentence is running.
        lower_words: how many of those must be in lower case.
        cut_characters: longest teaser that breaks off, in characters.
    """

    running_words: int = 8
    headline_words: int = 22
    run_words: int = 5
    title_case: float = 0.9
    row_words: int = 10
    reach: int = 12
    lower_words: int = 2
    cut_characters: int = 400


THRESHOLDS = LineThresholds()

SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?:\s|$)")
"""The end of a sentence, with the quotation marks and brackets that close after it."""

# An item of a list, a row of a timetable.
_NUMBERED = re.compile(r"\d{1,2}[.)]\s|\d{1,2}[.:]\d{2}\b")
_DIGIT = re.compile(r"\d")
_CUT_SHORT = re.compile(r"(?:…|\.{3,})$")
_DATELINE = re.compile(r"(?:outlet|city|capitals)_dateline$")
_CLOSING = "\"'”’)]"


def has_sentence(text: str) -> bool:
    """Tell whether a sentence ends somewhere in a text."""
    return bool(SENTENCE_END.search(text))


def ends_sentence(text: str, marks: str = ".!?…") -> bool:
    """Tell whether a text ends with one of the marks that end a sentence, closing quotation marks aside."""
    return text.rstrip(_CLOSING).endswith(tuple(marks))


def is_running(text: str) -> bool:
    """Tell whether a paragraph is running text: a finished sentence of more than a few words."""
    most = THRESHOLDS.running_words - 1
    return len(text.split(None, most)) > most and has_sentence(text)


def is_list_item(paragraph: str) -> bool:
    """Tell whether a line has the shape of a headline or a label, rather than of a sentence."""
    text = BULLET.sub("", paragraph, count=1)
    words = text.split(None, THRESHOLDS.headline_words)
    if len(words) > THRESHOLDS.headline_words or ends_sentence(text, ".…") or text.endswith(":"):
        return False
    return not text.endswith("?") or len(words) < THRESHOLDS.run_words or not reads_as_sentence(text)


def is_lower(word: str) -> bool:
    """Tell whether a word shows that a sentence is running, as title case would have capitalised it."""
    return word[:1].islower() and word.strip(",;:").casefold() not in word_list("small_words")


def reads_as_sentence(text: str) -> bool:
    """Tell whether a text begins like a sentence rather than like a headline in title case."""
    if text[:1] in '“"':
        return True
    first = text.split(None, THRESHOLDS.reach)[: THRESHOLDS.reach]
    return sum(map(is_lower, first)) >= THRESHOLDS.lower_words


def is_title_case(words: Sequence[str]) -> bool:
    """Tell whether the telling words of a text are nearly all capitalised."""
    telling = [word for word in words if word[:1].isalpha() and word.casefold() not in word_list("small_words")]
    return len(telling) >= 3 and sum(word[0].isupper() for word in telling) >= THRESHOLDS.title_case * len(telling)


class Line:
    """A line with its classes, each found out when it is first asked for.

    Attributes:
        text: the line.
    """

    def __init__(self, text: str, classify: Classifier) -> None:
        self.text = text
        self._classify = classify
        self._rules: dict[Kind, Rule | None] = {}

    def rule(self, kind: Kind) -> Rule | None:
        """Return the first rule of a kind that matches the whole line, without its bullet unless the kind is tail."""
        if kind not in self._rules:
            self._rules[kind] = self._classify.book.first(kind, self.text)
        return self._rules[kind]

    def with_text(self, text: str) -> Line:
        """Return the line that another text makes on the same page."""
        return self if text == self.text else self._classify(text)

    @cached_property
    def boilerplate(self) -> Rule | None:
        """The rule by which the line is boilerplate: of kind section, line, head or tail."""
        return next((rule for kind in WHOLE if (rule := self.rule(kind))), None)

    @cached_property
    def words(self) -> int:
        """Number of its words."""
        return len(self.text.split())

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of its words, and its numbers (see `vocabulary`)."""
        return stems_of([self.text])

    @cached_property
    def has_dateline(self) -> bool:
        """Whether it begins with the dateline of a newspaper or an agency, or with a city and a dash."""
        return any(rule.matches(self.text) for rule in self._classify.book.of("prefix") if _DATELINE.search(rule.name))

    @cached_property
    def is_running(self) -> bool:
        """Whether it is running text."""
        return is_running(self.text)

    @cached_property
    def is_list_item(self) -> bool:
        """Whether it has the shape of a headline or a label, rather than of a sentence."""
        # Behind a dateline, a mark ends a report's first sentence, even a call of two words.
        return is_list_item(self.text) and not (ends_sentence(self.text) and self.has_dateline)

    @cached_property
    def is_label(self) -> bool:
        """Whether it is not running text: a headline, a label, a name, a teaser that breaks off."""
        if self.is_cut_short:
            return True
        return self.is_list_item and not (is_running(self.text[:-1]) and reads_as_sentence(self.text))

    @cached_property
    def is_cut_short(self) -> bool:
        """Whether it is a teaser that breaks off."""
        # The length first: in a line of a million dots, each of them may begin the last ones.
        return len(self.text) < THRESHOLDS.cut_characters and bool(_CUT_SHORT.search(self.text))

    @cached_property
    def is_headline(self) -> bool:
        """Whether it can only be a headline, with nothing around it to go by: title case, no full stop."""
        if _NUMBERED.match(self.text) or not self.is_list_item:
            return False
        words = BULLET.sub("", self.text, count=1).split()
        return len(words) >= THRESHOLDS.run_words and "(" not in self.text and is_title_case(words)

    @cached_property
    def is_row(self) -> bool:
        """Whether it has the shape of a row of a table, rather than of a headline; a sentence is none."""
        return bool(_DIGIT.search(self.text)) and self.words <= THRESHOLDS.row_words and not self.is_headline


class Classifier:
    """Makes lines of the texts on pages of one site, and keeps them: equal texts are one line."""

    def __init__(self, site: str | None = None, *, without: str | None = None) -> None:
        """Say whose rules to use.

        Args:
            site: the pages' host name or name, where that is known.
            without: name of a rule that is left out.
        """
        self.book = RuleBook(site, without=without)
        self._lines: dict[str, Line] = {}

    def __call__(self, text: str) -> Line:
        """Return the line that a text makes."""
        line = self._lines.get(text)
        if line is None:
            line = self._lines[text] = Line(text, self)
        return line
