"""The day of publication that a page shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from summarizer.extraction.blocks import Block, Kind, ends_sentence
from summarizer.extraction.story import Story

# Around how many blocks at the top of the page and of the story it may stand.
_TOP, _NEAR, _MAX_CHARACTERS = 12, 4, 220
_DATE = re.compile(r"(?:^|[\s,])(\d{1,2})(?:\s([^\W\d_]{3,9})\s|[/-](\d{1,2})[/-])(\d{4})\b")


def find_date(blocks: Sequence[Block], story: Story) -> str | None:
    """Return the day that a short line near the story's beginning names, as YYYY-MM-DD; lines with a time first."""
    near = [*blocks[max(0, story.start - 2 * _NEAR) : story.start + _NEAR], *blocks[:_TOP]]
    headline = (story.headline or "").casefold()
    # The headline may name another day than that of publication.
    shown = [block for block in near if block.text.casefold() != headline and len(block.text) <= _MAX_CHARACTERS]
    dated = [block for block in shown if block.kind is Kind.HEAD]
    rest = [block for block in shown if block.kind is not Kind.HEAD and not ends_sentence(block.text)]
    return next((day for block in (*dated, *rest) if (day := _day_in(block.text))), None)


def _day_in(text: str) -> str | None:
    for day, name, number, year in _DATE.findall(text):
        month = _months().get(name.casefold()[:3], 0) if name else int(number)
        try:
            return date(int(year), month, int(day)).isoformat()
        except ValueError:  # the calendar doesn't have it
            continue
    return None


@cache
def _months() -> dict[str, int]:
    """Return the numbers of the months by the first three letters of their Indonesian and English names."""
    from babel.dates import get_month_names

    names = [get_month_names("wide", locale=language) for language in ("id", "en")]
    # "Ags" and "Agt" stand for Agustus in newspapers, though not in CLDR.
    return {name.casefold()[:3]: number for table in names for number, name in table.items()} | {"ags": 8, "agt": 8}
