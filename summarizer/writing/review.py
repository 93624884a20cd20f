"""Check an abstract and its translation sentence by sentence, whoever wrote them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.checks import (
    Sentences,
    Support,
    check_abstract_sentence,
    check_translation,
    find_support,
    measure_support,
)
from summarizer.lexicon.glossary import Glossary
from summarizer.models import Judge
from summarizer.result import Confidence, TranslatedSentence, Translation, plain
from summarizer.text.sentences import PlacedSentence, find_lines, split_paragraphs, split_sentences
from summarizer.writing.quality_estimation import assess, judge_texts

Written = Mapping[str, Any]
"""A sentence that a model wrote, as plain values.

They are ``translation``, ``confidence``, ``doubtful`` and ``reasons``; and its source, as ``abstract`` with the
``sources`` that it rests on, or as ``source`` with its ``paragraph``.
"""


def review(
    paragraphs: Sequence[str],
    abstract: str | None,
    translation: str | None,
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
        rows = _pair_abstract(paragraphs, abstract.split("\n"), lines, written)
    article = Sentences.of(sentence.text for sentence in split_paragraphs(paragraphs))
    sentences: list[dict[str, Any]] = []
    for row in rows:
        doubts: list[str] = []
        if abstract is not None:
            doubts += _find_unsaid(row.source, article)
        if row.english is not None:
            mark = "" if abstract is None else "translation: "
            doubts += [f"{mark}{doubt}" for doubt in _find_doubts(row.source, row.english, glossary, row.written)]
        reviewed = {"sentence": row.source} | plain(row.support)
        reviewed |= {"translation": row.english} | _known_confidence(row) | {"doubts": doubts}
        sentences.append(reviewed)
    doubts_of_whole: list[str] = []
    is_paired = bool(rows) and all(row.english is not None for row in rows)
    if translation and not is_paired:
        doubts_of_whole = _find_doubts(abstract or "\n".join(paragraphs), translation, glossary, written)
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
    """
    rows = _pair_text(sources, lines, ())
    pairs = [(row.support.positions[0][0], row.source, row.english or "") for row in rows]
    # What stands beside a blank line has no sentence to be paired with.
    pairs += [(row, "", line) for row, line in enumerate(lines) if line and not sources[row]]
    pairs.sort(key=lambda pair: pair[0])
    texts = [(source, english) for _, source, english in pairs]
    judged = judge_texts(judge, texts) if judge else []
    sentences: list[TranslatedSentence] = []
    for place, (row, source, english) in enumerate(pairs):
        if source and english:
            faults = [str(fault) for fault in check_translation(source, english, glossary)]
            confidence = assess(source, english, judged[place : place + 1], faults, judged=True)
        else:
            reason = "it is not translated" if source else "the source has no such line"
            confidence = Confidence(None, (reason,), doubtful=True)
        sentences.append(TranslatedSentence(row, source, english, confidence))
    return Translation(tuple(lines), (), sentences=tuple(sentences))


@dataclass(frozen=True)
class _Row:
    """A sentence and what it rests on, its English where the two can be told apart, and what a model may have written.

    Of a text that was only translated, sentences rest on themselves.
    """

    source: str
    support: Support
    english: str | None
    written: Sequence[Written]


def _pair_abstract(
    paragraphs: Sequence[str], lines: Sequence[str], english_lines: Sequence[str], written: Sequence[Written]
) -> list[_Row]:
    article = Sentences.of(split_paragraphs(paragraphs))
    sources = _split_lines(lines, [_source(sentence) for sentence in written])
    english: list[str | None] = [*_split_lines(english_lines, [sentence["translation"] for sentence in written])]
    if len(english) != len(sources):
        english = [None] * len(sources)
    return [
        _Row(source, _find_support(source, article, written), sentence, written)
        for source, sentence in zip(sources, english, strict=True)
    ]


def _find_support(source: str, article: Sequence[PlacedSentence], written: Sequence[Written]) -> Support:
    """Return what a sentence of an abstract rests on: what was known when it was written, if it still is the same."""
    for sentence in written:
        if _source(sentence) == source and sentence.get("sources"):
            known = [PlacedSentence(tuple(place["position"]), place["text"]) for place in sentence["sources"]]
            return measure_support(source, known, article)
    return find_support(source, article)


def _pair_text(paragraphs: Sequence[str], lines: Sequence[str], written: Sequence[Written]) -> list[_Row]:
    rows: list[_Row] = []
    for number, paragraph in enumerate(paragraphs):
        known = [sentence for sentence in written if sentence["paragraph"] == number]
        sources = [_source(sentence) for sentence in known] or split_sentences(paragraph)
        english: list[str | None] = [None] * len(sources)
        if len(lines) == len(paragraphs):
            english = [*_split_lines([lines[number]], [sentence["translation"] for sentence in known])]
            if paragraph and len(english) != len(sources):
                sources = [paragraph]
                english = [lines[number]]
        for place, (source, sentence) in enumerate(zip(sources, english, strict=False)):
            rows.append(_Row(source, Support(((number, place),), (source,), 1.0), sentence, known))
    return rows


def _split_lines(lines: Sequence[str], written: Sequence[str | None]) -> list[str]:
    """Split lines into sentences; what was written as one stays together while it is there."""
    known = [sentence for sentence in written if sentence]
    if find_lines(lines, known) is not None:
        return known
    sentences: list[str] = []
    for line in lines:
        sentences += _split_line(line, known)
    return sentences


def _split_line(text: str, known: Sequence[str]) -> list[str]:
    sentences = split_sentences(text)
    for sentence in known:
        parts = split_sentences(sentence)
        if len(parts) < 2:
            continue
        for place in range(len(sentences) - len(parts) + 1):
            if sentences[place : place + len(parts)] == parts:
                sentences[place : place + len(parts)] = [sentence]
                break
    return sentences


def _source(sentence: Written) -> str:
    return str(sentence["source"] if "source" in sentence else sentence["abstract"])


def _known_confidence(row: _Row) -> dict[str, Any]:
    """Return what a model said of a sentence that is still as it wrote it, and whose translation is."""
    for sentence in row.written:
        if _source(sentence) == row.source and sentence["translation"] == row.english:
            return {name: sentence.get(name) for name in ("confidence", "alternative")}
    return {"confidence": None, "alternative": None}


def _find_unsaid(sentence: str, article: Sequence[str]) -> list[str]:
    """Return what a sentence of an abstract says and its article doesn't, in plain words."""
    doubts: list[str] = []
    for fault in check_abstract_sentence(sentence, article):
        if fault.kind == "sentences":
            doubts.append("hardly any of it stands in the article")
        else:
            doubts.append(f"abstract: {fault}")
    return doubts


def _find_doubts(source: str, translation: str, glossary: Glossary | None, written: Sequence[Written]) -> list[str]:
    """Return what the checks find, and what the model was not sure of in what is still as it wrote it."""
    doubts = [str(fault) for fault in check_translation(source, translation, glossary)]
    for sentence in written:
        text = sentence["translation"]
        if sentence["doubtful"] and text == translation:
            doubts += sentence["reasons"]
        elif sentence["doubtful"] and text and text in translation:
            doubts.append(f"“{text}”: {'; '.join(sentence['reasons'])}")
    return list(dict.fromkeys(doubts))
