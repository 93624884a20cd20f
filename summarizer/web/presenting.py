"""A result as programs and readers get it: each sentence with its last text and with what is doubtful about it now.

An entry, as `summarizer.web.editing` describes it, keeps apart what the model wrote of its sentences and what a review
says of the texts as they are. What leaves the server says the same at every place: `describe` puts the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from summarizer.output.doubts import SENTENCES, page_warnings, summarize_doubt
from summarizer.output.fields import without
from summarizer.text.words import holds_words
from summarizer.writing.review import OF_TRANSLATION

Entry = dict[str, Any]
_OF_MODEL = ("copied", "kept")


def describe(entry: Entry) -> Entry:
    """Return an entry as the API gives it.

    ``sentences`` has one for each of those in ``review``, in the same order, with the same doubts. A sentence whose
    doubts a reader has ticked is not ``doubtful``; its ``reasons`` stay, and it has ``checked``. Warnings about a
    single sentence are left out: they stand with the sentence, and a reader may have corrected it.
    """
    # Whether anything is doubtful, the entry says: a reader may have ticked it since the review.
    review = without(entry["review"], "doubtful")
    described = entry | {"warnings": page_warnings(entry), "review": review}
    for name in (SENTENCES["title"], SENTENCES["article"]):
        if entry.get(name):
            described[name] = list(map(_settle, entry[name]))
    is_text = entry["abstract"] is None
    origins = {} if is_text else _index_origins(entry)
    sentences = []
    for row in entry["review"]["sentences"]:
        origin = {} if is_text else _origin_of(row, origins)
        sentences.append(_settle(indonesian_of(row, is_text=is_text) | _doubts_of(row) | origin))
    return described | {"sentences": sentences}


def present(entry: Entry) -> Entry:
    """Return an entry as files show it: doubts that a reader has ticked are not told, nor that there were any."""
    shown = describe(entry)
    for name in SENTENCES.values():
        if shown.get(name):
            shown[name] = list(map(_forget_ticked, shown[name]))
    rows = entry["review"]["sentences"]
    is_aligned = None not in map(itemgetter("translation"), rows)
    if entry["translation"] is None or not is_aligned:
        # There is no English sentence that a doubt could stand at.
        for row in filter(is_open, rows):
            shown["warnings"].append(f"“{row['sentence']}”: {'; '.join(row['doubts'])}")
        if not is_ticked(entry["review"]):
            shown["warnings"] += entry["review"]["doubts"]
    return shown


def write_questions(entry: Entry) -> str:
    """Return what is doubtful in an entry, and open, as text to send to a colleague who reads Indonesian.

    The headline and the address come first, then a block for each doubtful sentence: both languages, and the reasons.
    """
    shown = describe(entry)
    head = filter(None, [shown["title"] or shown["source"], shown.get("url")])
    blocks = ["\n".join(head)]
    for name in SENTENCES.values():
        for sentence in shown.get(name) or ():
            if sentence["doubtful"]:
                lines = [source_of(sentence), sentence["translation"] or "", f"? {summarize_doubt(sentence)}"]
                blocks.append("\n".join(filter(None, lines)))
    review = shown["review"]
    if review["doubts"] and not is_ticked(review):
        blocks.append(f"? {'; '.join(review['doubts'])}")
    # The abstract and the article may have the same sentence, with the same doubt: it is asked once.
    return "\n\n".join(dict.fromkeys(blocks))


def is_ticked(row: Mapping[str, Any]) -> bool:
    """Tell whether a reader has checked what is doubtful in a sentence, or in a translation as a whole."""
    return bool(row.get("checked"))


def is_open(row: Mapping[str, Any]) -> bool:
    """Tell whether a sentence of a review has doubts that nobody has ticked."""
    return bool(row["doubts"]) and not is_ticked(row)


def indonesian_of(row: Mapping[str, Any], *, is_text: bool) -> dict[str, Any]:
    """Return the Indonesian of a row of a review as a result's sentence has it; ``is_text``: there is no abstract."""
    if not is_text:
        return {"abstract": row["sentence"]}
    [(paragraph, _)] = row["positions"]
    return {"paragraph": paragraph, "source": row["sentence"]}


def source_of(sentence: Mapping[str, Any]) -> str:
    """Return the Indonesian of a model's sentence: of a text, or of an abstract."""
    return str(sentence["source"] if "source" in sentence else sentence["abstract"])


def _doubts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sentence's English and how far to trust it, from its row of the review."""
    # In a result, reasons are about the translation unless they say something else.
    reasons = [doubt.removeprefix(OF_TRANSLATION) for doubt in row["doubts"]]
    values = {name: row[name] for name in ("translation", "confidence")}
    values |= {"doubtful": bool(reasons), "reasons": reasons}
    if row["alternative"]:
        values["alternative"] = row["alternative"]
    if is_ticked(row):
        values["checked"] = True
    return values


def _index_origins(entry: Entry) -> dict[str, Mapping[str, Any]]:
    """Return the sentences of an abstract as the model took or wrote them, by their Indonesian."""
    origins: dict[str, Mapping[str, Any]] = {}
    for sentence in entry.get("sentences") or ():
        if "copied" in sentence:
            origins.setdefault(source_of(sentence), sentence)
    return origins


def _origin_of(row: Mapping[str, Any], origins: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a sentence of the abstract rests on, and how much of that it has: null of what a reader wrote."""
    sources = []
    for position, text in zip(row["positions"], row["sources"], strict=True):
        sources.append({"position": list(position), "text": text})
    known = origins.get(row["sentence"])
    if known is not None:
        return {"sources": sources} | {name: known[name] for name in _OF_MODEL}
    copied = any(holds_words(text, row["sentence"]) for text in row["sources"])
    return {"sources": sources, "copied": copied, "kept": None}


def _settle(sentence: dict[str, Any]) -> dict[str, Any]:
    """Return a sentence that is not doubtful any more if a reader has ticked it; else one without ``checked``."""
    if is_ticked(sentence):
        return sentence | {"doubtful": False}
    return without(sentence, "checked")


def _forget_ticked(sentence: dict[str, Any]) -> dict[str, Any]:
    """Return a sentence without the doubt that a reader has ticked."""
    if is_ticked(sentence):
        return without(sentence, "checked", "alternative") | {"reasons": []}
    return sentence
