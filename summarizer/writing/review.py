"""Check an abstract and its translation sentence by sentence, whoever wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import NoneType
from typing import Any

from summarizer.checks import (
    MOST_PLACES,
    Sentences,
    Support,
    check_abstract_sentence,
    find_support,
    find_translation_faults,
    measure_support,
)
from summarizer.lexicon.glossary import Glossary
from summarizer.models import Judge
from summarizer.result import Confidence, TranslatedSentence, Translation, plain
from summarizer.text.sentences import PlacedSentence, find_lines, split_paragraphs, split_sentences
from summarizer.text.words import WORD
from summarizer.writing.quality_estimation import assess, judge_texts

OF_TRANSLATION = "translation: "
"""How a doubt begins that is about a sentence's translation, where it could be about the abstract too."""

_SHORTEST_LIMIT = 20_000

Written = Mapping[str, Any]
"""A sentence that a model wrote, as plain values.

They are ``translation``, ``confidence``, ``doubtful`` and ``reasons``; and its source, as ``abstract`` with the
``sources`` that it rests on, or as ``source`` with its ``paragraph``.
"""


# The types of what each sentence that a model wrote must have, and of what it may have besides.
_DEMANDED: Mapping[str, tuple[type, ...]] = {
    "translation": (str, NoneType),
    "doubtful": (bool,),
    "reasons": (list, tuple),
}
_OPTIONAL: Mapping[str, tuple[type, ...]] = {
    "confidence": (float, int, NoneType),
    "alternative": (str, NoneType),
    "sources": (list, tuple),
}


def require_written(sentences: object, *, of_abstract: bool) -> None:
    """Make sure that sentences are what `Written` describes.

    Args:
        sentences: what was passed for them.
        of_abstract: whether they are those of an abstract; else each must name its paragraph.

    Raises:
        TypeError: they are no list of dictionaries, or a value is of another type.
        ValueError: a sentence lacks a value.
    """
    if not isinstance(sentences, Sequence) or isinstance(sentences, str | bytes):
        raise TypeError(f"written is a list of dictionaries, not {type(sentences).__name__}")
    for number, sentence in enumerate(sentences):
        name = f"written[{number}]"
        if not isinstance(sentence, Mapping):
            raise TypeError(f"{name} is a dictionary, not {type(sentence).__name__}")
        demanded = {_source_key(sentence): (str,), **_DEMANDED}
        if not of_abstract:
            demanded["paragraph"] = (int,)
        for key in demanded:
            if key not in sentence:
                raise ValueError(f"{name} has no {key!r}: pass the sentences as to_dict() of a result has them")
        _require_types(name, sentence, {**demanded, **_OPTIONAL})
        for reason in sentence["reasons"]:
            _require_type(f"a reason of {name}", reason, (str,))
        for source in sentence.get("sources", ()):
            if not isinstance(source, Mapping) or not {"position", "text"} <= source.keys():
                raise ValueError(f"a source of {name} has no 'position' and 'text'")
            _require_types(f"a source of {name}", source, {"position": (list, tuple), "text": (str,)})


def _require_types(name: str, values: Mapping[str, Any], types: Mapping[str, tuple[type, ...]]) -> None:
    for key, allowed in types.items():
        if key in values:
            _require_type(f"{key!r} of {name}", values[key], allowed)


def _require_type(name: str, value: object, allowed: tuple[type, ...]) -> None:
    if not isinstance(value, allowed):
        names = ["None" if kind is NoneType else kind.__name__ for kind in allowed]
        raise TypeError(f"{name} is {' or '.join(names)}, not {type(value).__name__}")


def longest_text(source: int) -> int:
    """Return how many characters a text may have that is checked against a source of so many characters.

    It is three times as many, or 20,000 where that is less. No abstract or translation needs more, and checks take
    seconds with as much.
    """
    return max(_SHORTEST_LIMIT, 3 * source)


