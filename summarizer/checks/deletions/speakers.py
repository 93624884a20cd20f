"""Who says something: the verb of speech stays where what is said is an opinion, a charge or a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from summarizer.checks.deletions.word_forms import WordForm, any_belongs_to
from summarizer.checks.wordlists import serious_words

_END_OF_QUOTATION = re.compile(r"[\"”][,.]?$")


def find_lost_speaker(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the places of words that go although a sentence needs them to say who says or thinks what stays.

    Without them, an opinion, a guess or a charge reads like a fact, or a quotation is nobody's.

    Args:
        words: of the sentence.
        kept: for each of them, whether it stays.
    """
    words_that_stay = [word for word, stays in zip(words, kept, strict=True) if stays]
    needs_speaker = _needs_speaker(words_that_stay)
    for place, word in enumerate(words):
        if kept[place]:
            continue
        if word.belongs_to("said_behind") and _ends_with_kept_quotation(words[:place], kept):
            # Nobody says what is quoted.
            yield place
            continue
        if not _what_is_said_stays(words, kept, place) or _is_in_clause_that_goes(words, kept, place):
            continue
        names_needed_speaker = needs_speaker and word.belongs_to("speech")
        names_view = word.belongs_to("judging") or _names_whose_view(words, place)
        if names_needed_speaker or names_view:
            yield place


def _what_is_said_stays(words: Sequence[WordForm], kept: Sequence[bool], place: int) -> bool:
    """Tell whether some of what the word at a place says, or reports, stays.

    That stands behind the word, but in front of one such as "katanya": "Harga akan naik, katanya."
    """
    if not words[place].belongs_to("said_behind"):
        return any(kept[place + 1 :])
    # Without a pause in front, it is another word of the same form.
    follows_pause = place > 0 and words[place - 1].pauses
    return follows_pause and any(kept[:place])


def _needs_speaker(words: Sequence[WordForm]) -> bool:
    """Tell whether what some words say is an opinion, a guess or a charge, so that it matters who says it."""
    if any_belongs_to(words, "opinion", "guesses"):
        return True
    said = " ".join(word.core for word in words)
    return any(matter.indonesian.search(said) for matter in serious_words().values())


def _ends_with_kept_quotation(words: Sequence[WordForm], kept: Sequence[bool]) -> bool:
    """Tell whether the last of the words in front of one ends a quotation, and stays."""
    if not words or not kept[len(words) - 1]:
        return False
    return bool(_END_OF_QUOTATION.search(words[-1].text))


def _names_whose_view(words: Sequence[WordForm], place: int) -> bool:
    """Tell whether a word is "menurut" with somebody behind it: what he holds may be no fact, what data say is."""
    core = words[place].core
    if core == "menurutnya":
        return True
    is_followed = place + 1 < len(words)
    return core == "menurut" and is_followed and _is_person(words[place + 1])


def _is_person(word: WordForm) -> bool:
    """Tell whether a word is a pronoun, a name, or an office."""
    return word.is_name or word.belongs_to("pronouns", "selves", "titles")


def _is_in_clause_that_goes(words: Sequence[WordForm], kept: Sequence[bool], place: int) -> bool:
    """Tell whether a word goes along with the clause that it is in: one that "yang" or the like opens."""
    start = place
    while start > 0 and not kept[start - 1]:
        start -= 1
    return any_belongs_to(words[start:place], "relative", "subordinating", "coordinating")


def find_lost_antecedent(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the place of the last name in front of "pihaknya" and the like that stays, when all names there go.

    Args:
        words: of the sentence.
        kept: for each of them, whether it stays.
    """
    last_name: int | None = None
    a_name_stays = False
    for place, word in enumerate(words):
        refers_back = word.belongs_to("selves") and kept[place]
        if refers_back and last_name is not None and not a_name_stays:
            yield last_name
        if word.is_name:
            last_name = place
            a_name_stays = a_name_stays or kept[place]
