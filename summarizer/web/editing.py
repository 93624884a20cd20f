"""What readers do with a result: change a sentence, tick a doubt as checked, have it made anew.

An entry is a result as `Result.to_record` gives it with what the page needs. ``review`` is what `Summarizer.review`
says of the abstract and its translation, or of a text that was only translated. A doubt that a reader has ticked has
``checked`` in its sentence, and ``review`` itself has it where the doubts are about the translation as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, Literal

from summarizer.article import Article, Removed
from summarizer.output.doubts import SENTENCES, count_doubts, is_about_abstract, page_warnings
from summarizer.output.fields import without
from summarizer.summarizer import Summarizer
from summarizer.text.normalise import beginning, one_line, tidy_lines
from summarizer.web.presenting import Entry, describe, indonesian_of, is_open, is_ticked, source_of
from summarizer.web.problems import Refusal
from summarizer.web.requests import Changes, RenewRequest
from summarizer.writing.review import longest_text

Place = Literal["title", "abstract", "article", "whole"]
"""Where a doubt stands. The sentences of a text without an abstract are in ``abstract``; ``whole`` has no sentences."""

# Characters of a title that is the beginning of a text.
_LONGEST_TITLE = 80
_EDITABLE = ("abstract", "translation")
_SUPPORT = ("sentence", "positions", "sources", "share")
_OF_ARTICLE = ("article_translation", "article_sentences")
# What is known of a sentence that a reader wrote.
_BY_READER: Mapping[str, Any] = {"confidence": None, "doubtful": False, "reasons": []}


def now() -> str:
    """Return the time of day and date in ISO 8601, in UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def longest_edit(entry: Entry) -> int:
    """Return how many characters a reader's abstract or translation may have: as many as are checked."""
    return longest_text(sum(map(len, entry["paragraphs"])))


def english_title(entry: Entry) -> str | None:
    """Return what an entry is called in English: where there is no headline, by the beginning of its translation."""
    title: str | None = entry.get("title_translation")
    # The title of a text that was only translated is its beginning.
    has_headline = entry["title"] and entry["abstract"] is not None
    if title or has_headline or not entry["translation"]:
        return title
    first_line = entry["translation"].strip().partition("\n")[0]
    return beginning(first_line, _LONGEST_TITLE) or None


def article_of(entry: Entry) -> Article:
    """Return the cleaned article that a result was made of."""
    page = entry.get("page") or {}
    removed = [
        Removed(piece["text"], piece["rule"], piece["line"], leading=piece.get("leading", False))
        for piece in entry["removed"]
    ]
    return Article(
        source=entry["source"],
        title=entry["title"],
        paragraphs=tuple(entry["paragraphs"]),
        site=entry.get("site"),
        url=entry.get("url"),
        author=entry.get("author"),
        date=entry.get("date"),
        removed=tuple(removed),
        paragraph_numbers=tuple(entry["lines"]),
        warnings=tuple(page.get("warnings", ())),
        genre=entry.get("kind"),
        stories=tuple(page.get("stories", ())),
    )


def record_of(result: Any, article: Article) -> Entry:
    """Return a result as plain values, with what `article_of` needs besides."""
    record: Entry = result.to_record()
    return record | {"page": {"warnings": list(article.warnings), "stories": list(article.stories)}}


def review(ringkas: Summarizer, entry: Entry) -> Entry:
    """Check the abstract and its translation, and keep the ticks of doubts that are still the same."""
    found = ringkas.review(entry["paragraphs"], entry["abstract"], entry["translation"], entry.get("sentences") or ())
    before = entry.get("review") or {"sentences": [], "doubts": []}
    ticked = set(map(_doubt_of, filter(is_ticked, before["sentences"])))
    for sentence in found["sentences"]:
        if _doubt_of(sentence) in ticked:
            sentence["checked"] = True
    if before.get("checked") and before["doubts"] == found["doubts"]:
        found["checked"] = True
    # What was only translated rests on nothing but itself.
    support = []
    if entry["abstract"] is not None:
        support = list(map(_support_of, found["sentences"]))
    return count(entry | {"support": support, "review": found})


def _support_of(sentence: Mapping[str, Any]) -> dict[str, Any]:
    return {name: sentence[name] for name in _SUPPORT}


def warm_up(ringkas: Summarizer) -> None:
    """Check a text of a few words, so that what the checks know is loaded before a reader waits for it."""
    ringkas.review(["Harga cabai naik."], "Harga cabai naik.", "Chilli prices rose.")


def _doubt_of(sentence: Mapping[str, Any]) -> tuple[Any, ...]:
    return sentence["sentence"], sentence["translation"], tuple(sentence["doubts"])