def review(
    paragraphs: Sequence[str],
    abstract: str | None,
    translation: str | None,
    *,
    glossary: Glossary | None = None,
    written: Sequence[Written] = (),
) -> dict[str, Any]:
    """Check an abstract against its article, and its translation against the abstract.

    Without an abstract, the translation, with a line for each paragraph, is checked against the paragraphs.

    Args:
        paragraphs: those of the article, or of the text that was only translated.
        abstract: None where there is none.
        translation: of the abstract, or of the paragraphs.
        glossary: terms whose English is demanded; None for the built-in ones.
        written: the sentences as a model wrote them. What it said of them holds for those that are still there: the
            sources of an abstract's, and its doubts about translations.

    Returns:
        plain values: ``sentences``, ``doubts`` about the translation as a whole, where its sentences can't be told
        apart, and ``doubtful``, whether there is any doubt. Each sentence has ``sentence``, ``translation``,
        ``confidence``, ``alternative``, ``positions``, ``sources`` and ``share`` (as in `Result.to_dict`), and
        ``doubts``. A paragraph that has another number of sentences in English stands as one.
    """
    lines = (translation or "").split("\n")
    if abstract is None:
        rows = _pair_text(paragraphs, lines, written)
    else:
        rows = _pair_abstract(paragraphs, abstract.split("\n"), lines, _WrittenSentences(written))
    article = Sentences.of(sentence.text for sentence in split_paragraphs(paragraphs))
    sentences: list[dict[str, Any]] = []
    for row in rows:
        doubts: list[str] = []
        if abstract is not None:
            doubts += _find_unsaid(row.source, article)
        if row.english is not None:
            # Where there is an abstract, doubts may be about either.
            mark = "" if abstract is None else OF_TRANSLATION
            for doubt in _find_doubts(row.source, row.english, glossary, row.written):
                doubts.append(f"{mark}{doubt}")
        sentences.append(
            {
                "sentence": row.source,
                **plain(row.support),
                "translation": row.english,
                **_known_confidence(row),
                "doubts": doubts,
            }
        )
    doubts_of_whole: list[str] = []
    is_paired = bool(rows) and all(row.english is not None for row in rows)
    if translation and not is_paired:
        source = abstract or "\n".join(paragraphs)
        doubts_of_whole = _find_doubts(source, translation, glossary, _WrittenSentences(written))
    doubtful = bool(doubts_of_whole) or any(sentence["doubts"] for sentence in sentences)
    return {"sentences": sentences, "doubts": doubts_of_whole, "doubtful": doubtful}


def review_lines(
    sources: Sequence[str], lines: Sequence[str], judge: Judge | None = None, glossary: Glossary | None = None
) -> Translation:
    """Mark a translation that anybody wrote, line by line.

    Args:
        sources: lines in Indonesian.
        lines: their translations, as many.
        judge: says how likely these are; without one, there is no confidence.
        glossary: terms whose English is demanded; None for the built-in ones.

    Returns:
        the lines with their sentences; a line that has another number of them than its source is taken as one.

    Raises:
        ModelError: the judge returns something else than finite scores of each token.
    """
    rows = _pair_text(sources, lines, ())
    # The line of each pair, from 0, its source and its translation, each of which may be "".
    pairs: list[tuple[int, str, str]] = []
    for row in rows:
        [(line_number, _)] = row.support.positions
        pairs.append((line_number, row.source, row.english or ""))
    # What stands beside a blank line has no sentence to be paired with.
    for line_number, line in enumerate(lines):
        if line and not sources[line_number]:
            pairs.append((line_number, "", line))
    pairs.sort(key=lambda pair: pair[0])
    texts = [(source, english) for _, source, english in pairs]
    judged = judge_texts(judge, texts) if judge else []
    sentences: list[TranslatedSentence] = []
    for place, (line_number, source, english) in enumerate(pairs):
        if source and english:
            faults = list(map(str, find_translation_faults(source, english, glossary)))
            confidence = assess(source, english, judged[place : place + 1], faults, judged=True)
        else:
            reason = "it is not translated" if source else "the source has no such line"
            confidence = Confidence(None, (reason,), doubtful=True)
        sentences.append(TranslatedSentence(line_number, source, english, confidence))
    return Translation(tuple(lines), (), sentences=tuple(sentences))


