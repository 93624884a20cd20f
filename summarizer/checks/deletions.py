"""Check a sentence that was shortened by leaving out words: what may never go, and where what is left can't meet.

The checks know neither the article nor whatever chose the words. They see the words of one sentence, as `str.split`
makes them, and which of them are kept. They compare forms: a fault may be missed, and a good cut may be refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

from summarizer.checks.faults import Fault
from summarizer.checks.wordlists import read_toml, serious_words, word_list
from summarizer.lexicon.glossary import load_glossary
from summarizer.text.words import common_words

_LETTERS = re.compile(r"[^\W_]+(?:[-'’./][^\W_]+)*")
_VERB = re.compile(r"(?:me[mnlrwy]|meng|di|ber|ter|be(?=kerja|lajar))[a-z-]{3,}")
_ACTIVE = re.compile(r"(?:me[mnlrwy]|meng)[a-z-]{3,}")
_PASSIVE = re.compile(r"di[a-z-]{4,}")
_DATE = re.compile(r"\b\d{1,2}/\d{1,2}\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_OPENS = re.compile(r"^[\"“‘'(\[]*[(\[]")
_CLOSES = re.compile(r"[)\]][\"”’'.,;:!?]*$")
_PAUSE = re.compile(r"(?:[,;:–—.!?]|^-)[\"”’')\]]*$")
_CLOSES_QUOTATION = re.compile(r"[\"”][,.]?$")
_SENTENCE_END = re.compile(r"[^\W\d_]{3}[.!?][\"”’)]*$")
_SHORT = re.compile(r"\(([A-Z][A-Za-z]+)\)[.,;:]?")
_MARKS = '"“”'
# What opens a clause or phrase in front of the main clause is one of so many words.
_FRONT_WORDS = 2


@dataclass(frozen=True)
class WordForm:
    """A word of a sentence, and what its form shows.

    Attributes:
        text: the word with its marks.
        core: without them, in lower case; "" for a mark alone.
    """

    text: str
    core: str

    @cached_property
    def bare(self) -> str:
        """The word without clitics that don't change its class."""
        return re.sub(r"(?:lah|kah|pun)$", "", self.core) if len(self.core) > 6 else self.core

    def of(self, *classes: str) -> bool:
        """Tell whether it belongs to any of some lists of ``deletions.toml``."""
        for name in classes:
            words = _words(name)
            if self.core in words or self.bare in words:
                return True
        return False

    @cached_property
    def is_number(self) -> bool:
        """Whether it has a digit or is a number in words."""
        return any(letter.isdigit() for letter in self.core) or self.of("numbers")

    @cached_property
    def is_name(self) -> bool:
        """Whether it has a capital."""
        first = self.text.lstrip("\"“‘'([")[:1]
        return first.isupper()

    @cached_property
    def is_verb(self) -> bool:
        """Whether it looks like a verb with a prefix, and has no capital."""
        return bool(_VERB.fullmatch(self.core)) and self.core not in _words("no_verbs") and not self.is_name

    @cached_property
    def is_active(self) -> bool:
        """Whether it is a verb with "me-", which has an object."""
        return self.is_verb and bool(_ACTIVE.fullmatch(self.core))

    @cached_property
    def is_function(self) -> bool:
        """Whether it opens or links phrases, or stands in front of a noun or verb."""
        return self.of(
            "prepositions", "coordinating", "subordinating", "relative", "copulas", "determiners", "auxiliaries"
        )

    @cached_property
    def pauses(self) -> bool:
        """Whether a mark closes a part of the sentence behind it, or it is one."""
        return bool(_PAUSE.search(self.text)) or not self.core

    @cached_property
    def opens_bracket(self) -> bool:
        """Whether a bracket opens in front of it."""
        return bool(_OPENS.match(self.text))


@cache
def _words(name: str) -> frozenset[str]:
    if name == "negatives":
        return word_list("negation.indonesian")
    words = _lists()[name]
    return frozenset(words.split() if isinstance(words, str) else words)


@cache
def _lists() -> dict[str, Any]:
    """Return the lists of ``deletions.toml``."""
    return read_toml("deletions.toml")


@cache
def read_forms(words: tuple[str, ...]) -> tuple[WordForm, ...]:
    """Return the words of a sentence, which `str.split` made, with what shows of each."""
    return tuple(WordForm(word, "".join(_LETTERS.findall(word)).lower()) for word in words)


def may_meet(words: Sequence[str], left: int, right: int) -> bool:
    """Tell whether two words of a sentence may come to stand together when what is between them goes.

    Args:
        words: of the sentence, as `str.split` makes them.
        left: place of a word that is kept, -1 for the beginning of the sentence.
        right: place of the next word that is kept, ``len(words)`` for the end of the sentence.
    """
    if right - left < 2 or right - left > len(words):
        # Nothing went, or all.
        return True
    read = read_forms(tuple(words))
    gone = read[left + 1 : right]
    before = read[left] if left >= 0 else None
    behind = read[right] if right < len(read) else None
    return not (
        _breaks_marks(read, left, right)
        or _loses_scope(gone, before, behind)
        or _loses_contrast(gone, before, behind)
        or _loses_count(gone, before, behind)
        or _loses_pointed(gone, before, behind, before_opens=left == 0)
        or _loses_office(read, left, right)
        or _breaks_name(read, left, right)
        or _breaks_phrase(_Gap(read, left, right))
    )


