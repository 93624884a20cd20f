"""The lines of text of an HTML page, each with the elements around it and what they are called."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from summarizer.extraction.blocks import alphanumeric_key, is_running, stems_of
from summarizer.extraction.rules import BULLET, html_pattern, html_tags

# How many elements around a line are known, of the innermost and of the outermost: damaged pages have thousands.
_DEPTH = 100
# Fewest words of a link that announces another article; shorter ones are labels, which text has too.
_LINK_WORDS = 4
# Fewest rows of a table of data, and most characters of a cell: what lays out a page has longer ones. It changed one
# table of the open pages, of bylines.
_MIN_ROWS = 3
_CELL = 60
# Share of a caption's letters and digits that the picture's alternative text has too.
_TOLD = 0.5
# Most words of a box with a form: a poll, a newsletter, a rating.
_FORM_WORDS = 40
# Pieces of running text above a place for comments; below it stand comments. A dialogue may stand above an article.
_ABOVE_COMMENTS = 3
# Pieces of running text from which on something is no caption, and no link to another article, but text; and the most
# words of one. On 118 open pages, a caption has one piece and at most 57 words, a link two and 44.
_PIECES = 3
_PIECE_WORDS = 80


@dataclass(frozen=True, eq=False)
class Line:
    """A line of text of an HTML page.

    Its owners are the elements around it that hold more than a paragraph, the innermost first, and its junk those of
    them that are called something that an article isn't. `linked` counts its words that are links, `links` the links
    that it has, but for a row of a table. Its heading is the tag of the heading that it is in, or "".
    """

    text: str
    owners: tuple[Any, ...]
    junk: tuple[Any, ...]
    linked: int
    is_caption: bool
    heading: str
    links: int = 0

    @cached_property
    def words(self) -> int:
        """Number of its words."""
        return len(self.text.split())

    @cached_property
    def is_running(self) -> bool:
        """Whether it is running text."""
        return is_running(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of its words, by which texts are compared."""
        return stems_of(self.text)

    @cached_property
    def key(self) -> str:
        """Its letters and digits, by which copies of it are known."""
        return alphanumeric_key(self.text)

    @property
    def is_link(self) -> bool:
        """Whether it is nothing but a link to another article, with or without a bullet, or a strip of links."""
        if self.links > 1 and self.linked >= self.words and not self.is_running:
            return True
        if self.words < _LINK_WORDS:
            return False
        has_bullet = BULLET.sub("", self.text) != self.text
        return self.linked >= self.words - (1 if has_bullet else 0)


def called(element: Any) -> str:
    """Return what an element is called: its tag and first class, or id, without the number that counts its kind."""
    name = (element.get("class") or element.get("id") or "").strip().partition(" ")[0]
    return f"{element.tag} {name.rstrip('0123456789_-')}".strip()


def page_lines(root: Any) -> list[Line]:
    """Return the lines of text of a page that lxml parsed, without elements that never hold the article's text."""
    from lxml import etree

    walk = _Walk(root)
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        is_skipped = element.tag in html_tags("skipped")
        if event == "start" and is_skipped:
            walk.skip(element)
            walker.skip_subtree()
        elif event == "start":
            walk.enter(element)
        elif is_skipped:
            walk.add(element.tail)
        else:
            walk.leave(element)
    walk.end()
    return walk.lines