class _WrittenSentences:
    """The sentences that a model wrote, to look each of them up without going through all.

    Attributes:
        sources: their Indonesian.
        translations: their English.
    """

    def __init__(self, sentences: Iterable[Written]) -> None:
        self.sources: list[str] = []
        self.translations: list[str | None] = []
        self._by_texts: dict[tuple[str, str | None], Written] = {}
        self._places_by_source: dict[str, Sequence[Mapping[str, Any]]] = {}
        self._doubtful = _DoubtfulTexts()
        for sentence in sentences:
            source = _source(sentence)
            english = sentence["translation"]
            self.sources.append(source)
            self.translations.append(english)
            self._by_texts.setdefault((source, english), sentence)
            if sentence.get("sources"):
                self._places_by_source.setdefault(source, sentence["sources"])
            if sentence["doubtful"] and english:
                self._doubtful.add(english, sentence["reasons"])

    def find(self, source: str, english: str | None) -> Written | None:
        """Return the first sentence of which both texts are still as they were; None if there is none."""
        return self._by_texts.get((source, english))

    def find_places(self, source: str) -> list[PlacedSentence]:
        """Return the sentences of the article that a sentence of the abstract rests on; none where it isn't known."""
        places: list[PlacedSentence] = []
        for place in self._places_by_source.get(source, ()):
            places.append(PlacedSentence(tuple(place["position"]), place["text"]))
        return places

    def find_reasons(self, english: str) -> list[str]:
        """Return why a translation is doubtful, or why those are that stand in it as they were."""
        reasons = self._doubtful.reasons.get(english)
        if reasons is not None:
            return list(reasons)
        reasons_of_parts: list[str] = []
        for text in self._doubtful.find_within(english):
            reasons_of_parts.append(f"“{text}”: {'; '.join(self._doubtful.reasons[text])}")
        return reasons_of_parts


class _DoubtfulTexts:
    """Doubtful translations, to look up which of them stand in a longer text.

    Attributes:
        reasons: by each text, why it is doubtful; in the order in which the texts were added.
    """

    # Texts are looked up by so many of their first words.
    _KEY_WORDS = 3

    def __init__(self) -> None:
        self.reasons: dict[str, list[str]] = {}
        # The texts that begin with some words: each with its number, and the characters in front of its first word.
        self._by_first_words: dict[tuple[str, ...], list[tuple[int, str, int]]] = {}

    def add(self, text: str, reasons: Sequence[str]) -> None:
        """Add a text; one that is there already has these reasons too."""
        is_new = text not in self.reasons
        self.reasons.setdefault(text, []).extend(reasons)
        words = list(islice(WORD.finditer(text), self._KEY_WORDS))
        if is_new and words:
            first_words = tuple(word.group() for word in words)
            entry = (len(self.reasons), text, words[0].start())
            self._by_first_words.setdefault(first_words, []).append(entry)

    def find_within(self, text: str) -> list[str]:
        """Return the texts, in the order in which they were added, that stand in another one.

        At most `MOST_PLACES` texts that begin alike are looked for, at as many places each.
        """
        numbered: list[tuple[int, str]] = []
        for first_words, starts in self._find_first_words(text).items():
            for number, candidate, before in self._by_first_words[first_words][:MOST_PLACES]:
                beginnings = (start - before for start in starts[:MOST_PLACES] if start >= before)
                if any(text.startswith(candidate, beginning) for beginning in beginnings):
                    numbered.append((number, candidate))
        return [candidate for _, candidate in sorted(numbered)]

    def _find_first_words(self, text: str) -> dict[tuple[str, ...], list[int]]:
        """Return where in a text the first words of the texts here stand: the characters that they begin at."""
        words = list(WORD.finditer(text))
        places: dict[tuple[str, ...], list[int]] = {}
        for number, first in enumerate(words):
            first_words: tuple[str, ...] = ()
            for word in words[number : number + self._KEY_WORDS]:
                first_words += (word.group(),)
                if first_words in self._by_first_words:
                    places.setdefault(first_words, []).append(first.start())
        return places


@dataclass(frozen=True)
class _Row:
    """A sentence that is reviewed.

    Attributes:
        source: the sentence, in Indonesian.
        support: what it rests on. Of a text that was only translated, sentences rest on themselves.
        english: its translation; None where there is none, or it can't be told apart.
        written: the sentences that a model may have written in its place.
    """

    source: str
    support: Support
    english: str | None
    written: _WrittenSentences


def _pair_abstract(
    paragraphs: Sequence[str], lines: Sequence[str], english_lines: Sequence[str], written: _WrittenSentences
) -> list[_Row]:
    """Pair the sentences of an abstract with their translations, if there are as many."""
    article = Sentences.of(split_paragraphs(paragraphs))
    sources = _split_lines(lines, written.sources)
    translations = _split_lines(english_lines, written.translations)
    are_paired = len(translations) == len(sources)
    rows: list[_Row] = []
    for place, source in enumerate(sources):
        english = translations[place] if are_paired else None
        rows.append(_Row(source, _find_support(source, article, written), english, written))
    return rows