def goes_on(word: str) -> bool:
    """Tell whether a word of Indonesian, in front of which some go, goes on with what is said of the noun before it."""
    [read] = read_forms((word,))
    return read.is_verb or read.of("auxiliaries", "negatives", "copulas", "relative", "speech", "judging", "leading")


def links(word: str) -> bool:
    """Tell whether a word of Indonesian links what follows it to what stands in front, without a comma."""
    [read] = read_forms((word,))
    return read.of("prepositions", "coordinating", "that")


def links_speaker(word: str) -> bool:
    """Tell whether a word of Indonesian stands in front of who says something: "kata", "menurut"."""
    [read] = read_forms((word,))
    return read.of("said_behind") or read.core == "menurut"


def count_dates(text: str) -> int:
    """Return how many dates in digits a text has, such as "3/2" and "(6/1/2016)"."""
    return len(_DATE.findall(text))


def find_deletion_faults(words: Sequence[str], kept: Sequence[bool], after: str = "") -> list[Fault]:
    """Find what may not go from a sentence, or can't stand as it was left; nothing in one that is whole or gone.

    Args:
        words: of the sentence, as `str.split` makes them.
        kept: for each of them, whether it stays.
        after: what is read behind the sentence.
    """
    places = [place for place, stays in enumerate(kept) if stays]
    if len(places) in (0, len(words)):
        return []
    pieces: list[str] = []
    for left, right in pairwise([-1, *places, len(words)]):
        if not may_meet(words, left, right):
            pieces.append(" ".join(words[left + 1 : right]))
    for place in find_lost(words, kept, after):
        pieces.append(words[place])
    # A piece may be wrong for two reasons; it is told once.
    return [Fault("cut", piece) for piece in dict.fromkeys(pieces)]


def find_lost(words: Sequence[str], kept: Sequence[bool], after: str = "") -> list[int]:
    """Return the places of words that went and that something which stays needs, however far from it.

    They are the other half of "tidak hanya ... tetapi juga", who says what is an opinion or a charge, the last verb,
    an abbreviation that is used further on, a number in brackets where another one stays, and one of several dates.
    Arguments are those of
    `find_deletion_faults`; some words must stay.
    """
    read = read_forms(tuple(words))
    lost = [
        *_find_halves(read, kept),
        *_find_lost_speaker(read, kept),
        *_find_lost_self(read, kept),
        *_find_lost_main_clause(read, kept),
        *_find_lost_predicate(read, kept),
        *_find_lost_expansion(read, kept, after),
        *_find_lost_bracket(read, kept),
        *_find_lost_date(read, kept),
    ]
    return sorted(set(lost))


def _have(words: Sequence[WordForm], *classes: str) -> bool:
    """Tell whether one of some words belongs to any of some lists of ``deletions.toml``."""
    return any(word.of(*classes) for word in words)


def _have_predicate(words: Sequence[WordForm]) -> bool:
    """Tell whether one of some words is a verb, or stands in front of one or for one."""
    return any(_is_predicate(word) for word in words)


def _have_verb(words: Sequence[WordForm]) -> bool:
    return any(word.is_verb for word in words)


def _have_number(words: Sequence[WordForm]) -> bool:
    return any(word.is_number for word in words)


def _have_function_word(words: Sequence[WordForm]) -> bool:
    return any(word.is_function for word in words)


def _have_pause(words: Sequence[WordForm]) -> bool:
    return any(word.pauses for word in words)


def _breaks_marks(words: Sequence[WordForm], left: int, right: int) -> bool:
    """Tell whether brackets or quotation marks lose their partner, or a quotation some of its words."""
    gone = words[left + 1 : right]
    if not _has_whole_brackets(gone):
        return True
    marks_before = _count_quotation_marks(words[: left + 1])
    marks_gone = _count_quotation_marks(gone)
    marks_behind = _count_quotation_marks(words[right:])
    if marks_gone % 2 == 1:
        # One mark of a pair goes, the other stays.
        return True
    # A quotation goes as a whole or not at all.
    is_in_quotation = marks_before % 2 == 1
    # Where marks have no partner, nobody knows what they open.
    are_paired = (marks_before + marks_gone + marks_behind) % 2 == 0
    return is_in_quotation and are_paired


def _has_whole_brackets(words: Sequence[WordForm]) -> bool:
    """Tell whether each bracket that some words open is closed in them, and none else is."""
    depth = 0
    for word in words:
        depth += word.text.count("(") - word.text.count(")")
        if depth < 0:
            return False
    return depth == 0


def _count_quotation_marks(words: Sequence[WordForm]) -> int:
    """Return how many double quotation marks some words have."""
    count = 0
    for word in words:
        for mark in _MARKS:
            count += word.text.count(mark)
    return count


def _loses_scope(gone: Sequence[WordForm], before: WordForm | None, behind: WordForm | None) -> bool:
    """Tell whether a negative, a modal, a hedge or a condition goes, and what it bears on stays."""
    for place, word in enumerate(gone):
        if not word.of("negatives", "hedges", "auxiliaries", "conditions") or word.of("aspect"):
            continue
        rest = gone[place + 1 :]
        follows_purpose = (gone[place - 1] if place else before or word).core == "untuk"
        if word.of("abilities") and follows_purpose:
            continue
        has_content = any(other.core and not other.is_function for other in rest)
        is_gone = word.pauses or has_content or bool(rest and gone[-1].pauses)
        ends = behind is None or gone[-1].pauses or behind.is_function or behind.opens_bracket
        if not (is_gone and ends):
            return True
        # A clause goes as a whole: it begins behind a pause, or with what opens one.
        opens = (
            before is None
            or before.pauses
            or _have(gone[: place + 1], "prepositions", "coordinating", "subordinating", "relative")
        )
        if not opens:
            return True
    return False


