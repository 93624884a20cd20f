"""From whatever holds a page to its article, or to the text that is to be translated."""

from __future__ import annotations

import logging
import os
from dataclasses import replace

from summarizer.article import Article
from summarizer.batching import unforeseen
from summarizer.errors import InputError, ModelError, NotIndonesianError, RingkasError
from summarizer.extraction.acceptance import require_article, require_indonesian, tell_language
from summarizer.extraction.blocks import MAX_CHARACTERS, Page
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.decoding import SavedPage, read_raw, repair, shown_name
from summarizer.extraction.genres import classify_genre
from summarizer.extraction.html import is_html
from summarizer.extraction.plain_text import split_paragraphs
from summarizer.extraction.reading import read_decoded, read_file
from summarizer.text.headline import sentence_case

_log = logging.getLogger("summarizer")


Source = str | os.PathLike[str] | SavedPage | Page | Article
"""Path of a text or HTML file, ``-`` for standard input, a page in memory, a page that was read already, or an article,
which is taken as it is."""


def clean_source(source: Source, *, force: bool = False) -> Article:
    """Read a page and remove what is not the article, as `Summarizer.clean` does.

    Raises:
        InputError: it can't be read.
        NoArticleError: it holds no article.
        NotIndonesianError: it is in another language.
        TypeError: the source is of another type.
    """
    if isinstance(source, Article):
        article = source
        objection = ""
    else:
        page = source if isinstance(source, Page) else read_file(source)
        article = clean(page)
        objection = page.objection
    try:
        require_article(article, objection)
    except InputError as error:
        if not force or not article.text.strip():
            raise
        if isinstance(error, NotIndonesianError):
            article = replace(article, warnings=(*article.warnings, f"this page {tell_language(error.language)}"))
    _log.debug("%s: %d words kept, %d pieces removed", article.source, article.words, len(article.removed))
    return classify_genre(article)


def try_to_clean(source: Source, *, force: bool = False) -> Article | RingkasError:
    """Do what `clean_source` does, but return the error instead of raising it, unforeseen ones too."""
    try:
        return clean_source(source, force=force)
    except ModelError:
        # What tells languages apart can't be loaded: no source is to blame.
        raise
    except RingkasError as error:
        return error
    except Exception as error:
        return unforeseen(_name(source), "cleaned", error)


def lost_source(source: Source) -> RingkasError:
    """Return what is said of a source whose process died over it."""
    return RingkasError(f"{_name(source)} can't be cleaned: the process that read it died")


def read_translatable(source: str | os.PathLike[str] | SavedPage, *, lines: bool, force: bool) -> Article:
    """Return as paragraphs what of a page is to be translated: of HTML, headline and cleaned article; else all text.

    Raises:
        InputError: it can't be read, or there is no text.
        NoArticleError: it is HTML that holds no article.
        NotIndonesianError: it is in another language.
    """
    text = read_raw(source)
    name = shown_name(source)
    if not is_html(text):
        return Article(name, None, _split_decoded(text, lines=lines, force=force))
    article = clean_source(read_decoded(text, name), force=force)
    title = sentence_case(article.title or "", article.text)
    # The paragraphs are not the page's any more: a headline may stand in front of them.
    return replace(article, paragraphs=(*filter(None, [title]), *article.paragraphs), paragraph_numbers=())


def split_text(text: str, *, lines: bool, force: bool) -> tuple[str, ...]:
    """Split a text that is to be translated into paragraphs, those that a program has wrapped put together.

    With ``lines``, each line is a paragraph, a blank one too. With ``force``, it may be in another language.

    Raises:
        InputError: a line is longer than a paragraph can be, or the text is not Indonesian.
        TypeError: the text is none.
    """
    if not isinstance(text, str):
        raise TypeError(f"a text is str, not {type(text).__name__}: decode it, or read a file with translate_page")
    return _split_decoded(repair(text), lines=lines, force=force)


def _split_decoded(text: str, *, lines: bool, force: bool) -> tuple[str, ...]:
    """Do what `split_text` does to a text that `read_raw` has repaired."""
    for number, row in enumerate(text.split("\n"), 1):
        if len(row) > MAX_CHARACTERS:
            raise InputError(
                f"line {number} has {len(row)} characters, too many for a paragraph: break it into lines of at most "
                f"{MAX_CHARACTERS}"
            )
    if not force:
        require_indonesian(text, "the text")
    if not lines:
        return split_paragraphs(text)
    # Line by line, so that a separator inside a line can't make two of it.
    return tuple(" ".join(split_paragraphs(row)) for row in text.removesuffix("\n").split("\n"))


def _name(source: Source) -> str:
    if isinstance(source, Page | Article):
        return source.source
    if isinstance(source, SavedPage):
        return shown_name(source)
    # What is no source at all has no name.
    return shown_name(os.fsdecode(source)) if isinstance(source, str | bytes | os.PathLike) else repr(source)[:80]