def count(entry: Entry) -> Entry:
    """Return an entry with ``doubts``, the number of those that are open, and ``doubtful``, whether there are any.

    A sentence counts once, and so does a translation as a whole: each has one tick.
    """
    found = entry["review"]
    doubts = sum(map(is_open, found["sentences"]))
    doubts += is_open(found)
    # Those in the headline and in the article; the abstract's are counted.
    doubts += count_doubts(describe(entry) | {"translation": None})
    return entry | {"doubts": doubts, "doubtful": doubts > 0}


def edit(ringkas: Summarizer, entry: Entry, changes: Changes) -> Entry:
    """Return an entry with what a reader changes of it; new texts are checked.

    Raises:
        Refusal: it has no such text or sentence, or the new one is empty or too long.
    """
    given = changes.model_dump(exclude_unset=True)
    texts: dict[str, str] = {name: given[name] for name in _EDITABLE if name in given}
    changed = change_texts(ringkas, entry, texts)
    if "reviewed" in given:
        changed = changed | {"reviewed": changes.reviewed}
    if changes.sentence is not None:
        place = changes.sentence.part
        number = changes.sentence.number
        if changes.sentence.translation is not None:
            changed = change_sentence(ringkas, changed, place, number, changes.sentence.translation)
        if changes.sentence.checked is not None:
            changed = tick(changed, place, number, changes.sentence.checked)
    return changed


def change_texts(ringkas: Summarizer, entry: Entry, texts: Mapping[str, str]) -> Entry:
    """Put a reader's abstract or translation in the place of the model's, and check it.

    Raises:
        Refusal: the result has no such text, or the new one is empty or too long.
    """
    changed = dict(entry)
    for name, text in texts.items():
        if entry[name] is None:
            raise Refusal(422, f"the result has no {name} that could be changed")
        _require_length(entry, name, text)
        # Line breaks mean something only where the text has several lines: of a digest, or of a whole text.
        changed[name] = tidy_lines(text, one="\n" not in entry[name])
        _require_text(name, changed[name])
    if changed == entry:
        return entry
    return review(ringkas, _note_edit(entry, changed))


def _note_edit(before: Entry, changed: Entry) -> Entry:
    """Return a changed entry with the time, and without the warnings that held for the text before.

    What is said of single sentences, a review says anew. What is said of the model's abstract holds as long as nobody
    has changed it.
    """
    warnings = page_warnings(before)
    if changed["abstract"] != before["abstract"]:
        warnings = [warning for warning in warnings if not is_about_abstract(warning)]
    return changed | {"edited": now(), "warnings": warnings}


def _require_text(name: str, text: str) -> None:
    if not text:
        raise Refusal(422, f"the {name} is empty", "write what it should say")


def _require_length(entry: Entry, name: str, text: str) -> None:
    limit = longest_edit(entry)
    if len(text) > limit:
        message = f"the {name} has {len(text):,} characters: for this article it may have at most {limit:,}"
        raise Refusal(413, message, "shorten it")


def tick(entry: Entry, place: Place, number: int, checked: bool) -> Entry:
    """Note whether a reader has checked what is doubtful in a sentence, or in a translation as a whole.

    Raises:
        Refusal: there is no such sentence.
    """
    if place == "whole":
        return count(entry | {"review": entry["review"] | {"checked": checked}})
    sentence = _sentence(entry, place, number)
    return count(_replace(entry, place, number, {**sentence, "checked": checked}))


def change_sentence(ringkas: Summarizer, entry: Entry, place: Place, number: int, text: str) -> Entry:
    """Put a reader's English in the place of one sentence's, and check it.

    Raises:
        Refusal: there is no such sentence, it can't be told apart in the text, or the new one is empty or too long.
    """
    sentence = _sentence(entry, place, number)
    before = sentence["translation"]
    after = one_line(text)
    if before is None:
        raise Refusal(422, "the sentences of this translation can't be told apart", "edit the whole text")
    _require_text("sentence", after)
    _require_length(entry, "sentence", after)
    if after == before:
        return entry
    changed = _note_edit(entry, entry)
    if place == "abstract":
        pieces = list(map(itemgetter("translation"), entry["review"]["sentences"]))
        changed["translation"] = _put_in(entry["translation"], pieces, number, after)
        changed["sentences"] = _sentences_with(entry, number, after)
        return review(ringkas, changed)
    found = ringkas.review([sentence["source"]], None, after)
    doubts = []
    for row in found["sentences"]:
        doubts += row["doubts"]
    doubts += found["doubts"]
    new = without(sentence, "checked", "alternative")
    new |= {**_BY_READER, "translation": after, "doubtful": bool(doubts), "reasons": doubts}
    sentences = entry[SENTENCES["title" if place == "title" else "article"]]
    if place == "title":
        pieces = list(map(itemgetter("translation"), sentences))
        changed["title_translation"] = _put_in(entry["title_translation"], pieces, number, after)
    else:
        paragraph = sentence["paragraph"]
        # Sentences are in order: those of the paragraph in front of this one, and those behind it.
        before_it = [other["translation"] for other in sentences[:number] if other["paragraph"] == paragraph]
        paragraphs = list(entry["article_translation"])
        paragraphs[paragraph] = _put_in(paragraphs[paragraph], [*before_it, before], len(before_it), after)
        changed["article_translation"] = paragraphs
    return count(_replace(changed, place, number, new))


