"""What Ringkas gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from textwrap import shorten
from typing import Any

from summarizer.article import Article
from summarizer.checks import Support
from summarizer.extraction.genres import describe_genre
from summarizer.models.base import Length
from summarizer.output.forms import render
from summarizer.text.words import WORD, fold
from summarizer.writing.abstract import Abstract
from summarizer.writing.confidence import Confidence
from summarizer.writing.repair import Repair
from summarizer.writing.selection import Unread
from summarizer.writing.translation import ArticleTranslations, TranslatedSentence, Translation

# Characters of a text that stand for a headline where it has none.
_TITLE = 80


@dataclass(frozen=True)
class ResultSentence:
    """A sentence of an abstract, and what the reader should know about it.

    Attributes:
        support: the sentence, and the sentences of the article that it rests on.
        translation: its translation; None if it was not asked for.
        confidence: how far to trust the translation; None if there is none.
        copied: whether the article has the sentence word for word, punctuation and case aside.
    """

    support: Support
    translation: str | None
    confidence: Confidence | None
    copied: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the sentence as plain values."""
        confidence = self.confidence or Confidence(None, (), doubtful=False)
        places = zip(self.support.positions, self.support.sources, strict=True)
        return {
            "abstract": self.support.sentence,
            "translation": self.translation,
            "confidence": confidence.value,
            "doubtful": confidence.doubtful,
            "reasons": list(confidence.reasons),
            "sources": [{"position": list(position), "text": text} for position, text in places],
            "copied": self.copied,
        }


def pair_sentences(
    article: Article, supports: Sequence[Support], translation: Translation | None
) -> tuple[ResultSentence, ...]:
    """Put the sentences of an abstract and of its translation (None if it was not asked for) side by side.

    Returns:
        The sentences; none if the translation has others than the abstract.
    """
    if translation and [one.source for one in translation.sentences] != [one.sentence for one in supports]:
        return ()
    text = f" {_key(' '.join(article.paragraphs))} "
    english = translation.sentences if translation else [None] * len(supports)
    return tuple(
        ResultSentence(
            support,
            one.text if one else None,
            one.confidence if one else None,
            copied=f" {_key(support.sentence)} " in text,
        )
        for support, one in zip(supports, english, strict=True)
    )


def _key(text: str) -> str:
    """Return the words of a text without case, accents and punctuation, which don't make a sentence another one."""
    return " ".join(map(fold, WORD.findall(text)))


@dataclass(frozen=True)
class TranslatedText:
    """A text and its translation, without an abstract.

    Attributes:
        article: the text: where it came from, and the paragraphs that were translated; of a page, its headline is the
            first of them.
        translation: of these paragraphs.
        model: name of the model that translated.
    """

    article: Article
    translation: Translation
    model: str

    def to_record(self) -> dict[str, Any]:
        """Return text and translation as plain values, in the way of `Result.to_record`.

        ``abstract`` is None, ``sentences`` are those of the translation, and ``title`` is the headline or, of a text
        without one, how it begins.
        """
        translated, article = self.translation.to_dict(), self.article.to_dict()
        title = self.article.title or shorten(self.article.text, _TITLE, placeholder="…")
        texts = {"title_translation": None, "abstract": None, "translation": "\n".join(translated.pop("paragraphs"))}
        warnings = [*dict.fromkeys((*self.article.warnings, *translated.pop("warnings")))]
        return article | {"title": title} | texts | translated | {"warnings": warnings, "model": self.model}


@dataclass(frozen=True)
class Result:
    """An article's abstract and its translation.

    Attributes:
        article: the cleaned article.
        abstract: in Indonesian.
        translation: the abstract in English; None if it was not asked for.
        title_translation: the headline in English; None if no translation was asked for, or the page has no headline.
        article_translation: the article's paragraphs in English; None if they were not asked for.
        warnings: what the reader should know, in plain words; empty when all is well.
        model: name of the model that wrote; ``A + B`` if B translated.
        support: the sentences of the article that each sentence of the abstract rests on.
        repairs: what was done to keep abstract and translation to what the article says; empty if nothing had to be.
        length: the length that was asked for; None if it was left to the model.
        unread: what of the article was left out, as the model can't read all of it; None if it read all.
        sentences: those of the abstract, with their translations, one by one.
        title_sentences: those of the headline's translation; their sources may have other capital letters than it.
        article_sentences: those of the article's translation.
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
    unread: Unread | None = None
    title_translation: str | None = None
    sentences: tuple[ResultSentence, ...] = ()
    title_sentences: tuple[TranslatedSentence, ...] = ()
    article_sentences: tuple[TranslatedSentence, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values: the fields that ``docs/results.md`` and ``result-1.schema.json`` name."""
        origin = self.article.origin()
        fields = {"source": origin["source"], "title": origin["title"], "title_translation": self.title_translation}
        fields |= origin | {"abstract": self.abstract, "translation": self.translation}
        if self.article_translation is not None:
            fields["article_translation"] = list(self.article_translation)
        fields["support"] = [
            {
                "sentence": item.sentence,
                "positions": [list(position) for position in item.positions],
                "sources": list(item.sources),
                "share": item.share,
            }
            for item in self.support
        ]
        for name in ("sentences", "title_sentences", "article_sentences"):
            if sentences := getattr(self, name):
                fields[name] = [sentence.to_dict() for sentence in sentences]
        fields["repairs"] = [repair.to_dict() for repair in self.repairs]
        fields |= {"warnings": list(self.warnings), "model": self.model}
        if self.unread:
            fields["unread"] = self.unread.to_dict()
        return fields | ({"length": self.length} if self.length else {})

    def to_record(self) -> dict[str, Any]:
        """Return the result as `to_dict` does, with the cleaned article as `Article.to_dict` does."""
        # The result's warnings hold the article's.
        return self.to_dict() | self.article.to_dict() | {"warnings": list(self.warnings)}

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
        """Return the result as HTML, for Jupyter."""
        from summarizer.output.html import render_card

        return render_card("result", self.to_record())


def compose_result(
    article: Article, abstract: Abstract, english: ArticleTranslations | None, model: str, length: Length | None
) -> Result:
    """Put together what was written of an article.

    Args:
        article: cleaned.
        abstract: of it.
        english: its translations; None if none were asked for.
        model: name of the model, or models.
        length: that was asked for.
    """
    kind = [f"this page is {describe_genre(article.kind)}"] if article.kind else []
    parts = english.parts if english else ()
    warnings = [*kind, *article.warnings, *abstract.warnings, *chain.from_iterable(part.warnings for part in parts)]
    body = english.body if english else None
    return Result(
        article=article,
        abstract=abstract.text,
        translation=english.abstract.text if english else None,
        title_translation=english.title.text if english and english.title else None,
        title_sentences=english.title.sentences if english and english.title else (),
        article_translation=body.paragraphs if body else None,
        article_sentences=body.sentences if body else (),
        warnings=tuple(dict.fromkeys(warnings)),
        model=model,
        length=length,
        support=abstract.support,
        sentences=pair_sentences(article, abstract.support, english.abstract if english else None),
        unread=abstract.unread,
        repairs=(*abstract.repairs, *chain.from_iterable(part.repairs for part in parts)),
    )