def _loses_contrast(gone: Sequence[WordForm], before: WordForm | None, behind: WordForm | None) -> bool:
    """Tell whether a sentence ends before it takes back what it says: "Laras kalah 0-2 {meski akhirnya menang.}"."""
    return before is not None and behind is None and gone[0].of("contrasts")


def _loses_count(gone: Sequence[WordForm], before: WordForm | None, behind: WordForm | None) -> bool:
    """Tell whether a number loses what it counts, or its unit, or what says how exact it is."""
    first = gone[0]
    last = gone[-1]
    if before and before.is_number and not before.pauses and not before.text.endswith(")"):
        is_date = bool(_YEAR.search(before.core)) or before.core.startswith("ke") or first.is_number
        is_classifier = first.of("classifiers") and len(gone) == 1 and behind is not None and not behind.is_function
        repeats = behind is not None and first.of("months") and behind.of("prepositions", "coordinating")
        starts_phrase = first.opens_bracket or first.is_function or not first.core
        if not (is_date or is_classifier or repeats or starts_phrase):
            return True
    if behind and behind.is_number and (last.of("exactness", "currencies") or last.text.endswith(("-", "$"))):
        return True
    return bool(behind and last.is_number and not last.pauses and behind.of("units"))


def is_known_expansion(gone: Sequence[str], short: str) -> bool:
    """Tell whether words are what a well-known abbreviation in brackets stands for: those of the glossary are."""
    match = _SHORT.fullmatch(short)
    if match is None:
        return False
    abbreviation = match[1]
    if abbreviation not in load_glossary().terms:
        return False
    letters = abbreviation.lower()
    spelled = "".join(_LETTERS.findall(" ".join(gone))).lower()
    return spelled.startswith(letters[0]) and _has_in_order(spelled, letters)


def _spell_out(gone: Sequence[WordForm], behind: WordForm) -> bool:
    """Tell whether words that go are what the abbreviation behind them stands for."""
    return is_known_expansion([word.text for word in gone], behind.text)


def _has_in_order(text: str, letters: str) -> bool:
    """Tell whether a text has some letters in their order, whatever stands between them."""
    start = 0
    for letter in letters:
        place = text.find(letter, start)
        if place < 0:
            return False
        start = place + 1
    return True


def _loses_pointed(
    gone: Sequence[WordForm], before: WordForm | None, behind: WordForm | None, *, before_opens: bool
) -> bool:
    """Tell whether "itu", "ini" or "tersebut" loses the noun that it stands behind, or brackets what they explain.

    Args:
        gone: the words that go.
        before: the word in front of them, None at the beginning of the sentence.
        behind: the word behind them, None at the end of the sentence.
        before_opens: whether the word in front of them is the first of the sentence.
    """
    if behind is None:
        return False
    explains = behind.opens_bracket and not behind.core[:1].isdigit()
    if explains:
        # Only an abbreviation that everybody knows may stand for its words.
        return not _spell_out(gone, behind)
    is_in_front_of_verb = _is_predicate(behind) or behind.of("plain_verbs")
    if before is not None and is_in_front_of_verb and _have(gone, "pointing", "others"):
        # "Peristiwa {itu} terjadi" leaves a noun alone; "Peristiwa di Laras {itu} terjadi" still says which.
        return before_opens
    if not behind.of("pointing"):
        return False
    # A noun must be left for "itu" to point at.
    return before is None or before.pauses or before.is_function or before.is_verb or before.is_number


def _loses_office(words: Sequence[WordForm], left: int, right: int) -> bool:
    """Tell whether a sentence would begin with a bare name: "{Bupati Girimulya,} Ratna Puspita, menetapkan ...".

    Who that is, nothing else may say. Nor may the body that somebody speaks for take the place of his office, as in
    "{Ketua} Badan Air, Ratna Puspita, menetapkan ...".
    """
    if left >= 0 or right == len(words) or not words[right].is_name:
        return False
    gone = words[:right]
    if gone[0].of("titles") and gone[-1].pauses:
        return True
    end = right
    while end + 1 < len(words) and words[end].is_name and not words[end].pauses:
        end += 1
    names_follow = words[end].text.endswith(",") and end + 1 < len(words) and words[end + 1].is_name
    return gone[-1].of("titles") and names_follow


