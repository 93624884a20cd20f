"""What Ringkas gives back: abstracts, translations, and what a reader should know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import groupby
from textwrap import shorten
from typing import Any, Literal

from summarizer.article import Article
from summarizer.checks import Support
from summarizer.models.base import Length
from summarizer.output.formats import render

# Characters of a text that stand for a headline where it has none.
_TITLE = 80


def plain(value: Any) -> Any:
    """Return a value object as plain values: a dictionary of its fields, with lists for tuples."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return [plain(item) for item in value] if isinstance(value, tuple) else value


How = Literal["candidate", "replaced", "lead", "form"]


@dataclass(frozen=True)
class Repair:
    """What was done about an abstract, or the translation of a sentence, that said what its source doesn't.

    ``candidate``: another text that the search found was taken; ``replaced``: a sentence was replaced by the article's
    own; ``lead``: the whole abstract was, by the article's first sentences; ``form``: a number or a term was put into
    English form. Pieces say what was wrong with the model's first text, in plain words.
    """

    text: Literal["abstract", "translation"]
    how: How
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class Truncation:
    """What of an article the model didn't read, as it is too long: positions of its sentences, words, all sentences.

    A position is (paragraph, sentence in the paragraph), both from 0; of a first sentence that is too long by itself,
    some words were read.
    """

    positions: tuple[tuple[int, int], ...]
    words: int
    total: int

    def __str__(self) -> str:
        """Say it in plain words."""
        return (
            f"the article is longer than the model can read: {len(self.positions)} of its {self.total} sentences "
            f"({self.words} words) were left out"
        )


@dataclass(frozen=True)
class Abstract:
    """An abstract, in Indonesian, of a digest with a line for each story; and what the reader should know about it."""

    text: str
    warnings: tuple[str, ...]
    support: tuple[Support, ...] = ()
    repairs: tuple[Repair, ...] = ()
    truncation: Truncation | None = None


@dataclass(frozen=True)
class Confidence:
    """How far to trust a translated sentence.

    The value is the chance, from 0 to 1, that a strict reader finds no major fault of meaning; None if it isn't known.
    Reasons say what may be wrong, the worst first; there are none if the sentence isn't doubtful.
    The alternative is another translation of a doubtful sentence that the model found, with other content words.
    """

    value: float | None
    reasons: tuple[str, ...]
    doubtful: bool
    alternative: str | None = None


def _judged(translation: str | None, confidence: Confidence) -> dict[str, Any]:
    told = {
        "translation": translation,
        "confidence": confidence.value,
        "doubtful": confidence.doubtful,
        "reasons": list(confidence.reasons),
    }
    return told | ({"alternative": confidence.alternative} if confidence.alternative else {})


@dataclass(frozen=True)
class TranslatedSentence:
    """A sentence, the paragraph that it is of, from 0, its translation, and how far to trust that."""

    paragraph: int
    source: str
    text: str
    confidence: Confidence

    def to_dict(self) -> dict[str, Any]:
        """Return the sentence as plain values."""
        return {"paragraph": self.paragraph, "source": self.source} | _judged(self.text, self.confidence)


