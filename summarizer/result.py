"""What Ringkas gives back: abstracts, translations, and what a reader should know of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import chain
from textwrap import shorten
from typing import Any, Literal

from summarizer.article import Article
from summarizer.checks import Support
from summarizer.models.base import Length
from summarizer.output.formats import render
from summarizer.text.normalise import beginning
from summarizer.text.sentences import PlacedSentence
from summarizer.text.words import count_words, holds_words

# Characters of a text that stand for a headline where it has none.
_TITLE = 80


def plain(value: Any) -> Any:
    """Return a value object as plain values: a dictionary of its fields, with lists for tuples."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return list(map(plain, value))
    return value


How = Literal["candidate", "lexicon", "replaced", "lead", "form"]


@dataclass(frozen=True)
class Repair:
    """What was done about an abstract, or the translation of a sentence, that said what its source doesn't.

    ``candidate``: another text that the search found was taken; ``lexicon``: the sentence was translated again with the
    English of the words that the pieces name; ``replaced``: a sentence was replaced by the article's
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
class AbstractSentence:
    """A sentence of an abstract and what of the article it rests on, from the choice of sentences to the output.

    Attributes:
        text: the sentence as the abstract has it, on one line.
        support: the sentences of the article that it rests on. One that was taken from the article rests on that one
            alone, whatever of it the text has.
        copied: whether the article has its words in a row; case, accents and punctuation aside.
        cut: whether it was taken from the article, and something between its words was deleted.
    """

    text: str
    support: Support
    copied: bool
    cut: bool = False

    @classmethod
    def from_article(cls, sentence: PlacedSentence) -> AbstractSentence:
        """Take a sentence of an article as it is."""
        support = Support((sentence.position,), (sentence.text,), 1.0)
        return cls(sentence.text, support, copied=True)

    def shortened(self, text: str) -> AbstractSentence:
        """Return the sentence with another text, which is what is left of its source after parts were deleted.

        Raises:
            ValueError: the sentence was not taken from the article.
        """
        was_taken = self.copied or self.cut
        if not was_taken or len(self.support.sources) != 1:
            raise ValueError(f"not a sentence of the article: {self.text!r}")
        [source] = self.support.sources
        # A dateline may be glued to the first word ("Suara.com-Hujan"), or two words to each other.
        is_within = _without_spaces(text) in _without_spaces(source)
        copied = is_within or holds_words(source, text)
        return replace(self, text=text, copied=copied, cut=not copied)

    @property
    def kept(self) -> float:
        """The part of the words of its sources that the text has, from 0 to 1, by number: 1.0 if nothing was deleted.

        It says nothing about a sentence that a model wrote.
        """
        words = sum(map(count_words, self.support.sources))
        if words == 0:
            return 1.0
        return min(1.0, count_words(self.text) / words)


def _without_spaces(text: str) -> str:
    return "".join(text.casefold().split())


@dataclass(frozen=True)
class Abstract:
    """An abstract, in Indonesian, and what the reader should know about it.

    Attributes:
        lines: its sentences, line by line. All are on one line, but for a digest, which has a line for each story.
        warnings: in plain words.
        repairs: what was done about a draft that said what the article doesn't.
        truncation: what of the article the model didn't read.
    """

    lines: tuple[tuple[AbstractSentence, ...], ...]
    warnings: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    truncation: Truncation | None = None

    @property
    def sentences(self) -> tuple[AbstractSentence, ...]:
        """The sentences of all lines."""
        return tuple(chain.from_iterable(self.lines))

    @property
    def text(self) -> str:
        """The sentences, those of a line with spaces between them."""
        return "\n".join(map(_join_texts, self.lines))


def _join_texts(line: Iterable[AbstractSentence]) -> str:
    return " ".join(sentence.text for sentence in line)


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
    """Return a sentence's translation and how far to trust it as plain values."""
    values = {
        "translation": translation,
        "confidence": confidence.value,
        "doubtful": confidence.doubtful,
        "reasons": list(confidence.reasons),
    }
    if confidence.alternative:
        values["alternative"] = confidence.alternative
    return values


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
        translation: dict[str, Any] = plain(self)
        translation["sentences"] = _to_dicts(self.sentences)
        return translation

    def to_records(self) -> list[dict[str, Any]]:
        """Return the paragraphs as plain values, each as sure as its least certain sentence, if all are known."""
        records = []
        for number, text in enumerate(self.paragraphs):
            sentences = [sentence for sentence in self.sentences if sentence.paragraph == number]
            sources: list[str] = []
            reasons: list[str] = []
            for sentence in sentences:
                sources.append(sentence.source)
                reasons += sentence.confidence.reasons
            records.append(
                {
                    "source": " ".join(sources),
                    "translation": text,
                    "confidence": _least_confidence(sentences),
                    "reasons": list(dict.fromkeys(reasons)),
                }
            )
        return records