def _breaks_name(words: Sequence[WordForm], left: int, right: int) -> bool:
    """Tell whether a part of a name goes and another stays; titles may go from in front of names, "RI" from behind."""
    gone = words[left + 1 : right]
    before = words[left] if left >= 0 else None
    behind = words[right] if right < len(words) else None
    if behind is not None and _spell_out(gone, behind):
        return False
    touches_before = before is not None and before.is_name and not before.is_function and not before.pauses
    touches_behind = behind is not None and behind.is_name and not gone[-1].pauses and not behind.opens_bracket
    starts = touches_before and gone[0].is_name and not gone[0].opens_bracket
    ends = (
        touches_behind
        and _is_in_name(words, right - 1)
        and not (_CLOSES.search(gone[-1].text) and not _is_within_name(gone, left))
    )
    if starts:
        between_titles = ends and before is not None and before.of("titles") and gone[-1].of("titles")
        return not (between_titles or all(word.of("name_ends") for word in gone))
    if ends:
        names = _last_names(gone)
        ends_title = names[-1].of("titles") or names[-1].text.isupper() or names[-1].core in common_words("id")
        # "{Ketua Bidang Kebijakan} APINDO Soetrisno": the body that somebody speaks for is no part of his name.
        leaves_body = behind is not None and behind.text.isupper()
        return leaves_body or not (names[0].of("titles") and ends_title)
    opens_title = gone[0].of("titles") and not (_have_function_word(gone) or _have_pause(gone))
    if opens_title and touches_behind and not gone[-1].is_name and not gone[-1].of("titles"):
        # "{Presiden terpilih} Laras Ratna Puspita" would be one name.
        return True
    if touches_before and touches_behind and before is not None:
        # "PT Surya {selaku pemilik} Glodok Plaza" would be one name.
        return not before.of("titles") and not before.text.endswith(")")
    return False


def _is_within_name(gone: Sequence[WordForm], left: int) -> bool:
    """Tell whether an abbreviation in brackets stands within a name that goes: "{Badan Air (BAG)} Girimulya"."""
    return len(gone) > 1 and gone[-2].is_name and left >= 0


def _is_in_name(words: Sequence[WordForm], place: int) -> bool:
    """Tell whether a word is written like a name; the capital that opens a sentence says nothing."""
    word = words[place]
    if not word.is_name:
        return False
    return place > 0 or word.of("titles") or word.core not in common_words("id")


def _last_names(gone: Sequence[WordForm]) -> list[WordForm]:
    """Return the words with capitals at the end of some that go."""
    names: list[WordForm] = []
    for word in reversed(gone):
        if not word.is_name or (names and word.pauses):
            break
        names.insert(0, word)
    return names


def _breaks_phrase(gap: _Gap) -> bool:
    """Tell whether words come together that can't, begin a sentence or end one."""
    if gap.before is None:
        return gap.behind is not None and _breaks_opening(gap, gap.behind)
    if gap.behind is None:
        return _breaks_ending(gap, gap.before)
    return any(breaks(gap, gap.before, gap.behind) for breaks in _BREAKS)


def _breaks_opening(gap: _Gap, behind: WordForm) -> bool:
    """Tell whether a sentence can't begin with what is behind a gap."""
    opening = behind.core
    if gap.right + 1 < len(gap.words):
        opening += " " + gap.words[gap.right + 1].core
    if opening in _words("no_openings"):
        return True
    return _is_no_start(gap.gone, behind)


def _breaks_ending(gap: _Gap, before: WordForm) -> bool:
    """Tell whether a sentence can't end with what is in front of a gap."""
    if _is_no_end(before, gap.first):
        return True
    return _shortens_list(gap) or _loses_outcome(gap, before)


@dataclass(frozen=True)
class _Gap:
    """Words that go from a sentence, between two that stay, or one that stays and an end of the sentence."""

    words: Sequence[WordForm]
    left: int
    right: int

    @cached_property
    def gone(self) -> Sequence[WordForm]:
        return self.words[self.left + 1 : self.right]

    @property
    def before(self) -> WordForm | None:
        return self.words[self.left] if self.left >= 0 else None

    @property
    def behind(self) -> WordForm | None:
        return self.words[self.right] if self.right < len(self.words) else None

    @property
    def first(self) -> WordForm:
        return self.gone[0]

    @property
    def last(self) -> WordForm:
        return self.gone[-1]

    @property
    def is_long(self) -> bool:
        """Whether it has more than one word."""
        return len(self.gone) > 1

    @cached_property
    def ends_with_noun(self) -> bool:
        """Whether the last word may be what somebody or something is called."""
        last = self.last
        return bool(last.core) and not (last.is_function or last.is_verb or last.of("adverbs", "pointing"))

    @cached_property
    def opens_phrase(self) -> bool:
        """Whether the first word opens a phrase that isn't needed by the word in front of it."""
        first = self.first
        return first.is_function or first.opens_bracket or first.of("pointing") or not first.core

    @cached_property
    def pauses_inside(self) -> bool:
        return any(word.pauses and word.core for word in self.gone[:-1])

    @cached_property
    def verb_places(self) -> list[int]:
        """Places, in the gap, of the verbs that no "yang" or preposition opens."""
        openers = ("relative", "prepositions", "subordinating")
        return _find_unopened_verbs(self.gone, openers)


def _loses_outcome(gap: _Gap, before: WordForm) -> bool:
    """As in "membuat warga {terpukau.}", "musim panas {lalu.}"."""
    is_caused = gap.left > 0 and gap.words[gap.left - 1].of("causing")
    is_dated = before.is_number or before.of("months", "days")
    return is_caused or (gap.first.of("times") and not gap.is_long and not is_dated)


def _loses_coordination(gap: _Gap, _before: WordForm, behind: WordForm) -> bool:
    """As in "Beras {dan} gula", "warga {yang} -"."""
    if all(not word.core or word.of("coordinating") for word in gap.gone) and gap.last.of("coordinating"):
        return True
    opens = gap.last.of("prepositions", "relative", "subordinating", "auxiliaries", "determiners")
    return opens and not behind.core