def _find_support(source: str, article: Sequence[PlacedSentence], written: _WrittenSentences) -> Support:
    """Return what a sentence of an abstract rests on: what was known when it was written, if it still is the same."""
    known = written.find_places(source)
    if known:
        return measure_support(source, known, article)
    return find_support(source, article)


def _pair_text(paragraphs: Sequence[str], lines: Sequence[str], written: Sequence[Written]) -> list[_Row]:
    """Pair the sentences of paragraphs with their translations; where they can't be, a paragraph stands as one."""
    written_by_paragraph: dict[int, list[Written]] = {}
    for written_sentence in written:
        written_by_paragraph.setdefault(written_sentence["paragraph"], []).append(written_sentence)
    rows: list[_Row] = []
    has_lines = len(lines) == len(paragraphs)
    for number, paragraph in enumerate(paragraphs):
        known = _WrittenSentences(written_by_paragraph.get(number, ()))
        sources = known.sources or split_sentences(paragraph)
        english: list[str | None] = [None] * len(sources)
        if has_lines:
            english = [*_split_lines([lines[number]], known.translations)]
            if paragraph and len(english) != len(sources):
                sources = [paragraph]
                english = [lines[number]]
        # Beside a blank paragraph, there may be a line without a source.
        for place, (source, sentence) in enumerate(zip(sources, english, strict=False)):
            support = Support(((number, place),), (source,), 1.0)
            rows.append(_Row(source, support, sentence, known))
    return rows


def _split_lines(lines: Sequence[str], written: Sequence[str | None]) -> list[str]:
    """Split lines into sentences; what was written as one stays together while it is there."""
    known = [sentence for sentence in written if sentence]
    if find_lines(lines, known) is not None:
        return known
    rejoined = _Rejoined(known)
    sentences: list[str] = []
    for line in lines:
        sentences += rejoined.split(line)
    return sentences


class _Rejoined:
    """Sentences that were written as one and would be split, to put their parts together where they stand in a text."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self._by_parts: dict[tuple[str, ...], str] = {}
        # How many parts they have, by the first one.
        self._counts: dict[str, set[int]] = {}
        for sentence in dict.fromkeys(sentences):
            parts = tuple(split_sentences(sentence))
            if len(parts) > 1:
                self._by_parts[parts] = sentence
                self._counts.setdefault(parts[0], set()).add(len(parts))

    def split(self, text: str) -> list[str]:
        """Split a text into sentences, those that were written as one in one piece; of two, the longer one."""
        pieces = split_sentences(text)
        sentences: list[str] = []
        place = 0
        while place < len(pieces):
            sentence = pieces[place]
            length = 1
            for count in sorted(self._counts.get(sentence, ()), reverse=True):
                parts = tuple(pieces[place : place + count])
                if parts in self._by_parts:
                    sentence = self._by_parts[parts]
                    length = count
                    break
            sentences.append(sentence)
            place += length
        return sentences


def _source_key(sentence: Written) -> str:
    """Return what the Indonesian of a sentence that a model wrote is called, be it of a text or of an abstract."""
    return "source" if "source" in sentence else "abstract"


def _source(sentence: Written) -> str:
    """Return the Indonesian of a sentence that a model wrote."""
    return str(sentence[_source_key(sentence)])


def _known_confidence(row: _Row) -> dict[str, Any]:
    """Return what a model said of a sentence that is still as it wrote it, and whose translation is."""
    sentence = row.written.find(row.source, row.english)
    if sentence is None:
        return {"confidence": None, "alternative": None}
    return {"confidence": sentence.get("confidence"), "alternative": sentence.get("alternative")}


def _find_unsaid(sentence: str, article: Sequence[str]) -> list[str]:
    """Return what a sentence of an abstract says and its article doesn't, in plain words."""
    doubts: list[str] = []
    for fault in check_abstract_sentence(sentence, article):
        if fault.kind == "sentences":
            doubts.append("hardly any of it stands in the article")
        else:
            doubts.append(f"abstract: {fault}")
    return doubts


def _find_doubts(source: str, translation: str, glossary: Glossary | None, written: _WrittenSentences) -> list[str]:
    """Return what the checks find, and what the model was not sure of in what is still as it wrote it."""
    doubts = list(map(str, find_translation_faults(source, translation, glossary)))
    doubts += written.find_reasons(translation)
    return list(dict.fromkeys(doubts))
