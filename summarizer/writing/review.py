"""Check an abstract and its translation sentence by sentence, whoever wrote them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from summarizer.checks import Support, check_abstract_sentence, check_translation, find_support
from summarizer.models import Judge
from summarizer.result import Confidence, TranslatedSentence, Translation, plain
from summarizer.text.glossary import Glossary
from summarizer.text.sentences import split_sentences
from summarizer.writing.quality_estimation import assess, judge_texts

Written = Mapping[str, Any]
"""A sentence that a model wrote, as plain values.

They are ``translation``, ``confidence``, ``doubtful`` and ``reasons``; and its source, as ``abstract``, or
as ``source`` with its ``paragraph``.
"""


def review(
    paragraphs: Sequence[str],
    abstract: str | None,
    translation: str | None,
    glossary: Glossary | None = None,
    written: Sequence[Written] = (),
) -> dict[str, Any]:
    """Check an abstract against its article, and its translation against the abstract.

    Without an abstract, the translation, with a line for each paragraph, is checked against the paragraphs. The doubts
    of the model that wrote it hold for those sentences in ``written`` that are still there.

    Returns plain values: ``sentences``, ``doubts`` about the translation as a whole, where its sentences can't be told
    apart, and ``doubtful``, whether there is any doubt. Each sentence has ``sentence``, ``translation``,
    ``confidence``, ``alternative``, ``positions``, ``sources`` and ``share`` (as in `Result.to_dict`), and ``doubts``.
    A paragraph that has another number of sentences in English stands as one.
    """
    lines = (translation or "").split("\n")
    if abstract is None:
        rows = _pair_text(paragraphs, lines, written)
    else:
        rows = _pair_abstract(paragraphs, abstract.split("\n"), lines, written)
    article = [sentence for paragraph in paragraphs for sentence in split_sentences(paragraph)]
    sentences = []
    for support, english, own in rows:
        source = support.sentence
        doubts = [
            "hardly any of it stands in the article" if fault.kind == "sentences" else f"abstract: {fault}"
            for fault in (check_abstract_sentence(source, article) if abstract is not None else ())
        ]
        if english is not None:
            mark = "" if abstract is None else "translation: "
            doubts += [f"{mark}{doubt}" for doubt in _find_doubts(source, english, glossary, own)]
        same = next((one for one in own if (_source(one), one["translation"]) == (source, english)), {})
        known = {name: same.get(name) for name in ("confidence", "alternative")}
        sentences.append(plain(support) | {"translation": english, **known, "doubts": doubts})
    whole: list[str] = []
    if translation and not (rows and all(english is not None for _, english, _ in rows)):
        whole = _find_doubts(abstract or "\n".join(paragraphs), translation, glossary, written)
    doubtful = bool(whole) or any(sentence["doubts"] for sentence in sentences)
    return {"sentences": sentences, "doubts": whole, "doubtful": doubtful}


def review_lines(
    sources: Sequence[str], lines: Sequence[str], judge: Judge | None = None, glossary: Glossary | None = None
) -> Translation:
    """Mark a translation that anybody wrote, line by line; a line with other sentences than its source stands as one.

    Without a judge, there is no confidence.
    """
    pairs = [
        (support.positions[0][0], support.sentence, english or "")
        for support, english, _ in _pair_text(sources, lines, ())
    ]
    # What stands beside a blank line has no sentence to be paired with.
    pairs += [(row, "", line) for row, line in enumerate(lines) if line and not sources[row]]
    pairs.sort(key=lambda pair: pair[0])
    texts = [(source, english) for _, source, english in pairs]
    judged = judge_texts(judge, texts) if judge else []
    sentences = []
    for at, (row, source, english) in enumerate(pairs):
        if source and english:
            faults = list(map(str, check_translation(source, english, glossary)))
            confidence = assess(source, english, judged[at : at + 1], faults, judged=True)
        else:
            reason = "it is not translated" if source else "the source has no such line"
            confidence = Confidence(None, (reason,), doubtful=True)
        sentences.append(TranslatedSentence(row, source, english, confidence))
    return Translation(tuple(lines), (), sentences=tuple(sentences))


# A sentence and what it rests on, its English where the two can be told apart, and what the model may have written.
_Row: TypeAlias = tuple[Support, str | None, Sequence[Written]]


def _pair_abstract(
    paragraphs: Sequence[str], lines: Sequence[str], english_lines: Sequence[str], written: Sequence[Written]
) -> list[_Row]:
    # A line of a digest's abstract may be a heading, which has no mark at its end.
    supports = [support for line in lines for support in find_support(line, paragraphs)]
    english = [sentence for line in english_lines for sentence in _split_english(line, written)]
    if len(english) != len(supports):
        return [(support, None, written) for support in supports]
    return [(support, sentence, written) for support, sentence in zip(supports, english, strict=True)]


def _pair_text(paragraphs: Sequence[str], lines: Sequence[str], written: Sequence[Written]) -> list[_Row]:
    rows: list[_Row] = []
    for row, paragraph in enumerate(paragraphs):
        own = [one for one in written if one["paragraph"] == row]
        sources = [_source(one) for one in own] or split_sentences(paragraph)
        english: list[str | None] = [None] * len(sources)
        if len(lines) == len(paragraphs):
            english = [*_split_english(lines[row], own)]
            if paragraph and len(english) != len(sources):
                sources, english = [paragraph], [lines[row]]
        for column, (source, sentence) in enumerate(zip(sources, english, strict=False)):
            rows.append((Support(source, ((row, column),), (source,), 1.0), sentence, own))
    return rows


def _split_english(text: str, written: Sequence[Written]) -> list[str]:
    """Split a line of a translation into sentences; what the model wrote for one stays together while it is there."""
    sentences = split_sentences(text)
    for one in written:
        parts = split_sentences(one["translation"] or "")
        for at in range(len(sentences) - len(parts) + 1 if len(parts) > 1 else 0):
            if sentences[at : at + len(parts)] == parts:
                sentences[at : at + len(parts)] = [one["translation"]]
                break
    return sentences


def _source(one: Written) -> str:
    return str(one["source"] if "source" in one else one["abstract"])


def _find_doubts(source: str, translation: str, glossary: Glossary | None, written: Sequence[Written]) -> list[str]:
    """Return what the checks find, and what the model was not sure of in what is still as it wrote it."""
    found = [str(fault) for fault in check_translation(source, translation, glossary)]
    for one in written:
        if one["doubtful"] and one["translation"] == translation:
            found += one["reasons"]
        elif one["doubtful"] and one["translation"] and one["translation"] in translation:
            found.append(f"“{one['translation']}”: {'; '.join(one['reasons'])}")
    return list(dict.fromkeys(found))