class _Walk:
    """A walk through a page in the order of its text: which elements are open, and the text since the last line."""

    def __init__(self, root: Any) -> None:
        self.lines: list[Line] = []
        # What is open, as the line that would stand there.
        self._open = [Line("", (root,), (), 0, False, "")]
        # Pieces of text, and whether they stand in a link; how many links are open, and how many the line has.
        self._pieces: list[tuple[str, bool]] = []
        self._links = 0
        self._links_of_line = 0
        # Where the lines of the outermost link that is open begin, and how many words it has.
        self._link_start = 0
        self._link_words = 0
        # What the pictures since the last line are said to show, as `alphanumeric_key` gives it.
        self._pictures: list[str] = []
        # The captions that are open, and the lines of each, but for those of a caption inside it.
        self._captions: list[Any] = []
        self._lines_of_captions: dict[Any, list[int]] = {}
        # Elements that are shown only without scripts, or by one, and the lines of each.
        self._unshown: Any = None
        self._lines_of_unshown: dict[Any, list[int]] = {}
        # The row of a table of data that is open, and the table or group of rows that was looked at last.
        self._row: Any = None
        self._table: Any = None
        self._table_is_data = False
        self._with_picture = _elements_around(root, html_tags("pictures"))
        self._with_link = _elements_around(root, ("a",))
        self._with_field = _elements_around(root, html_tags("fields"), _is_shown)
        self._is_below_comments = False

    def enter(self, element: Any) -> None:
        is_block = element.tag in html_tags("blocks")
        if is_block:
            self._end_block()
        if element.tag == "tr" and self._row is None and self._is_in_data(element):
            self._row = element
        if _is_link(element):
            self._open_link()
        if element.tag == "img":
            self._pictures.append(alphanumeric_key(element.get("alt") or ""))
        if self._unshown is None and element.tag in html_tags("unshown"):
            self._end_line()
            self._unshown = element
        is_caption = self._is_caption(element)
        if is_caption:
            self._captions.append(element)
        is_junk = is_block and self._is_junk(element)
        inside = _line_inside(self._open[-1], element, is_block=is_block, is_junk=is_junk, is_caption=is_caption)
        self._open.append(inside)
        self.add(element.text)

    def leave(self, element: Any) -> None:
        if element is self._row:
            self._row = None
            # The cells of a row may all be links, as in a table of matches.
            self._links_of_line = 0
        if element.tag in html_tags("blocks"):
            self._end_block()
        if element is self._unshown:
            self._end_line()
            self._unshown = None
        self._open.pop()
        if self._captions and element is self._captions[-1]:
            self._captions.pop()
        if _is_link(element):
            self._close_link()
        self.add(element.tail)

    def skip(self, element: Any) -> None:
        """Pass over an element that never holds the article's text; below a place for comments stand comments."""
        if _is_place_for_comments(element):
            running = [line for line in self.lines if line.is_running]
            self._is_below_comments = self._is_below_comments or len(running) >= _ABOVE_COMMENTS
        if element.tag in html_tags("blocks"):
            self._end_block()

    def add(self, text: str | None) -> None:
        if text:
            self._pieces.append((text, self._links > 0))
            if self._links:
                self._link_words += len(text.split())

    def end(self) -> None:
        """End the page: what is too much for a caption is none, and what is shown twice counts once."""
        for numbers in self._lines_of_captions.values():
            if self._is_text(numbers):
                for number in numbers:
                    self.lines[number] = replace(self.lines[number], is_caption=False)
        unread = self._unread()
        self.lines = [line for number, line in enumerate(self.lines) if number not in unread]

    def _open_link(self) -> None:
        if not self._links:
            self._link_start = len(self.lines)
            self._link_words = 0
        self._links += 1
        self._links_of_line += 1

    def _close_link(self) -> None:
        """Close a link; one that holds too much is no link, such as one that was never closed."""
        self._links -= 1
        if self._links:
            return
        numbers = range(self._link_start, len(self.lines))
        if self._link_words > _PIECE_WORDS or self._is_text(numbers):
            for number in numbers:
                self.lines[number] = replace(self.lines[number], linked=0)
            self._pieces = [(piece, False) for piece, _ in self._pieces]

    def _is_text(self, numbers: Iterable[int]) -> bool:
        """Tell whether some lines are more running text than a caption or a link has."""
        pieces = 0
        words = 0
        for number in numbers:
            if self.lines[number].is_running:
                pieces += 1
                words += self.lines[number].words
        return pieces >= _PIECES or words > _PIECE_WORDS

    def _unread(self) -> set[int]:
        """Return which lines that aren't shown are not read: prompts, copies, and what stands with nothing else."""
        unread: set[int] = set()
        for numbers in self._lines_of_unshown.values():
            unread.update(numbers)
        shown = {line.key for number, line in enumerate(self.lines) if number not in unread} if unread else set()
        for numbers in self._lines_of_unshown.values():
            lines = [self.lines[number] for number in numbers]
            is_new = any(line.is_running and line.key not in shown for line in lines)
            if is_new and not any(html_pattern("unshown_prompts").search(line.text) for line in lines):
                unread.difference_update(number for number in numbers if self.lines[number].key not in shown)
        return unread

    def _is_caption(self, element: Any) -> bool:
        """Tell whether an element is a picture's caption, or holds nothing but a picture and its caption."""
        if element.tag in html_tags("captions") or _is_called("caption_names", element):
            return True
        if element not in self._with_picture:
            return False
        is_frame = element.tag == "div" and _is_called("frame_names", element)
        return element.tag in html_tags("frames") or (is_frame and not _has_blocks(element))

    def _is_junk(self, element: Any) -> bool:
        """Tell whether an element is called what an article isn't, is a small box with a form, or is a comment.

        What announces articles has links to them, unless the page has lost all its links.
        """
        if element.tag in ("html", "body", "article", "main"):
            return False
        if self._is_below_comments or (element in self._with_field and _is_form_box(element)):
            return True
        has_links = element in self._with_link or not self._with_link
        return _is_called("junk", element) or (has_links and _is_called("announcing", element))

    def _is_in_data(self, row: Any) -> bool:
        """Tell whether a row is one of a table of data, which is looked at once for all its rows."""
        table = row.getparent()
        if table is not self._table:
            self._table = table
            self._table_is_data = _is_data(table)
        return self._table_is_data

    def _end_block(self) -> None:
        """End a line, or a cell of a row, which is a line as a whole."""
        if self._row is None:
            self._end_line()
        else:
            self.add(" ")

    def _end_line(self) -> None:
        texts = []
        linked = 0
        for piece, is_link in self._pieces:
            texts.append(piece)
            if is_link:
                linked += len(piece.split())
        text = " ".join("".join(texts).split())
        if text:
            line = replace(self._open[-1], text=text, linked=linked, links=self._links_of_line)
            if self._captions:
                self._lines_of_captions.setdefault(self._captions[-1], []).append(len(self.lines))
            elif self._is_below_picture(line):
                line = replace(line, is_caption=True)
            if self._unshown is not None:
                self._lines_of_unshown.setdefault(self._unshown, []).append(len(self.lines))
            self.lines.append(line)
            self._pictures.clear()
        self._pieces.clear()
        self._links_of_line = 1 if self._links else 0

    def _is_below_picture(self, line: Line) -> bool:
        """Tell whether a line says what the picture in front of it is said to show."""
        if line.heading or line.linked == line.words:
            return False
        descriptions = [shown for shown in self._pictures if shown and shown in line.key]
        longest = max(map(len, descriptions), default=0)
        return longest > 0 and longest >= _TOLD * len(line.key)