@dataclass(frozen=True)
class Translation:
    """A translation, one English paragraph for each Indonesian one, and what the reader should know about it."""

    paragraphs: tuple[str, ...]
    warnings: tuple[str, ...]
    repairs: tuple[Repair, ...] = ()
    sentences: tuple[TranslatedSentence, ...] = ()

    @property
    def text(self) -> str:
        """The paragraphs, one per line."""
        return "\n".join(self.paragraphs)

    def __str__(self) -> str:
        """Return the text."""
        return self.text

    def _repr_html_(self) -> str:
        from summarizer.output.html import render_card

        return render_card("translation", self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return the translation as plain values."""
        told: dict[str, Any] = plain(self)
        return told | {"sentences": [sentence.to_dict() for sentence in self.sentences]}

    def to_records(self) -> list[dict[str, Any]]:
        """Return the paragraphs as plain values, each as sure as its least certain sentence, if all are known."""
        rows = {row: list(own) for row, own in groupby(self.sentences, key=lambda sentence: sentence.paragraph)}
        records = []
        for row, text in enumerate(self.paragraphs):
            own = rows.get(row, [])
            values = [sentence.confidence.value for sentence in own]
            known = [value for value in values if value is not None]
            reasons = dict.fromkeys(reason for sentence in own for reason in sentence.confidence.reasons)
            records.append(
                {
                    "source": " ".join(sentence.source for sentence in own),
                    "translation": text,
                    "confidence": min(known) if known and len(known) == len(values) else None,
                    "reasons": list(reasons),
                }
            )
        return records


@dataclass(frozen=True)
class TranslatedText:
    """A translation, where its text came from with the paragraphs that were translated, and the model's name."""

    article: Article
    translation: Translation
    model: str

    def to_record(self) -> dict[str, Any]:
        """Return plain values in the way of `Result.to_record`; of a text without headline, it begins its ``title``."""
        translated, article = self.translation.to_dict(), self.article.to_dict()
        title = self.article.title or shorten(self.article.text, _TITLE, placeholder="…")
        texts = {"title_translation": None, "abstract": None, "translation": "\n".join(translated.pop("paragraphs"))}
        warnings = [*dict.fromkeys((*self.article.warnings, *translated.pop("warnings")))]
        return article | {"title": title} | texts | translated | {"warnings": warnings, "model": self.model}


@dataclass(frozen=True)
class ResultSentence:
    """A sentence of an abstract, its translation, and whether it is copied: the article has it word for word."""

    support: Support
    translation: str | None
    confidence: Confidence | None
    copied: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the sentence as plain values."""
        places = zip(self.support.positions, self.support.sources, strict=True)
        return {
            "abstract": self.support.sentence,
            **_judged(self.translation, self.confidence or Confidence(None, (), doubtful=False)),
            "sources": [{"position": list(position), "text": text} for position, text in places],
            "copied": self.copied,
        }


@dataclass(frozen=True)
class Result:
    """An article's abstract and its translation, and what a reader should know of them, as in ``docs/results.md``.

    What was not asked for, or isn't known, is None. Of two models, the name is ``A + B`` if B translated. Sources of
    `title_sentences` may have other capital letters than the headline.
    """

    article: Article
    abstract: str
    translation: str | None
    article_translation: tuple[str, ...] | None
    warnings: tuple[str, ...]
    model: str
    support: tuple[Support, ...] = ()
    repairs: tuple[Repair, ...] = ()
    length: Length | None = None
    unread: Truncation | None = None
    title_translation: str | None = None
    sentences: tuple[ResultSentence, ...] = ()
    title_sentences: tuple[TranslatedSentence, ...] = ()
    article_sentences: tuple[TranslatedSentence, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values: the fields that ``docs/results.md`` and ``result-1.schema.json`` name."""
        origin = self.article.origin()
        told: dict[str, Any] = {
            "source": origin.pop("source"),
            "title": origin.pop("title"),
            "title_translation": self.title_translation,
            **origin,
            "abstract": self.abstract,
            "translation": self.translation,
        }
        if self.article_translation is not None:
            told["article_translation"] = list(self.article_translation)
        told["support"] = plain(self.support)
        for name in ("sentences", "title_sentences", "article_sentences"):
            if sentences := getattr(self, name):
                told[name] = [sentence.to_dict() for sentence in sentences]
        told |= {"repairs": plain(self.repairs), "warnings": list(self.warnings), "model": self.model}
        rare: Mapping[str, Any] = {"unread": plain(self.unread), "length": self.length}
        return told | {name: value for name, value in rare.items() if value}

    def to_record(self) -> dict[str, Any]:
        """Return the result as `to_dict` does, with the cleaned article as `Article.to_dict` does."""
        # The result's warnings hold the article's.
        return self.to_dict() | self.article.to_dict() | {"warnings": list(self.warnings)}

    def __str__(self) -> str:
        """Return the headline, or where there is none, the name, and the beginning of the abstract."""
        return f"{self.article.title or self.article.source}: {shorten(self.abstract, _TITLE, placeholder='…')}"

    def to_json(self) -> str:
        """Return the result as one line of JSON."""
        return render(self.to_dict(), "json").removesuffix("\n")

    def to_text(self) -> str:
        """Return the result as plain text for a terminal."""
        return render(self.to_dict(), "text")

    def to_markdown(self) -> str:
        """Return the result as Markdown in which the article's own text is shown as it is."""
        return render(self.to_dict(), "md")

    def _repr_html_(self) -> str:
        from summarizer.output.html import render_card

        return render_card("result", self.to_record())
