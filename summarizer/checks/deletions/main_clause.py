"""The main clause of a sentence, and its verb: one must stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.checks.deletions.word_forms import WordForm, find_verbs_not_behind, have_predicate

# What opens a clause or phrase in front of the main clause is one of so many words.
_FRONT_WORDS = 2


def find_lost_main_clause(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the place behind "Meski hujan turun," or "Sementara di Laras," when all that follows it goes.

    Args:
        words: of the sentence.
        kept: for each of them, whether it stays.
    """
    opener = _find_front_opener(words)
    comma = _find_comma(words)
    if opener is None or comma is None or opener > comma:
        return
    stays_in_front = any(kept[:_FRONT_WORDS])
    stays_behind = any(kept[comma + 1 :])
    # Behind a verb, "di" or "karena" opens nothing in front of the main clause: it is in it.
    follows_verb = have_predicate(words[:opener])
    if stays_in_front and not stays_behind and not follows_verb:
        yield comma + 1


def _find_front_opener(words: Sequence[WordForm]) -> int | None:
    """Return the place of the word that opens a clause or phrase in front of the main clause."""
    for place, word in enumerate(words[:_FRONT_WORDS]):
        if word.opens_part:
            return place
    return None


def _find_comma(words: Sequence[WordForm]) -> int | None:
    """Return the place of the first word with a comma behind it, but for the last word of the sentence."""
    for place, word in enumerate(words[:-1]):
        if word.ends_with_comma:
            return place
    return None


def find_lost_predicate(words: Sequence[WordForm], kept: Sequence[bool]) -> Iterator[int]:
    """Yield the place of the first verb of a sentence that goes, when what is left has none but behind "yang".

    Args:
        words: of the sentence.
        kept: for each of them, whether it stays.
    """
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
    follows_preposition = False
    in_clause = False
    for place, word in enumerate(words):
        if not kept[place]:
            continue
        if word.belongs_to("relative", "subordinating"):
            in_clause = True
        is_verb = word.is_predicate or word.belongs_to("plain_verbs", "speech")
        if is_verb and not in_clause and not follows_preposition:
            verbs.append(place)
        if word.pauses:
            # What "yang" opens is taken to last up to the next comma.
            in_clause = False
        follows_preposition = word.belongs_to("prepositions")
    return verbs


def _find_late_verbs(words: Sequence[WordForm]) -> list[int]:
    """Return the places of the verbs behind the first one of a clause with "yang" that no comma closes.

    One of them may be that of the sentence: "Warga yang tinggal di Laras {menolak rencana itu}".
    """
    return find_verbs_not_behind(words, "relative", "subordinating", "prepositions", "auxiliaries", "negatives")