def _elements_around(root: Any, tags: Iterable[str], is_meant: Callable[[Any], bool] = lambda _: True) -> set[Any]:
    """Return all elements that hold one with some tags that is meant, and those themselves."""
    around: set[Any] = set()
    for element in filter(is_meant, root.iter(*tags)):
        while element is not None and element not in around:
            around.add(element)
            element = element.getparent()
    return around


def _is_shown(field: Any) -> bool:
    """Tell whether a field of a form is one that a reader fills in."""
    return (field.get("type") or "").lower() not in ("hidden", "submit", "button", "image")


def _is_place_for_comments(field: Any) -> bool:
    names = [field.get(attribute) or "" for attribute in ("class", "id", "name", "placeholder")]
    return field.tag == "textarea" and bool(html_pattern("comment_fields").search(" ".join(names)))


def _is_form_box(element: Any) -> bool:
    """Tell whether an element with a field of a form holds little else."""
    if element.tag in html_tags("paragraphs"):
        return False
    words = 0
    for text in element.itertext():
        words += len(text.split())
        if words > _FORM_WORDS:
            return False
    return True


def _line_inside(around: Line, element: Any, *, is_block: bool, is_junk: bool, is_caption: bool) -> Line:
    """Return the line that would stand in an element, by the line that would stand around it."""
    is_heading = element.tag in html_tags("headings")
    if not (is_block or is_junk or is_caption or is_heading):
        return around
    owners = around.owners
    if is_junk or (is_block and element.tag not in html_tags("paragraphs")):
        owners = _with_innermost(element, owners)
    return Line(
        "",
        owners,
        _with_innermost(element, around.junk) if is_junk else around.junk,
        0,
        around.is_caption or is_caption,
        element.tag if is_heading else around.heading,
    )


def _with_innermost(element: Any, around: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the elements around a line with one more inside them; those in the middle are forgotten first.

    The outermost must stay, as the whole story may have no other element around it.
    """
    if len(around) < 2 * _DEPTH:
        return (element, *around)
    return (element, *around[: _DEPTH - 1], *around[-_DEPTH:])


def _is_data(table: Any) -> bool:
    """Tell whether rows are data: a few of them, with as many cells each, and little in every cell."""
    if table is None:
        return False
    widths = []
    for row in table.iterchildren("tr"):
        cells = list(row.iterchildren("td", "th"))
        if not all(map(_is_small, cells)):
            return False
        widths.append(len(cells))
    return len(widths) >= _MIN_ROWS and len(set(widths)) == 1 and widths[0] > 1


def _is_small(cell: Any) -> bool:
    return cell.find(".//table") is None and len("".join(cell.itertext())) <= _CELL


def _is_link(element: Any) -> bool:
    """Tell whether an element is a link, not the mark of a place that links lead to."""
    is_mark = element.get("name") is not None and element.get("href") is None
    return element.tag == "a" and not is_mark


def _has_blocks(element: Any) -> bool:
    return any(child.tag in html_tags("blocks") for child in element)


def _is_called(kind: str, element: Any) -> bool:
    """Tell whether a pattern of a list is found in the names of an element, its class and id."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and _is_found(html_pattern(kind), names)


# Most elements of a page share their names with others.
@lru_cache(maxsize=1024)
def _is_found(pattern: re.Pattern[str], names: str) -> bool:
    return bool(pattern.search(names))


def text_of(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the text of lines, without those that are nothing but a link to another article."""
    return tuple(line.text for line in lines if not line.is_link)
