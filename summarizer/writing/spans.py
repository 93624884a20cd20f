"""Find the spans of a sentence that may go as a whole: brackets, appositions, clauses, phrases, fillers.

There is no parser: a span begins with a word that opens it, or behind a pause, and ends at a pause or where another
phrase begins. Where several ends are possible, all are told, and `summarizer.writing.cutting` judges which of them
leaves a good sentence. The lists of words are those of ``checks/deletions/word_classes.toml`` and of ``spans.toml``.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files

from summarizer.checks import WordForm, read_forms
from summarizer.checks.wordlists import word_list

FILE = "spans.toml"

# So many ends are tried for a clause or phrase, besides the next pause.
_MOST_ENDS = 5
# A phrase that opens a sentence, or a name's titles, have at most so many words.
_LONGEST_OPENING = 16
_LONGEST_TITLE = 8
# So many spans side by side may go together as one.
_MOST_JOINED = 3
_LONGEST_JOINED = 30


class SpanKind(StrEnum):
    """What a span is."""

    BRACKET = "bracket"
    APPOSITION = "apposition"
    """From one comma to another one."""
    OPENING = "opening"
    """From the beginning of the sentence to a comma."""
    ENDING = "ending"
    """From a comma to the end of the sentence."""
    LINK = "link"
    """What links the sentence to the one in front of it."""
    RELATIVE = "relative"
    CLAUSE = "clause"
    PHRASE = "phrase"
    """What a preposition opens."""
    CONJUNCT = "conjunct"
    """ "and" with what follows."""
    DATE = "date"
    TITLE = "title"
    """What stands in front of a name."""
    FILLER = "filler"
    """A word or two that are hardly missed anywhere."""
    JOINED = "joined"
    """Several spans side by side."""


_FILLER_ALONE = frozenset({SpanKind.FILLER})

_Found = Iterator[tuple[int, int, SpanKind]]
"""Spans that one way of looking has found: the place of the first word, the one behind the last, and the kind."""

Spans = Mapping[tuple[int, int], frozenset[SpanKind]]
"""By the place of its first word and the one behind its last: what a span is."""


def find_spans(words: Sequence[str]) -> Spans:
    """Return the spans of a sentence that may go, alone or side by side; none of them tells who says something.

    Args:
        words: of the sentence, as `str.split` makes them.
    """
    forms = read_forms(tuple(words))
    kinds_of_spans: defaultdict[tuple[int, int], set[SpanKind]] = defaultdict(set)
    for find in _FINDERS:
        for start, end, kind in find(forms):
            if start < end:
                kinds_of_spans[start, end].add(kind)
    link = _measure_link(forms)
    spans: dict[tuple[int, int], frozenset[SpanKind]] = {}
    for (start, end), kinds in kinds_of_spans.items():
        # A link goes whole or stays whole: "Terlebih lagi", "Sementara itu".
        breaks_link = 0 < start < link or (start == 0 and end < link)
        if not breaks_link:
            spans[start, end] = frozenset(kinds)
    spans |= _join(spans, _find_pauses(forms))
    # A sentence goes as a whole elsewhere: where sentences are chosen.
    spans.pop((0, len(forms)), None)
    return {(start, end): kinds for (start, end), kinds in spans.items() if not _tells_speaker(forms[start:end])}


def _tells_speaker(forms: Sequence[WordForm]) -> bool:
    """Tell whether words say who says or thinks something, or where that was read.

    Of the cuts that strict readers judged, 69 % of those of speakers were good, of others 88 %.
    """
    return any(form.belongs_to("speech", "judging", "quoting") for form in forms)


def _join(spans: Spans, pauses: Collection[int]) -> dict[tuple[int, int], frozenset[SpanKind]]:
    """Return the spans that consist of several side by side and are none by themselves."""
    by_start: defaultdict[int, list[int]] = defaultdict(list)
    for start, end in spans:
        by_start[start].append(end)
    reached = dict(spans)
    joined: dict[tuple[int, int], frozenset[SpanKind]] = {}
    for _ in range(_MOST_JOINED - 1):
        longer: dict[tuple[int, int], frozenset[SpanKind]] = {}
        for (start, middle), kinds in reached.items():
            for end in by_start[middle]:
                following = spans[middle, end]
                is_new = (start, end) not in spans and (start, end) not in joined
                # A pause parts single words from what follows.
                is_parted = middle in pauses and _FILLER_ALONE in (kinds, following)
                if is_new and not is_parted and end - start <= _LONGEST_JOINED:
                    longer[start, end] = kinds | following | {SpanKind.JOINED}
        joined |= longer
        reached = longer
    return joined


def _find_pauses(forms: Sequence[WordForm]) -> list[int]:
    """Return the places behind pauses within a sentence."""
    return [place + 1 for place, form in enumerate(forms[:-1]) if form.pauses]


def _find_ends(forms: Sequence[WordForm], start: int) -> list[int]:
    """Return the places at which a clause or phrase may end that begins at a place: the next pause, and some before."""
    pause = start + 1
    while pause < len(forms) and not forms[pause - 1].pauses:
        pause += 1
    ends: list[int] = []
    for place in range(start + 1, pause):
        before = forms[place - 1]
        leads_on = before.is_function_word or before.belongs_to("negatives")
        if _begins_phrase(forms[place]) and not leads_on:
            ends.append(place)
    longer = [end for end in ends[:_MOST_ENDS] if end - start > 1]
    return [*longer, pause]


def _begins_phrase(form: WordForm) -> bool:
    """Tell whether another phrase begins with a word, so that the one before may end in front of it."""
    return (
        form.is_function_word
        or form.is_verb
        or form.opens_bracket
        or form.belongs_to("negatives", "plain_verbs", "days", "said_behind")
        or not form.core
    )


def _find_brackets(forms: Sequence[WordForm]) -> _Found:
    """Find what stands in brackets; of those within others, the outer ones."""
    depth = 0
    start = 0
    for place, form in enumerate(forms):
        if depth == 0 and form.opens_bracket:
            start = place
        was_inside = depth != 0
        # A bracket that nothing opened, as in "a) pangan", closes none of those that follow.
        depth = max(0, depth + form.brackets_left_open)
        if depth == 0 and (was_inside or form.opens_bracket):
            yield start, place + 1, SpanKind.BRACKET


def _find_between_pauses(forms: Sequence[WordForm]) -> _Found:
    """Find what stands between pauses, one piece or two of them."""
    bounds = [0, *_find_pauses(forms), len(forms)]
    for first, start in enumerate(bounds):
        for end in bounds[first + 1 : first + 3]:
            if start == 0:
                kind = SpanKind.OPENING
            elif end == len(forms):
                kind = SpanKind.ENDING
            else:
                kind = SpanKind.APPOSITION
            if start > 0 or end <= _LONGEST_OPENING:
                yield start, end, kind


def _find_opened(forms: Sequence[WordForm]) -> _Found:
    """Find what a word opens: relative and other clauses, phrases, the second of two things."""
    for start, form in enumerate(forms):
        kind = _kind_of(form)
        if kind is not None:
            for end in _find_ends(forms, start):
                yield start, end, kind


def _kind_of(form: WordForm) -> SpanKind | None:
    """Return what a word opens, if anything."""
    if form.belongs_to("relative"):
        return SpanKind.RELATIVE
    if form.belongs_to("subordinating"):
        return SpanKind.CLAUSE
    if form.belongs_to("coordinating"):
        return SpanKind.CONJUNCT
    if form.belongs_to("prepositions"):
        return SpanKind.PHRASE
    return None


def _find_links(forms: Sequence[WordForm]) -> _Found:
    yield 0, _measure_link(forms), SpanKind.LINK


def _measure_link(forms: Sequence[WordForm]) -> int:
    """Return how many words link a sentence to the one in front of it, at its beginning: the most that are known."""
    opening = [form.core for form in forms[:_LONGEST_OPENING]]
    sizes = [0]
    for link in _lists()["links"]:
        size = len(link.split())
        if " ".join(opening[:size]) == link:
            sizes.append(size)
    return max(sizes)


def _find_dates(forms: Sequence[WordForm]) -> _Found:
    """Find days and dates without a preposition: "Senin (3/2/2025)", "12 Juni 2025"."""
    start = 0
    for end, form in enumerate(forms, 1):
        if not _is_of_date(form):
            start = end
            continue
        goes_on = end < len(forms) and _is_of_date(forms[end]) and not form.pauses
        if goes_on:
            continue
        if any(word.belongs_to("days", "months") for word in forms[start:end]):
            yield start, end, SpanKind.DATE
        start = end


def _is_of_date(form: WordForm) -> bool:
    """Tell whether a word may be part of a date: a day, a month, digits, or "tanggal"."""
    is_digits = form.core[:1].isdigit()
    return form.belongs_to("days", "months", "dates") or is_digits


def _find_titles(forms: Sequence[WordForm]) -> _Found:
    """Find what stands in front of a name, all of it or its end or beginning."""
    for start, form in enumerate(forms):
        if not form.belongs_to("titles"):
            continue
        for end in range(start + 1, min(len(forms), start + _LONGEST_TITLE) + 1):
            last = forms[end - 1]
            if last.pauses or last.is_function_word or last.is_verb:
                break
            if end < len(forms) and forms[end].is_name:
                yield start, end, SpanKind.TITLE


def _find_fillers(forms: Sequence[WordForm]) -> _Found:
    cores = [form.core for form in forms]
    for start in range(len(forms)):
        for size, fillers in _fillers().items():
            if " ".join(cores[start : start + size]) in fillers:
                yield start, start + size, SpanKind.FILLER


_FINDERS = (
    _find_brackets,
    _find_between_pauses,
    _find_opened,
    _find_links,
    _find_dates,
    _find_titles,
    _find_fillers,
)


@cache
def _fillers() -> dict[int, frozenset[str]]:
    """Return the fillers by their number of words."""
    by_size: defaultdict[int, set[str]] = defaultdict(set)
    for filler in _lists()["fillers"]:
        by_size[len(filler.split())].add(filler)
    return {size: frozenset(fillers) for size, fillers in by_size.items()}


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    table = tomllib.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8"))
    links = (*table["links"], *word_list("droppable"))
    return {"links": tuple(dict.fromkeys(links)), "fillers": tuple(table["fillers"])}