def _sentence(entry: Entry, place: Place, number: int) -> dict[str, Any]:
    if place == "whole":
        raise Refusal(422, "'whole' has no sentence that could be corrected: it can only be ticked")
    # Those of the abstract are in the review.
    of_place = entry["review"] if place == "abstract" else entry
    sentences: Sequence[dict[str, Any]] = of_place.get(SENTENCES[place]) or ()
    if not 0 <= number < len(sentences):
        raise Refusal(422, f"there is no sentence {number} in the {place}")
    return sentences[number]


def _replace(entry: Entry, place: Place, number: int, sentence: dict[str, Any]) -> Entry:
    if place == "abstract":
        sentences = list(entry["review"]["sentences"])
        sentences[number] = sentence
        return entry | {"review": entry["review"] | {"sentences": sentences}}
    name = SENTENCES["title" if place == "title" else "article"]
    sentences = list(entry[name])
    sentences[number] = sentence
    return entry | {name: sentences}


def _put_in(text: str, pieces: Sequence[str], number: int, new: str) -> str:
    """Return a text with one of the pieces, which follow each other in it, replaced."""
    start = 0
    try:
        for piece in pieces[:number]:
            start = text.index(piece, start) + len(piece)
        start = text.index(pieces[number], start)
    except ValueError:
        raise Refusal(422, "the sentences of this translation can't be told apart", "edit the whole text") from None
    return text[:start] + new + text[start + len(pieces[number]) :]


def _sentences_with(entry: Entry, number: int, text: str) -> list[Mapping[str, Any]]:
    """Return the sentences that a review is told of, with a reader's English in the place of one.

    There is one for each row of the last review, so that the new text is split as that was: a sentence stays one, even
    if a reader makes two of its translation.
    """
    known: dict[tuple[str, str | None], Mapping[str, Any]] = {}
    for sentence in entry.get("sentences") or ():
        known.setdefault((source_of(sentence), sentence["translation"]), sentence)
    is_text = entry["abstract"] is None
    sentences: list[Mapping[str, Any]] = []
    for place, row in enumerate(entry["review"]["sentences"]):
        sentence = known.get((row["sentence"], row["translation"]), _BY_READER)
        # The same sentence may stand in several paragraphs.
        sentence = {**sentence, **indonesian_of(row, is_text=is_text), "translation": row["translation"]}
        if place == number:
            sentence = {**without(sentence, "alternative"), **_BY_READER, "translation": text}
        sentences.append(sentence)
    return sentences


def is_of_reader(entry: Entry) -> bool:
    """Tell whether a reader has worked on a result, so that it must not be replaced unasked."""
    rows = [*entry["review"]["sentences"]]
    for name in SENTENCES.values():
        rows += entry.get(name) or ()
    return bool(entry["edited"] or entry["reviewed"] or any(map(is_ticked, rows)))


def require_version(entry: Entry, version: int | None) -> None:
    """Make sure that a change is made of an entry as it is now; None: whatever it is.

    Raises:
        Refusal: it has been changed since that version of it.
    """
    if version is not None and version != entry["version"]:
        message = f"the result has changed since version {version}: it is version {entry['version']} now"
        if version > entry["version"]:
            message = f"the result has no such version yet: it is version {entry['version']} now"
        raise Refusal(409, message, "get it again, and look at it before you change it")


def require_renewable(entry: Entry, wanted: RenewRequest) -> None:
    """Make sure that what is wanted anew would be kept: see `renew`.

    Raises:
        Refusal: a reader has worked on the result, and it isn't said that this may be replaced.
    """
    is_addition = entry["abstract"] is not None and wanted.translate == "article"
    if wanted.length is not None or wanted.translator is not None:
        is_addition = False
    if is_of_reader(entry) and not wanted.replace and not is_addition:
        message = "a reader has edited, ticked or reviewed this result"
        advice = 'send "replace": true to lose that; "translate": "article" alone only adds to the result'
        raise Refusal(409, message, advice)


def renew(entry: Entry, record: Entry, *, replace: bool) -> Entry:
    """Return an entry with what was made anew of its page.

    A reader's work stays unless it is to be replaced: then only a translation of the article is taken over that wasn't
    there before.
    """
    if replace or not is_of_reader(entry):
        return {"id": entry["id"], "created": now(), "edited": None, "reviewed": False} | record
    renewed = entry | {"created": now()}
    if not entry.get("article_translation"):
        renewed |= {name: record[name] for name in _OF_ARTICLE if name in record}
    return count(renewed)
