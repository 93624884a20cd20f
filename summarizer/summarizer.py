"""The public API: from a saved page to a checked result."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, get_args

from summarizer.article import Article
from summarizer.batching import WINDOW, Write, in_order, unforeseen, write_in_groups, write_in_windows
from summarizer.errors import InputError, ModelError, RingkasError
from summarizer.extraction.acceptance import require_article, require_indonesian
from summarizer.extraction.blocks import Page
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.decoding import decode, read_raw, shown_name
from summarizer.extraction.genres import classify_genre
from summarizer.extraction.html import is_html
from summarizer.extraction.plain_text import split_paragraphs
from summarizer.extraction.reading import read_file, read_text
from summarizer.extraction.workers import map_ordered
from summarizer.models import (
    ENGINES,
    LENGTHS,
    PREPARATION_STEPS,
    Length,
    Task,
    TextModel,
    check_model,
    default_model,
    fingerprint,
    load_model,
)
from summarizer.output.progress import Progress
from summarizer.result import Result, TranslatedText, compose_result
from summarizer.text.glossary import load_glossary
from summarizer.text.normalise import one_line
from summarizer.writing.abstract import write_abstracts
from summarizer.writing.review import Review, review, review_translation
from summarizer.writing.translation import Translation, headline_sentences, translate_articles, translate_texts

_log = logging.getLogger("summarizer")

Translate = Literal["abstract", "article", "none"]
TRANSLATE: tuple[Translate, ...] = get_args(Translate)


@dataclass(frozen=True)
class SavedPage:
    """A page in memory, as it was saved.

    Attributes:
        name: where it came from, for messages and `Article.source`; no file of that name is touched.
        content: text or HTML.
    """

    name: str
    content: str | bytes

    @property
    def text(self) -> str:
        """The content as text.

        Raises:
            InputError: it is empty, binary, or in an unknown encoding.
        """
        text = self.content if isinstance(self.content, str) else decode(self.content, self.name)
        if not text.strip():
            raise InputError(f"{self.name} is empty")
        return text


Source = str | os.PathLike[str] | SavedPage | Page | Article
"""Path of a saved page (text, HTML or a web archive), ``-`` for standard input, a page in memory, a page that was read
already, or an article, which is taken as it is."""

_LINES = 64
"""How many lines are translated at a time: enough to fill batches with sentences of like length."""

_PREPARING = "preparing the model, once"
# What part of the time of an article its abstract takes.
_ABSTRACT_SHARE: dict[Translate, float] = {"abstract": 0.6, "article": 0.1, "none": 1.0}


class Summarizer:
    """Cleans, summarises and translates Indonesian news articles.

    Models are loaded when they are first needed, and kept.

    Examples:
        >>> ringkas = Summarizer()
        >>> result = ringkas.summarize("artikel.html")
        >>> print(result.abstract)
        >>> print(result.translation)
    """

    def __init__(
        self,
        model: str | TextModel | None = None,
        *,
        summary_model: str | TextModel | None = None,
        translation_model: str | TextModel | None = None,
        engine: str = ENGINES[0],
        device: str = "cpu",
        threads: int | None = None,
        offline: bool = False,
        force: bool = False,
        progress: bool | None = None,
        glossary: str | os.PathLike[str] | None = None,
    ) -> None:
        """Say what to use; nothing is loaded yet.

        Args:
            model: a name that `summarizer.models.find_model` takes, or a model that is loaded already; None for what
                ``ringkas models default`` shows.
            summary_model: another model for the abstracts.
            translation_model: another model for the translations.
            engine: what runs encoder-decoders: ``transformers``, or ``ctranslate2`` with 8-bit weights.
            device: a device of torch, such as ``cpu`` or ``cuda``, for models of the hub; the
                embedded one runs on the processor.
            threads: how many threads may compute, at most one for each core; None leaves it to the engine.
            offline: never use the network.
            force: take pages that seem to hold no article, or another language than Indonesian.
            progress: show progress bars, in a notebook or on standard error if that is a terminal; None shows them
                only in a notebook.
            glossary: a TOML file of lines like ``"Mahkamah Konstitusi" = "Constitutional Court"``: translations must
                give these terms as it says; see `summarizer.text.glossary.load_glossary`.

        Raises:
            InputError: the glossary can't be used.
            ModelError: the default models are needed, and the file that names them is damaged.
            ValueError: there can't be so many threads.
        """
        if threads is not None and (isinstance(threads, bool) or not isinstance(threads, int) or threads < 1):
            raise ValueError(f"{threads!r} threads: it must be a whole number, 1 or more")
        self._glossary = load_glossary(glossary) if glossary is not None else None
        self._models: dict[Task, str | TextModel] = {
            Task.SUMMARIZE: summary_model or model or default_model(Task.SUMMARIZE),
            Task.TRANSLATE: translation_model or model or default_model(Task.TRANSLATE),
        }
        self._loaded: dict[str, TextModel] = {}
        self._engine = engine
        self._device, self._threads, self._offline = device, threads, offline
        self._force = force
        self._progress = progress

    @property
    def device(self) -> str:
        """The device of torch for models of the hub."""
        return self._device

    @property
    def threads(self) -> int | None:
        """How many threads may compute; None leaves it to the engine."""
        return self._threads

    def detached(self, *, threads: int | None = None) -> Summarizer:
        """Return one like this that has loaded nothing yet and shows no progress, for another process or machine.

        The models of its tasks and the terms of the glossary go along; it can be pickled unless a model was passed in
        that can't be.

        Args:
            threads: how many threads it may use; None for as many as this one.
        """
        other = copy(self)
        other._loaded, other._progress = {}, False
        other._threads = threads or self._threads
        return other

    def model_name(self, task: Task) -> str:
        """Return the name of the model for a task, without loading it."""
        chosen = self._models[task]
        return chosen if isinstance(chosen, str) else chosen.name

    def model(self, task: Task) -> TextModel:
        """Return the model for a task, loaded now if it wasn't before.

        Raises:
            ModelError: it is unknown, missing or damaged, not made for the task, or the device can't be used.
        """
        chosen = self._models[task]
        if not isinstance(chosen, str):
            return chosen
        if chosen not in self._loaded:
            check_model(chosen, task, offline=self._offline)
            # Not before, as another machine may have other cores.
            self._threads = _cap(self._threads)
            with _timed("loading %s", chosen), self._preparing() as step:
                self._loaded[chosen] = load_model(
                    chosen,
                    device=self._device,
                    threads=self._threads,
                    offline=self._offline,
                    engine=self._engine,
                    progress=step,
                )
        return self._loaded[chosen]

    def check(self, translate: Translate = "abstract", *, summarize: bool = True) -> None:
        """Check that the models which will be needed are known and available, without loading them.

        Args:
            translate: as for `summarize`.
            summarize: whether abstracts are wanted.

        Raises:
            ModelError: a model is unknown, not made for its task, or missing while the network must not be used.
        """
        for task, wanted in ((Task.SUMMARIZE, summarize), (Task.TRANSLATE, translate != "none")):
            chosen = self._models[task]
            if wanted and isinstance(chosen, str):
                check_model(chosen, task, offline=self._offline)

    def identity(self, translate: Translate = "abstract") -> str:
        """Return what results depend on besides text and settings: models, digests and formats, device, glossary.

        The models are prepared for it, but not loaded. A model that was passed in loaded goes by its name.

        Args:
            translate: as for `summarize`; with ``none``, the model for translations isn't needed.

        Raises:
            ModelError: the model is unknown, missing or damaged.
        """
        names = []
        needed = [model for task, model in self._models.items() if task is Task.SUMMARIZE or translate != "none"]
        for chosen in dict.fromkeys(needed):
            if isinstance(chosen, str):
                with self._preparing() as step:
                    names.append(fingerprint(chosen, step, offline=self._offline))
            else:
                names.append(chosen.name)
        engine = "" if self._engine == ENGINES[0] else f" by {self._engine}"
        terms = ""
        if self._glossary:
            terms = "".join(f", {term}: {self._glossary.terms[term]}" for term in sorted(self._glossary.own))
        return f"{' + '.join(names)} on {self._device}{engine}{terms}"

    @contextmanager
    def _preparing(self) -> Iterator[Callable[[str], None]]:
        with self._progress_of(PREPARATION_STEPS, _PREPARING) as progress:

            def step(name: str) -> None:
                progress.describe(f"{_PREPARING}: {name}")
                progress.advance(1)

            yield step

    def clean(self, source: Source, *, force: bool = False) -> Article:
        """Read a page and remove what is not the article; needs no model.

        Args:
            source: path of a text or HTML file, ``-`` for standard input, a page in memory, a page that was read
                already, or an article, which is taken as it is.
            force: take it even if it seems to hold no article, or to be in another language than Indonesian.

        Raises:
            InputError: the page can't be read, holds no article, or is not Indonesian (the latter two not with
                ``force``).
        """
        return clean_source(source, force=self._force or force)

    def load(self) -> None:
        """Load the models now, so that the first article needn't wait.

        Raises:
            ModelError: one can't be loaded.
        """
        for task in Task:
            self.model(task)

    def review(
        self,
        paragraphs: Sequence[str],
        abstract: str | None,
        translation: str | None,
        written: Sequence[Mapping[str, Any]] = (),
    ) -> Review:
        """Check an abstract and its translation, whoever wrote them; needs no model.

        Args:
            paragraphs: the cleaned article.
            abstract: in Indonesian; None where the paragraphs themselves were translated.
            translation: in English; None where there is none.
            written: the sentences that the model wrote, as `Result.to_dict` or `Translation.to_dict` gives them; what
                was not sure of them holds for those that a reader left as they were.
        """
        if abstract is None:
            return review_translation(paragraphs, translation or "", self._glossary, written)
        return review(paragraphs, abstract, translation, self._glossary, written)

    def summarize(
        self,
        source: Source,
        translate: Translate = "abstract",
        *,
        length: Length | None = None,
        force: bool = False,
        advance: Callable[[float], None] = lambda share: None,
    ) -> Result:
        """Write the abstract of an article and translate it.

        Args:
            source: as for `clean`.
            translate: ``abstract``; ``article`` for the abstract and the whole article; ``none``.
            length: how long the abstract should be: ``short``, ``medium`` or ``long``; None leaves it to the model.
            force: as for `clean`.
            advance: called with the share of the work that has just been done; all shares together are 1.

        Raises:
            InputError: as for `clean`.
            ModelError: the model can't be loaded.
            ValueError: ``length`` or ``translate`` is unknown.
        """
        _require_settings(translate, length)
        article = self.clean(source, force=force)
        with self._progress_of(1, "summarizing") as progress:

            def report(share: float) -> None:
                progress.advance(share)
                advance(share)

            [result] = self._write([article], translate, length, report)
        return result

    def summarize_many(
        self,
        sources: Iterable[Source],
        translate: Translate = "abstract",
        *,
        length: Length | None = None,
        processes: int = 0,
        window: int = WINDOW,
    ) -> Iterator[Result | RingkasError]:
        """Write and translate the abstracts of many articles, however many there are.

        The model writes a window of articles at a time, in batches of texts of like length; meanwhile, the articles
        of the next windows are read and cleaned. No more than three windows are in memory.

        Args:
            sources: as for `clean`, any number; taken as they are needed. Other processes have no standard input.
            translate: as for `summarize`.
            length: as for `summarize`.
            processes: how many processes read and clean; 0 does it in this one. A script that asks for some must
                keep its own work under ``if __name__ == "__main__":``, as Python's ``spawn`` demands.
            window: how many articles are written at a time.

        Returns:
            An iterator over, for each source in order, its result, or the error that says why there is none.

        Raises:
            ModelError: the model can't be loaded; raised by the iterator.
            ValueError: ``length`` or ``translate`` is unknown, or the window is too small.
        """
        _require_settings(translate, length)
        if window < 1:
            raise ValueError(f"a window of {window} articles: it must be 1 or more")
        articles = map_ordered(
            partial(try_to_clean, force=self._force),
            sources,
            processes=processes,
            ahead=2 * window,
            lost=_lost_source,
        )
        total = len(sources) if isinstance(sources, Sized) else None
        return self._write_windows(articles, window, total, translate, length)

    def _write_windows(
        self,
        articles: Iterator[Article | RingkasError],
        window: int,
        total: int | None,
        translate: Translate,
        length: Length | None,
    ) -> Iterator[Result | RingkasError]:
        with self._progress_of(total, "summarizing") as progress:
            yield from write_in_windows(articles, window, self._writer(translate, length), progress.advance)

    def write(
        self,
        articles: Sequence[Article | RingkasError],
        translate: Translate = "abstract",
        *,
        length: Length | None = None,
    ) -> list[Result | RingkasError]:
        """Do what `write_groups` does, and return a result or an error for each article, in order."""
        return in_order(self.write_groups(articles, translate, length=length))

    def write_groups(
        self,
        articles: Sequence[Article | RingkasError],
        translate: Translate = "abstract",
        advance: Callable[[float], None] = lambda count: None,
        *,
        length: Length | None = None,
    ) -> Iterator[list[tuple[int, Result | RingkasError]]]:
        """Write and translate the abstracts of cleaned articles, as `summarizer.batching.write_in_groups` does.

        Args:
            articles: what `clean` returns, or the errors that it raises.
            translate: as for `summarize`.
            advance: called with the number of articles that have just been finished; fractions are steps on the way.
            length: as for `summarize`.

        Raises:
            ModelError: the model can't be loaded; raised by the iterator.
            ValueError: ``length`` or ``translate`` is unknown.
        """
        _require_settings(translate, length)
        return write_in_groups(articles, self._writer(translate, length), advance)

    def _writer(self, translate: Translate, length: Length | None) -> Write:
        return lambda articles, advance: self._write(articles, translate, length, advance)

    def _write(
        self, articles: list[Article], translate: Translate, length: Length | None, advance: Callable[[float], None]
    ) -> list[Result]:
        model, share = self.model(Task.SUMMARIZE), _ABSTRACT_SHARE[translate]
        with _timed("writing abstracts of %s", ", ".join(article.source for article in articles)):
            abstracts = write_abstracts(articles, model, lambda count: advance(count * share), length=length)
        if translate == "none":
            return [
                compose_result(article, abstract, None, model.name, length)
                for article, abstract in zip(articles, abstracts, strict=True)
            ]
        translator, rest = self.model(Task.TRANSLATE), (1 - share) * len(articles)
        with _timed("translating with %s", translator.name):
            english = translate_articles(
                articles,
                abstracts,
                translator,
                lambda part: advance(part * rest),
                whole=translate == "article",
                glossary=self._glossary,
            )
        name = " + ".join(dict.fromkeys((model.name, translator.name)))
        return [
            compose_result(article, abstract, own, name, length)
            for article, abstract, own in zip(articles, abstracts, english, strict=True)
        ]

    def translate(self, text: str, *, lines: bool = False) -> Translation:
        """Translate Indonesian text into English.

        Args:
            text: any text, not only an article.
            lines: translate each line by itself and keep the number of lines, blank ones too; else a paragraph that
                a program has wrapped is put together first, and blank lines are dropped.

        Raises:
            NotIndonesianError: the text seems to be in another language (not with ``force``).
            ModelError: the model can't be loaded.
        """
        [translation] = self.translate_many([text], lines=lines)
        return translation

    def translate_page(
        self,
        source: str | os.PathLike[str] | SavedPage,
        *,
        lines: bool = False,
        force: bool = False,
        advance: Callable[[float], None] = lambda share: None,
    ) -> TranslatedText:
        """Translate a text file as `translate` does; of an HTML page, the headline and the cleaned article.

        Args:
            source: path of the file, ``-`` for standard input, or a page that is in memory.
            lines: as for `translate`, for plain text.
            force: take it even if it seems to be in another language than Indonesian.
            advance: as for `translate_parts`.

        Raises:
            InputError: as for `clean`.
            ModelError: the model can't be loaded.
        """
        page = source if isinstance(source, SavedPage) else SavedPage(shown_name(source), read_raw(source))
        text = page.text
        if is_html(text):
            article = self.clean(replace(page, content=text), force=force)
            text, lines = "\n".join((*headline_sentences(article), *article.paragraphs)), True
        else:
            article = Article(page.name, None, ())
        parts = self.translate_parts(text, lines=lines, force=force, advance=advance)
        translation = Translation.join(parts)
        # The paragraphs are not the page's any more: a headline may stand in front of them.
        article = replace(article, paragraphs=_paragraphs(text, lines=lines), lines=())
        return TranslatedText(article, translation, self.model_name(Task.TRANSLATE))

    def translate_parts(
        self,
        text: str,
        *,
        lines: bool = False,
        force: bool = False,
        advance: Callable[[float], None] = lambda share: None,
        at_a_time: int | None = None,
    ) -> Iterator[Translation]:
        """Translate a text as `translate` does, and yield it in parts as they are ready.

        Args:
            text: any text.
            lines: as for `translate`.
            force: take it even if it seems to be in another language than Indonesian.
            advance: called with the share of the text that has just been done; all shares together are 1.
            at_a_time: how many lines make a part: the more, the faster all of them are done; None for as many as fill
                batches.

        Raises:
            NotIndonesianError: the text seems to be in another language (not with ``force``).
            ModelError: the model can't be loaded.
        """
        if not (self._force or force):
            require_indonesian(text, "the text")
        paragraphs = _paragraphs(text, lines=lines)
        model = self.model(Task.TRANSLATE)
        with self._progress_of(len(paragraphs), "translating") as progress:
            size = at_a_time or _LINES
            for start in range(0, len(paragraphs), size):
                part = paragraphs[start : start + size]

                def report(done: float, share: float = len(part) / len(paragraphs)) -> None:
                    advance(done * share)

                [translation] = translate_texts([part], model, report, glossary=self._glossary)
                progress.advance(len(part))
                yield translation

    def translate_many(self, texts: Sequence[str], *, lines: bool = False) -> list[Translation]:
        """Translate texts as `translate` does each of them, the sentences of all in the same batches.

        Args:
            texts: any number.
            lines: as for `translate`.

        Returns:
            A translation for each text, in order.

        Raises:
            NotIndonesianError: one of the texts seems to be in another language (not with ``force``); none is
                translated then.
            ModelError: the model can't be loaded.
        """
        if not self._force:
            for number, text in enumerate(texts, 1):
                require_indonesian(text, "the text" if len(texts) == 1 else f"text {number}")
        paragraphs = [_paragraphs(text, lines=lines) for text in texts]
        model = self.model(Task.TRANSLATE)
        with self._progress_of(1, "translating") as progress:
            return translate_texts(paragraphs, model, progress.advance, glossary=self._glossary)

    def _progress_of(self, total: float | None, label: str) -> Progress:
        return Progress(total, label, shown=self._progress)


def clean_source(source: Source, *, force: bool = False) -> Article:
    """Do what `Summarizer.clean` does."""
    if isinstance(source, SavedPage):
        source = read_text(source.text, source.name)
    if isinstance(source, Article):
        article, objection = source, ""
    else:
        page = source if isinstance(source, Page) else read_file(source)
        article, objection = clean(page), page.objection
    if not force or not article.paragraphs:
        require_article(article, objection)
    _log.debug("%s: %d words kept, %d pieces removed", article.source, article.words, len(article.removed))
    return classify_genre(article)


def try_to_clean(source: Source, *, force: bool = False) -> Article | RingkasError:
    """Do what `Summarizer.clean` does, but return the error instead of raising it, unforeseen ones too."""
    try:
        return clean_source(source, force=force)
    except ModelError:
        # What tells languages apart can't be loaded: no source is to blame.
        raise
    except RingkasError as error:
        return error
    except Exception as error:
        return unforeseen(_name(source), "cleaned", error)


def _cap(threads: int | None) -> int | None:
    """Return no more threads than there are cores to run them: with more, they wait for each other."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if threads is None or threads <= cores:
        return threads
    _log.warning("%d threads are more than the %d cores there are: using %d", threads, cores, cores)
    return cores


@contextmanager
def _timed(what: str, name: str) -> Iterator[None]:
    """Say, to who wants to know, how long something took."""
    started = time.monotonic()
    yield
    _log.debug(f"{what} took %.1f s", name, time.monotonic() - started)


def _require_settings(translate: str, length: str | None) -> None:
    if translate not in _ABSTRACT_SHARE:
        raise ValueError(f"unknown {translate=}: it must be one of {', '.join(_ABSTRACT_SHARE)}")
    if length not in (None, *LENGTHS):
        raise ValueError(f"unknown length {length!r}: it must be one of {', '.join(LENGTHS)}, or None")


def _lost_source(source: Source) -> RingkasError:
    return RingkasError(f"{_name(source)} can't be cleaned: the process that read it died")


def _name(source: Source) -> str:
    if isinstance(source, SavedPage):
        return source.name
    return source.source if isinstance(source, Page | Article) else one_line(os.fsdecode(source))


def _paragraphs(text: str, *, lines: bool) -> tuple[str, ...]:
    if not lines:
        return split_paragraphs(text)
    # Line by line, so that a separator inside a line can't make two of it.
    return tuple(" ".join(split_paragraphs(row)) for row in text.removesuffix("\n").split("\n"))