def _least_confidence(sentences: Iterable[TranslatedSentence]) -> float | None:
    """Return the value of the least certain sentence; None if there are none, or that of one isn't known."""
    least: float | None = None
    for sentence in sentences:
        value = sentence.confidence.value
        if value is None:
            return None
        if least is None or value < least:
            least = value
    return least


def _to_dicts(sentences: Iterable[TranslatedSentence | ResultSentence]) -> list[dict[str, Any]]:
    return [sentence.to_dict() for sentence in sentences]


@dataclass(frozen=True)
class TranslatedText:
    """A translation, where its text came from with the paragraphs that were translated, and the model's name."""

    article: Article
    translation: Translation
    model: str

    def to_record(self) -> dict[str, Any]:
        """Return plain values in the way of `Result.to_record`; of a text without headline, it begins its ``title``."""
        record = self.article.to_dict()
        record["title"] = self.article.title or beginning(self.article.text, _TITLE)
        record |= {"title_translation": None, "abstract": None, "translation": self.translation.text}
        translation = self.translation.to_dict()
        record["repairs"] = translation["repairs"]
        record["sentences"] = translation["sentences"]
        record["warnings"] = list(dict.fromkeys([*self.article.warnings, *self.translation.warnings]))
        record["model"] = self.model
        return record


@dataclass(frozen=True)
class ResultSentence:
    """A sentence of an abstract, its translation, and how far to trust that; None where nothing was translated."""

    sentence: AbstractSentence
    translation: str | None
    confidence: Confidence | None

    def to_dict(self) -> dict[str, Any]:
        """Return the sentence as plain values."""
        sources: list[dict[str, Any]] = []
        for position, text in zip(self.sentence.support.positions, self.sentence.support.sources, strict=True):
            sources.append({"position": list(position), "text": text})
        # Of what a model wrote, nothing was kept.
        was_taken = self.sentence.copied or self.sentence.cut
        return {
            "abstract": self.sentence.text,
            **_judged(self.translation, self.confidence or Confidence(None, (), doubtful=False)),
            "sources": sources,
            "copied": self.sentence.copied,
            "kept": round(self.sentence.kept, 3) if was_taken else None,
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
        values: dict[str, Any] = {
            "source": origin.pop("source"),
            "title": origin.pop("title"),
            "title_translation": self.title_translation,
            **origin,
            "abstract": self.abstract,
            "translation": self.translation,
        }
        if self.article_translation is not None:
            values["article_translation"] = list(self.article_translation)
        values["support"] = []
        for translated in self.sentences:
            support = {"sentence": translated.sentence.text} | plain(translated.sentence.support)
            values["support"].append(support)
        if self.sentences:
            values["sentences"] = _to_dicts(self.sentences)
        if self.title_sentences:
            values["title_sentences"] = _to_dicts(self.title_sentences)
        if self.article_sentences:
            values["article_sentences"] = _to_dicts(self.article_sentences)
        values |= {"repairs": plain(self.repairs), "warnings": list(self.warnings), "model": self.model}
        if self.unread:
            values["unread"] = plain(self.unread)
        if self.length:
            values["length"] = self.length
        return values

    def to_record(self) -> dict[str, Any]:
        """Return the result as `to_dict` does, with the cleaned article as `Article.to_dict` does."""
        record = self.to_dict() | self.article.to_dict()
        # The result's warnings hold the article's.
        record["warnings"] = list(self.warnings)
        return record

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