def _joins_function_words(_gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "ke {rumah} di", "yang {rumahnya} dan"."""
    if before.pauses and before.core:
        # Behind a pause, anything may begin but what leans on the word in front.
        return False
    if before.of("prepositions", "determiners", "auxiliaries", "negatives"):
        if before.of("prepositions") and before.core != "untuk" and behind.of("auxiliaries"):
            return True
        joined = f"{before.core} {behind.core}" in _words("pairs")
        wrong = ("prepositions", "coordinating", "relative", "copulas", "pointing", "subordinating")
        says_no = before.of("prepositions") and before.core != "untuk" and behind.of("negatives")
        return not joined and (behind.of(*wrong) or says_no or not behind.core)
    if before.of("coordinating", "subordinating", "relative", "copulas"):
        return behind.of("coordinating", "pointing", "copulas") or not behind.core
    return False


def _loses_place(gap: _Gap, before: WordForm, _behind: WordForm) -> bool:
    """As in "di {tengah} kota", "Ada {pun} warga"."""
    splits_word = before.core == "ada" and gap.first.core == "pun"
    return splits_word or (before.of("prepositions") and gap.first.of("sides") and not gap.first.is_name)


def _loses_substance(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "Momen {menarik} terjadi": what is left says nothing."""
    is_bare = before.of("hollow") and not before.pauses and not gap.first.of("pointing", "relative")
    return is_bare and (_is_predicate(behind) or behind.is_function)


def _leaves_rest_of_phrase(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "Sari, {untuk pengumuman harga} resmi, berangkat", "penting {agar pasokan, terutama beras,} tidak naik"."""
    is_content = bool(behind.core) and not (
        behind.is_function or behind.is_name or behind.is_number or behind.opens_bracket
    )
    opens_with_link = gap.first.of("prepositions", "subordinating")
    if before.pauses and opens_with_link and gap.is_long and not gap.last.pauses:
        return is_content and not _is_predicate(behind) and not gap.last.is_function
    goes_over_pause = gap.pauses_inside and gap.last.pauses and not before.pauses
    return goes_over_pause and opens_with_link and _is_predicate(behind)


def _loses_which(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "Pebalap {itu} unggul", "musim panas {lalu} itu", "dalam {sebuah film} Laras"."""
    if all(word.of("pointing") or word.opens_bracket for word in gap.gone) and gap.last.of("pointing"):
        return True
    is_dated = before.is_number or before.of("months", "days")
    if gap.first.of("times") and not gap.is_long and not before.pauses and not is_dated:
        return True
    return before.of("prepositions") and gap.is_long and gap.first.of("determiners") and behind.is_name


def _loses_item(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "di Laras, {di depan balai kota,} dan Girimulya", "Sari dan {orang yang hadir} tertawa"."""
    is_item = before.pauses and gap.last.pauses and not gap.first.of("relative")
    if is_item and behind.of("coordinating"):
        return True
    return before.of("coordinating") and _is_predicate(behind) and not _is_predicate(gap.first)


def _loses_change(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "naik 5 persen {menjadi} 60 persen", "ayat {(1)} undang-undang"."""
    joins_numbers = (before.is_number or before.of("units")) and behind.is_number and not before.pauses
    names_part = before.of("parts") and gap.first.opens_bracket
    return (joins_numbers and not gap.first.opens_bracket) or names_part


def _loses_object(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "menggelar {rapat} pada", "menawarkan {hal itu saat menerima} Sari"."""
    if not before.is_active or before.pauses or gap.opens_phrase or gap.first.of("adverbs"):
        return False
    leaves_alone = behind.of("prepositions", "coordinating", "relative", "subordinating", "pointing")
    crosses = _have(gap.gone[1:], "prepositions", "subordinating", "relative")
    return leaves_alone or not behind.core or crosses


def _loses_clause_link(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "buka suara {soal kabar bahwa} harga naik", "bekerja {dengan warga untuk} membangun"."""
    says = before.of("speech", "judging") or before.is_verb
    if gap.last.of("that") and gap.is_long and not before.pauses and not says:
        return True
    if behind.of("that", "conditions") and (gap.last.is_verb or gap.last.of("speech", "judging")):
        return True
    if not gap.is_long or not gap.last.of("prepositions", "subordinating"):
        return False
    if before.of("prepositions") and behind.is_verb:
        return True
    if gap.gone[-2].is_function or before.is_function:
        return False
    return not (gap.last.of("free_links") and behind.is_number)


def _joins_unequal(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "diketahui {dari serikat makanan} dan minuman": a coordination of a verb and a noun."""
    following = gap.words[gap.right + 1] if gap.right + 1 < len(gap.words) else None
    if behind.of("coordinating") and not before.pauses and following is not None:
        return before.is_verb != following.is_verb or before.is_name != following.is_name
    if before.of("coordinating") and gap.ends_with_noun and _is_predicate(behind) and not gap.last.pauses:
        return not _have_verb(gap.gone)
    many = sum(word.of("coordinating") for word in gap.gone) > 1
    return many and not gap.pauses_inside and not gap.last.pauses


def _breaks_relative(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "hari {ada kecelakaan} yang", "warga {yang membawa} golok", "roket {yang ditembakkan ke wilayah} Laras"."""
    if not gap.is_long:
        return before.of("relative") and behind.is_name
    if behind.of("relative"):
        return not gap.opens_phrase and not before.pauses
    if before.of("relative"):
        return behind.is_name
    return gap.first.of("relative") and not gap.last.pauses and _ends_too_early(gap, before, behind)


def _ends_too_early(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """Tell whether a clause with "yang" goes without its end: "Sari {yang berada} di Laras pulang"."""
    if gap.last.is_verb:
        leaves_phrase = before.is_name and behind.of("prepositions")
        goes_well = behind.is_function or behind.is_name or behind.is_number or behind.opens_bracket
        return leaves_phrase or not (goes_well or goes_on(behind.text))
    is_bare = not (behind.is_function or behind.of("pointing") or behind.opens_bracket or goes_on(behind.text))
    return is_bare and gap.ends_with_noun and not gap.last.of("dates")


def _loses_who_speaks(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "kata {Sari,} Senin", "Dia {mengatakan} pihaknya", "Sari {saat ditemui mengatakan} warga"."""
    says = gap.last.of("speech") and not gap.last.of("said_behind")
    if says and not _have_predicate(gap.words[: gap.left + 1]):
        return True
    if before.of("said_behind") and behind.of("days"):
        return True
    if before.of("speech", "judging") and _is_predicate(behind):
        return _have(gap.gone, "selves", "pronouns")
    return behind.of("selves") and not before.pauses and not gap.last.of("that")


def _loses_list(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "Ada {dua pemain} yakni Sari", "dalam {Dokumen Anggaran} 2025"."""
    is_phrase = gap.first.of("prepositions") or not gap.last.pauses
    if behind.of("announcing") and not gap.first.of("relative") and not before.pauses and is_phrase:
        return True
    return before.of("prepositions") and gap.last.is_name and behind.is_number and not gap.last.pauses


def _loses_subject(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "Kemarin, {Sari} membuka", "ketika {harga beras} naik", "diambil {oleh warga} akan"."""
    if gap.last.of("pronouns") and gap.is_long and not behind.is_function:
        return True
    if not _is_predicate(behind):
        return False
    if gap.first.core == "oleh" and gap.is_long and _PASSIVE.fullmatch(before.core):
        return True
    if not gap.ends_with_noun or gap.last.pauses:
        return False
    opens_main = before.text.endswith(",") and not gap.first.of("relative", "coordinating")
    opens_clause = before.of("subordinating", "relative") and gap.is_long
    crosses = before.is_verb and (len(gap.gone) > 2 or _have_pause(gap.gone))
    return opens_main or opens_clause or crosses


def _cuts_across(gap: _Gap, _before: WordForm, behind: WordForm) -> bool:
    """Tell whether a gap begins in one clause and ends in the middle of another."""
    if any(_SENTENCE_END.search(word.text) for word in gap.gone[:-1]):
        return True
    if gap.last.pauses:
        return False
    if gap.pauses_inside and not behind.of("coordinating"):
        return True
    # A clause goes as a whole.
    opens_clause = _have(gap.gone, "subordinating", "that")
    return opens_clause and gap.is_long and not gap.last.of("that")


def _leaves_end_of_clause(gap: _Gap, _before: WordForm, behind: WordForm) -> bool:
    """As in "Sari, {yang lahir di Laras,} tanggal 3 Mei, menang", "berlatih {yang disiapkan,} di Sofia"."""
    opens_clause = gap.first.of("relative", "subordinating")
    goes_on_behind = behind.of("dates", "days", "months", "prepositions") or behind.is_number
    return opens_clause and gap.last.text.endswith(",") and goes_on_behind


def _loses_verb(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "Sari {menjawab pertanyaan itu} merupakan", "untuk {melakukan pertemuan dengan} Sari"."""
    first_is_verb = bool(gap.verb_places) and gap.verb_places[0] == 0
    if first_is_verb and gap.is_long and before.of("prepositions") and not behind.is_verb:
        return True
    is_noun = not (gap.last.is_function or gap.last.is_verb or gap.last.pauses) and bool(gap.last.core)
    if not (first_is_verb and is_noun and gap.is_long) or before.pauses:
        return False
    return _is_predicate(behind) or before.is_verb or before.of("prepositions", "subordinating")


def _leaves_complement(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "disematkan {langsung oleh Sari kepada} Budi", "kilometer {dengan tinggi bervariasi} antara"."""
    opens = gap.first.of("prepositions")
    if opens and gap.is_long and gap.last.is_verb and not gap.last.pauses and not _is_predicate(behind):
        return True
    if opens and gap.is_long and behind.is_number and not gap.last.of("prepositions", "dates"):
        return True
    if not before.is_verb:
        return False
    if gap.is_long and gap.last.of("prepositions") and behind.is_name and not gap.first.of("prepositions", "adverbs"):
        return True
    has_verb = _have_verb(gap.gone)
    return has_verb and not gap.last.pauses and not behind.is_function and not behind.is_verb


def _leaves_apposition(gap: _Gap, before: WordForm, behind: WordForm) -> bool:
    """As in "melontarkan ancaman {untuk pemimpin,} Sari": what explained a word that went."""
    said = _have_predicate(gap.words[: gap.left + 1])
    is_noun = (
        not behind.is_function and not _is_predicate(behind) and not behind.of("days") and not behind.opens_bracket
    )
    leaves = said or gap.first.of("prepositions")
    return leaves and gap.last.text.endswith(",") and not before.pauses and is_noun and not gap.first.opens_bracket


_BREAKS: tuple[Callable[[_Gap, WordForm, WordForm], bool], ...] = (
    _loses_coordination,
    _joins_function_words,
    _loses_place,
    _loses_change,
    _loses_which,
    _loses_item,
    _loses_substance,
    _leaves_rest_of_phrase,
    _loses_object,
    _loses_clause_link,
    _joins_unequal,
    _breaks_relative,
    _loses_who_speaks,
    _loses_list,
    _loses_subject,
    _cuts_across,
    _leaves_end_of_clause,
    _loses_verb,
    _leaves_complement,
    _leaves_apposition,
)


def _shortens_list(gap: _Gap) -> bool:
    """Tell whether a list loses its end: "A, {B dan C.}", "dua desa, yaitu A {dan B.}", or "adalah"."""
    is_item = not gap.first.is_function and not _is_predicate(gap.first)
    ends_item = gap.before is not None and gap.before.text.endswith(",")
    has_last_item = _have(gap.gone, "coordinating")
    front = gap.words[: gap.left + 1]
    is_counted = _have_number(front) and _have(front, "equating")
    is_announced = is_counted or _have(front, "announcing")
    has_clause = _have_predicate(gap.gone) or _have(gap.gone, "relative", "subordinating")
    return has_last_item and ((ends_item and is_item) or (is_announced and not has_clause))


def _is_predicate(word: WordForm) -> bool:
    return word.is_verb or word.of("auxiliaries", "negatives", "copulas")


def _is_no_start(gone: Sequence[WordForm], behind: WordForm) -> bool:
    """Tell whether a sentence can't begin with a word, as what was in front of it goes."""
    first = gone[0]
    last = gone[-1]
    if behind.of("relative", "coordinating", "pointing", "copulas", "no_start", "said_behind") or not behind.core:
        return True
    if last.pauses or last.of("speech", "that"):
        return False
    # The capital that opens a sentence says nothing: "{Beredar} video", "{Itulah} alasan".
    opens_with_verb = bool(_VERB.fullmatch(first.core)) and not first.of("no_verbs")
    if opens_with_verb or first.core.removesuffix("lah") in _words("pointing"):
        return True
    # Without a pause, only what stands in front of a noun goes: "Sebanyak", "Petarung", "Sementara itu".
    if _have_predicate(gone):
        return True
    if first.of("prepositions", "subordinating"):
        # What these stand in front of is no subject.
        return True
    return behind.is_verb or behind.is_function or last.of("prepositions", "relative")


def _is_no_end(before: WordForm, first: WordForm) -> bool:
    """Tell whether a sentence can't end with a word, as what followed it goes."""
    if before.is_function or before.of("negatives", "no_end", "hedges") or not before.core:
        return True
    says = before.of("speech", "judging") and not before.core.endswith("nya")
    needs_object = before.is_active and first.of("determiners", "relative", "that")
    if says or needs_object:
        return True
    lost_object = not first.is_function and bool(first.core) and not first.opens_bracket and not first.of("adverbs")
    return bool(_ACTIVE.fullmatch(before.core)) and before.is_verb and lost_object and not before.pauses


def _find_halves(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the place of the half that goes of a pair such as "tidak hanya ... tetapi juga", when the other stays."""
    cores = [word.core for word in words]
    for openers, closers in _lists()["halves"]:
        for opener in openers.split("|"):
            start = _find(cores, opener)
            if start is None:
                continue
            first_closer: int | None = None
            has_closer = False
            has_opposing_closer = False
            for closer in closers.split("|"):
                end = _find(cores, closer, start + 1)
                if end is None:
                    continue
                if first_closer is None:
                    first_closer = end
                if kept[end]:
                    has_closer = True
                    has_opposing_closer = has_opposing_closer or closer in _words("opposing")
            if first_closer is not None and not has_closer and kept[start]:
                yield first_closer
            elif has_opposing_closer and not kept[start]:
                yield start


def _find(words: Sequence[str], wanted: str, start: int = 0) -> int | None:
    """Return where some words stand in a row, from a place on."""
    row = wanted.split()
    for place in range(start, len(words) - len(row) + 1):
        if list(words[place : place + len(row)]) == row:
            return place
    return None


def _find_lost_speaker(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the place of the verb of speech that goes, where what is said is an opinion, a charge or a guess."""
    words_that_stay: list[str] = []
    is_held = False
    for word, stays in zip(words, kept, strict=True):
        if stays:
            words_that_stay.append(word.core)
            is_held = is_held or word.of("opinion", "guesses")
    said = " ".join(words_that_stay)
    is_charged = any(matter.indonesian.search(said) for matter in serious_words().values())
    needs_speaker = is_charged or is_held
    for place, word in enumerate(words):
        if kept[place]:
            continue
        is_behind = word.of("said_behind")
        if is_behind and place and kept[place - 1] and _CLOSES_QUOTATION.search(words[place - 1].text):
            # Nobody says what is quoted.
            yield place
            continue
        if is_behind and not (place and words[place - 1].pauses):
            continue
        follows = any(kept[:place]) if is_behind else any(kept[place + 1 :])
        names_holder = word.core == "menurutnya" or (word.core == "menurut" and _is_person(words[place + 1 :]))
        if names_holder and follows and not _is_inside(words, kept, place):
            # What somebody holds may be no fact; what data say is.
            yield place
            continue
        if (word.of("judging") and follows and not _is_inside(words, kept, place)) or (
            word.of("speech") and follows and needs_speaker and not _is_inside(words, kept, place)
        ):
            yield place


def _is_person(words: Sequence[WordForm]) -> bool:
    """Tell whether words begin with a pronoun, a name, or an office."""
    return bool(words) and (words[0].is_name or words[0].of("pronouns", "selves", "titles"))


def _find_lost_bracket(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the places of numbers in brackets that go while another one stays: "Sari (40) dan Budi {(35)}"."""
    gone: list[int] = []
    stays = False
    for place, word in enumerate(words):
        if not (word.opens_bracket and word.core.isdigit()):
            continue
        if kept[place]:
            stays = True
        else:
            gone.append(place)
    if stays:
        yield from gone


def _find_lost_date(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Find a date that goes while another one stays, and seems to be its own: "pulang Senin (3/2) {Rabu (5/2)}."."""
    dates = [place for place, word in enumerate(words) if count_dates(word.text)]
    if any(kept[place] for place in dates):
        for place in dates:
            if not kept[place]:
                yield place


def _find_lost_self(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the place of the last name in front of "pihaknya" and the like that goes, when all names there go."""
    last_name: int | None = None
    has_name = False
    for place, word in enumerate(words):
        if kept[place] and word.of("selves") and last_name is not None and not has_name:
            yield last_name
        if word.is_name:
            last_name = place
            has_name = has_name or kept[place]


def _find_lost_main_clause(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the place behind "Meski hujan turun," or "Sementara di Laras," when all that follows it goes."""
    opener = _find_front_opener(words)
    comma = _find_comma(words)
    if opener is None or comma is None or opener > comma:
        return
    stays_in_front = any(kept[:_FRONT_WORDS])
    stays_behind = any(kept[comma + 1 :])
    # Behind a verb, "di" or "karena" opens nothing in front of the main clause: it is in it.
    if stays_in_front and not stays_behind and not _have_predicate(words[:opener]):
        yield comma + 1


def _find_front_opener(words: Sequence[WordForm]) -> int | None:
    """Return the place of the word that opens a clause or phrase in front of the main clause."""
    for place, word in enumerate(words[:_FRONT_WORDS]):
        if word.of("subordinating", "prepositions"):
            return place
    return None


def _find_comma(words: Sequence[WordForm]) -> int | None:
    """Return the place of the first word with a comma behind it, but for the last word of the sentence."""
    for place, word in enumerate(words[:-1]):
        if word.text.endswith(","):
            return place
    return None


def _is_inside(words: Sequence[WordForm], kept: Sequence[bool], place: int) -> bool:
    """Tell whether a word goes along with a clause that it is in: one that "yang" or the like opens."""
    start = place
    while start and not kept[start - 1]:
        start -= 1
    return _have(words[start:place], "relative", "subordinating", "coordinating")


def _find_lost_predicate(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the place of the first verb of a sentence that goes, when what is left has none but behind "yang"."""
    if _find_main_verbs(words, kept):
        return
    all_stay = [True] * len(words)
    for place in _find_main_verbs(words, all_stay) or _find_late_verbs(words):
        if not kept[place]:
            yield place
            return


def _find_main_verbs(words: Sequence[WordForm], kept: Sequence[bool]) -> list[int]:
    """Return the places of the verbs that stay and that no "yang" or preposition opens."""
    verbs: list[int] = []
    previous: WordForm | None = None
    in_clause = False
    for place, word in enumerate(words):
        if not kept[place]:
            continue
        if word.of("relative", "subordinating"):
            in_clause = True
        is_verb = word.is_verb or word.of("copulas", "plain_verbs", "auxiliaries", "negatives", "speech")
        follows_preposition = previous is not None and previous.of("prepositions")
        if is_verb and not in_clause and not follows_preposition:
            verbs.append(place)
        if word.pauses:
            # What "yang" opens is taken to last up to the next comma.
            in_clause = False
        previous = word
    return verbs


def _find_late_verbs(words: Sequence[WordForm]) -> list[int]:
    """Return the places of the verbs behind the first one of a clause with "yang" that no comma closes.

    One of them may be that of the sentence: "Warga yang tinggal di Laras {menolak rencana itu}".
    """
    openers = ("relative", "subordinating", "prepositions", "auxiliaries", "negatives")
    return _find_unopened_verbs(words, openers)


def _find_unopened_verbs(words: Sequence[WordForm], openers: Sequence[str]) -> list[int]:
    """Return the places of the verbs among some words that stand behind no word of some classes."""
    verbs: list[int] = []
    for place, word in enumerate(words):
        follows_opener = place > 0 and words[place - 1].of(*openers)
        if word.is_verb and not follows_opener:
            verbs.append(place)
    return verbs


def _find_lost_expansion(words: Sequence[WordForm], kept: Sequence[bool], after: str) -> Iterator[int]:
    """Yield the place of an abbreviation in brackets that goes, when it is used further on."""
    for place, word in enumerate(words):
        if kept[place] or not word.opens_bracket or not word.core.isalpha():
            continue
        short = _LETTERS.search(word.text)
        if short is None or not short.group().isupper():
            continue
        rest = " ".join([*_texts_that_stay(words[place + 1 :], kept[place + 1 :]), after])
        if re.search(rf"\b{re.escape(short.group())}\b", rest):
            yield place


def _texts_that_stay(words: Sequence[WordForm], kept: Sequence[bool]) -> list[str]:
    texts: list[str] = []
    for word, stays in zip(words, kept, strict=True):
        if stays:
            texts.append(word.text)
    return texts
