"""The lines of text of an HTML page, each with the elements around it and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
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


@dataclass(frozen=True, eq=False)
class Line:
    """A line of text of an HTML page.

    Its owners are the elements around it that hold more than a paragraph, the innermost first, and its junk those of
    them that are called something that an article isn't. `linked` counts its words that are links. Its heading is the
    tag of the heading that it is in, or "".
    """

    text: str
    owners: tuple[Any, ...]
    junk: tuple[Any, ...]
    linked: int
    is_caption: bool
    heading: str

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
        """Whether it is nothing but a link to another article, with or without a bullet."""
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
    return walk.lines


class _Walk:
    """A walk through a page in the order of its text: which elements are open, and the text since the last line."""

    def __init__(self, root: Any) -> None:
        self.lines: list[Line] = []
        # What is open, as the line that would stand there.
        self._open = [Line("", (root,), (), 0, False, "")]
        # Pieces of text, and whether they stand in a link.
        self._pieces: list[tuple[str, bool]] = []
        self._links = 0
        # What the pictures since the last line are said to show, as `alphanumeric_key` gives it.
        self._pictures: list[str] = []
        # The row of a table of data that is open, and the table or group of rows that was looked at last.
        self._row: Any = None
        self._table: Any = None
        self._table_is_data = False

    def enter(self, element: Any) -> None:
        is_block = element.tag in html_tags("blocks")
        if is_block:
            self._end_block()
        if element.tag == "tr" and self._row is None and self._is_in_data(element):
            self._row = element
        if element.tag == "a":
            self._links += 1
        if element.tag == "img":
            self._pictures.append(alphanumeric_key(element.get("alt") or ""))
        self._open.append(_line_inside(self._open[-1], element, is_block=is_block))
        self.add(element.text)

    def leave(self, element: Any) -> None:
        if element is self._row:
            self._row = None
        if element.tag in html_tags("blocks"):
            self._end_block()
        self._open.pop()
        if element.tag == "a":
            self._links -= 1
        self.add(element.tail)

    def skip(self, element: Any) -> None:
        if element.tag in html_tags("blocks"):
            self._end_block()

    def add(self, text: str | None) -> None:
        self._pieces.append((text or "", self._links > 0))

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
            line = replace(self._open[-1], text=text, linked=linked)
            if not line.is_caption and self._is_below_picture(line):
                line = replace(line, is_caption=True)
            self.lines.append(line)
            self._pictures.clear()
        self._pieces.clear()

    def _is_below_picture(self, line: Line) -> bool:
        """Tell whether a line says what the picture in front of it is said to show."""
        if line.heading or line.linked == line.words:
            return False
        descriptions = [shown for shown in self._pictures if shown and shown in line.key]
        longest = max(map(len, descriptions), default=0)
        return longest > 0 and longest >= _TOLD * len(line.key)


def _line_inside(around: Line, element: Any, *, is_block: bool) -> Line:
    """Return the line that would stand in an element, by the line that would stand around it."""
    may_be_junk = is_block and element.tag not in ("html", "body", "article", "main")
    is_junk = may_be_junk and _is_called("junk", element)
    owners = around.owners
    if is_junk or (is_block and element.tag not in html_tags("paragraphs")):
        owners = _with_innermost(element, owners)
    return Line(
        "",
        owners,
        _with_innermost(element, around.junk) if is_junk else around.junk,
        0,
        around.is_caption or _is_caption(element),
        element.tag if element.tag in html_tags("headings") else around.heading,
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


def _is_caption(element: Any) -> bool:
    if element.tag in html_tags("captions") or _is_called("caption_names", element):
        return True
    # A picture and its caption, and nothing else.
    is_frame = element.tag == "div" and _is_called("frame_names", element) and element.find(".//img") is not None
    return is_frame and not _has_blocks(element)


def _has_blocks(element: Any) -> bool:
    return any(child.tag in html_tags("blocks") for child in element)


def _is_called(kind: str, element: Any) -> bool:
    """Tell whether a pattern of a list is found in the names of an element, its class and id."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and bool(html_pattern(kind).search(names))


def text_of(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the text of lines, without those that are nothing but a link to another article."""
    return tuple(line.text for line in lines if not line.is_link)
