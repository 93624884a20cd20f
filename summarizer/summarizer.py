"""The public API: from a saved page to a checked result."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any, Literal, get_args

from summarizer.article import Article, CountArticles, EnterStage, require_texts
from summarizer.batching import WINDOW, write_together
from summarizer.cleaning import Source, clean_source, lost_source, read_translatable, split_text, try_to_clean
from summarizer.errors import InputError, ModelError, RingkasError
from summarizer.extraction.decoding import SavedPage
from summarizer.lexicon.glossary import load_glossary
from summarizer.models import LENGTHS, PREPARATION_STEPS, Judge, Length, Task, TextModel
from summarizer.models.catalogue import DECODERS, DEFAULT, check_model, find_info, fingerprint, load_model
from summarizer.models.choice import default_model
from summarizer.output.progress import Progress
from summarizer.result import Result, TranslatedText, Translation
from summarizer.text.normalise import counted, one_line, require_characters
from summarizer.workers import map_ordered
from summarizer.writing.articles import write_articles
from summarizer.writing.review import longest_text, require_written, review, review_lines
from summarizer.writing.translation import translate_texts

_log = logging.getLogger("summarizer")

Translate = Literal["abstract", "article", "none"]
TRANSLATE: tuple[Translate, ...] = get_args(Translate)

# How many lines are translated at a time: enough to fill batches with sentences of like length.
_LINES = 64
_PREPARING = "preparing the model, once"


@dataclass(frozen=True)
class _Listener:
    """Who is told how work goes on: a bar, or whoever asked for it."""

    advance: CountArticles
    enter: EnterStage


class Summarizer:
    """Cleans, summarises and translates Indonesian news articles.

    Models are loaded when they are first needed, and kept.

    >>> result = Summarizer().summarize("artikel.html")
    >>> print(result.abstract, result.translation)
    """

    def __init__(
        self,
        model: str | TextModel | None = None,
        *,
        summary_model: str | TextModel | None = None,
        translation_model: str | TextModel | None = None,
        engine: str = DECODERS[0],
        device: str = "cpu",
        threads: int | None = None,
        offline: bool = False,
        force: bool = False,
        progress: bool | None = None,
        glossary: str | os.PathLike[str] | None = None,
        confidence: bool = True,
        judge: str | Judge | None = None,
        whole: bool = False,
    ) -> None:
        """Say what to use; nothing is loaded yet.

        Args:
            model: a name as ``--model`` takes it, or a model that is loaded already; None for what ``ringkas models
                default`` shows.
            summary_model: another model for the abstracts.
            translation_model: another model for the translations.
            engine: what runs encoder-decoders: ``transformers``, or ``ctranslate2`` with 8-bit weights.
            device: a device of torch for models of the hub; the embedded one runs on the processor.
            threads: how many threads may compute, at most one for each core; None leaves it to the engine.
            offline: never use the network.
            force: take pages that seem to hold no article, or another language than Indonesian.
            progress: show progress bars, also on a terminal; None shows them only in a notebook.
            glossary: a TOML file of lines like ``"Mahkamah Konstitusi" = "Constitutional Court"``: translations must
                give these terms as it says.
            confidence: load a judge for translators that don't say themselves how sure they are.
            judge: its name, or one that is loaded already; None for the built-in one, which judges translators that
                are named.
            whole: leave the sentences of abstracts as they are in the article; else words go that they can do without.

        Raises:
            ValueError: ``threads`` is no whole number, or less than 1.
            TypeError: a model or the judge is neither a name nor a model, or the glossary is no path.
            InputError: the glossary can't be read, or isn't one.
            ModelError: there is no such engine, or the file with the choice of models can't be read.
        """
        # Types first: a mistake in the program is said before anything is read.
        if glossary is not None and not isinstance(glossary, str | os.PathLike):
            raise TypeError(f"a glossary is the path of a file, not {type(glossary).__name__}")
        if threads is not None:
            _require_whole(threads, 1, f"{threads!r} threads")
        for given_model in (model, summary_model, translation_model, judge):
            _require_model(given_model)

        # What is read from files: the terms, and which models are the default ones.
        self._glossary = load_glossary(glossary) if glossary is not None else None
        self._models: dict[Task, str | TextModel] = {
            Task.SUMMARIZE: _choose_model(summary_model, model, Task.SUMMARIZE),
            Task.TRANSLATE: _choose_model(translation_model, model, Task.TRANSLATE),
        }

        # Where and how models run.
        if engine not in DECODERS:
            raise ModelError(f"there is no engine {engine!r}: choose {' or '.join(DECODERS)}")
        self._engine = engine
        self.device = device
        self.threads = threads
        self._offline = offline

        # What is asked of articles, abstracts and translations.
        self._force = force
        self._whole = whole
        self._confidence = confidence
        # Its name, or the judge itself; None for the built-in one.
        self._judge_named = judge

        self._progress = progress
        # The models that were named and have been loaded, by their names.
        self._loaded: dict[str, TextModel] = {}

    def clean(self, source: Source, *, force: bool = False) -> Article:
        """Read a page and remove what is not the article; needs no model.

        The source is the path of a text or HTML file, ``-`` for standard input, a page in memory, a page that was read
        already, or an article, which is taken as it is. With ``force``, it is taken even if it seems to hold no
        article, or to be in another language than Indonesian.

        Raises:
            InputError: it can't be read.
            NoArticleError: it holds no article.
            NotIndonesianError: it is in another language.
            TypeError: the source is of another type.
        """
        return clean_source(source, force=self._force or force)

    def summarize(
        self,
        source: Source,
        translate: Translate = "abstract",
        *,
        length: Length | None = None,
        force: bool = False,
        advance: CountArticles | None = None,
        enter: EnterStage | None = None,
    ) -> Result:
        """Write the abstract of an article, given as for `clean`, and translate it.

        With ``article``, the whole article is translated too; a length of None leaves it to the model. ``advance`` is
        called with the share of the work that has just been done, and all shares together are 1; ``enter`` is called
        with "loading the model", "summarising" and "translating" as these begin. Whoever asks for one of them shows the
        progress: there is no bar.

        Raises:
            ValueError: a setting is unknown.
            InputError: it can't be read.
            NoArticleError: it holds no article.
            NotIndonesianError: it is in another language.
            ModelError: the model can't be loaded, or gives up.
            TypeError: the source is of another type.
        """
        _require_settings(translate, length)
        article = self.clean(source, force=force)
        with self._progress_of(1, "summarising", advance, enter) as listener:
            [result] = self._write(
                [article], translate=translate, length=length, advance=listener.advance, enter=listener.enter
            )
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
        """Write and translate the abstracts of many articles, however many there are, with the settings of `summarize`.

        Sources are taken as they are needed; for each in order, the result comes, or the error that says why there is
        none. Some processes may read and clean while the model writes; they have no standard input, and a script that
        asks for some must keep its own work under ``if __name__ == "__main__":``, as ``spawn`` demands. No more than
        three windows of articles are in memory.

        Raises:
            ValueError: a setting is unknown; the window is no whole number, or less than 1; or there can't be so many
                processes.
            TypeError: the sources are a single one, or its name.
            ModelError: the model can't be loaded.
        """
        _require_settings(translate, length)
        is_name = isinstance(sources, str | bytes | os.PathLike)
        if is_name or not isinstance(sources, Iterable):
            kind = "name" if is_name else type(sources).__name__
            raise TypeError(f"the sources are a single {kind}: pass a list of them, or use summarize()")
        _require_whole(window, 1, f"a window of {window!r} articles")
        _require_whole(processes, 0, f"{processes!r} processes")
        clean = partial(try_to_clean, force=self._force)
        articles = map_ordered(clean, sources, processes=processes, ahead=2 * window, lost=lost_source)
        total = len(sources) if isinstance(sources, Sized) else None

        def write_windows() -> Iterator[Result | RingkasError]:
            with self._progress_of(total, "summarising") as listener:
                while cleaned := list(islice(articles, window)):
                    yield from self.write(
                        cleaned, translate, length=length, advance=listener.advance, enter=listener.enter
                    )

        return write_windows()

    def write(
        self,
        articles: Sequence[Article | RingkasError],
        translate: Translate = "abstract",
        *,
        length: Length | None = None,
        advance: CountArticles = lambda count: None,
        enter: EnterStage = lambda stage: None,
    ) -> list[Result | RingkasError]:
        """Write and translate the abstracts of what `clean` returned or raised, together; see `write_together`.

        Raises:
            ValueError: a setting is unknown.
            TypeError: one of the articles is something else.
            ModelError: the model can't be loaded, or gives up.
        """
        _require_settings(translate, length)
        # Models are loaded when there is an article.

        def write(good: Sequence[Article], count: CountArticles) -> list[Result]:
            return self._write(good, translate=translate, length=length, advance=count, enter=enter)

        return write_together(articles, write, advance)

    def translate(self, text: str, *, lines: bool = False, force: bool = False) -> Translation:
        """Translate any Indonesian text into English.

        With ``lines``, each line is translated by itself, and their number stays; else wrapped paragraphs are put
        together. With ``force``, a text in another language is taken too.

        Raises:
            InputError: there is no text.
            NotIndonesianError: it is in another language.
            ModelError: the model can't be loaded.
        """
        return self._translate(split_text(text, lines=lines, force=self._force or force))

    def translate_lines(self, text: str) -> Iterator[Translation]:
        """Translate each line of a text by itself, as `translate` does, and yield some at a time as they are ready.

        Raises:
            InputError: there is no text.
            NotIndonesianError: it is in another language.
            ModelError: the model can't be loaded, or gives up.
        """
        lines = split_text(text, lines=True, force=self._force)
        model = self.model(Task.TRANSLATE)
        with self._progress_of(len(lines), "translating") as listener:
            for start in range(0, len(lines), _LINES):
                part = lines[start : start + _LINES]
                [translation] = translate_texts([part], model, glossary=self._glossary, judge=self._judge())
                listener.advance(len(part))
                yield translation

    def translate_page(
        self,
        source: str | os.PathLike[str] | SavedPage | Article,
        *,
        lines: bool = False,
        force: bool = False,
        advance: Callable[[float], None] | None = None,
    ) -> TranslatedText:
        """Translate a text file, or a page in memory, as `translate` does; of HTML, headline and cleaned article.

        Of an article, as `read` returns it, the paragraphs are translated as they are.

        Raises:
            InputError: it can't be read, or there is no text.
            NoArticleError: it is HTML that holds no article.
            NotIndonesianError: it is in another language.
            ModelError: the model can't be loaded, or gives up.
        """
        text = source
        if not isinstance(text, Article):
            text = self.read(text, lines=lines, force=force)
        return TranslatedText(text, self._translate(text.paragraphs, advance), self.model_name(Task.TRANSLATE))

    def read(self, source: str | os.PathLike[str] | SavedPage, *, lines: bool = False, force: bool = False) -> Article:
        """Return the text that `translate_page` translates, as the paragraphs of an article; needs no model.

        Raises:
            InputError: it can't be read, or there is no text.
            NotIndonesianError: it is in another language.
        """
        return read_translatable(source, lines=lines, force=self._force or force)

    def review(
        self,
        paragraphs: Sequence[str],
        abstract: str | None,
        translation: str | None,
        written: Sequence[Mapping[str, Any]] = (),
    ) -> dict[str, Any]:
        """Check an abstract and its translation, whoever wrote them, as `summarizer.writing.review.review` does.

        Each may be three times as long as the paragraphs together, or have 20,000 characters. Checks take seconds with
        as much, but nothing ends them: what strangers wrote, check in a process that you can end, as ``ringkas serve``
        does after 30 seconds.

        Raises:
            TypeError: one of the texts is none, the paragraphs are a single one, or ``written`` is no list of
                dictionaries with values of the types that `Result.to_dict` gives in ``sentences``.
            ValueError: one of ``written`` lacks a value.
            InputError: one of the texts holds half of a surrogate pair, or is too long.
        """
        require_texts(paragraphs)
        require_written(written, of_abstract=abstract is not None)
        for paragraph in paragraphs:
            require_characters(paragraph, "article")
        length_of_article = sum(map(len, paragraphs))
        limit = longest_text(length_of_article)
        _require_reviewable("abstract", abstract, limit)
        _require_reviewable("translation", translation, limit)
        return review(paragraphs, abstract, translation, glossary=self._glossary, written=written)

    def check_translation(self, source: str, translation: str, *, force: bool = False) -> Translation:
        """Mark a translation that anybody made, with a line for each line of its source.

        A line that has more or fewer sentences than its source is taken as one.

        Raises:
            InputError: the source is not Indonesian, or has another number of lines; or a line of the translation is
                longer than three times its source and 20,000 characters.
            ModelError: the judge can't be loaded.
        """
        sources = split_text(source, lines=True, force=self._force or force)
        lines = split_text(translation, lines=True, force=True)
        if len(sources) != len(lines):
            raise InputError(
                f"the source has {counted(len(sources), 'line')} and the translation {len(lines)}: line by line they "
                "can't be compared",
                advice="give the translation one line for each line of the source",
            )
        for number, (line, english) in enumerate(zip(sources, lines, strict=True), 1):
            limit = longest_text(len(line))
            if len(english) > limit:
                raise InputError(
                    f"line {number} of the translation has {len(english):,} characters: for its source it may have at "
                    f"most {limit:,}",
                    advice="give each line of the source its own line",
                )
        judge = self._load_judge() if self._confidence else None
        return review_lines(sources, lines, judge, self._glossary)

    def load(self) -> None:
        """Load the models now, so that the first article needn't wait.

        Raises:
            ModelError: one is unknown, can't be had, or is damaged.
        """
        for task in Task:
            self.model(task)
        self._judge()

    def model(self, task: Task) -> TextModel:
        """Return the model for a task, loaded now if it wasn't before.

        Raises:
            ModelError: it is unknown, can't be had, or is damaged.
        """
        chosen = self._models[task]
        return self._load(chosen, task) if isinstance(chosen, str) else chosen

    def _load(self, chosen: str, task: Task) -> TextModel:
        if chosen not in self._loaded:
            check_model(chosen, task, offline=self._offline)
            if self.threads is not None:
                # Not before, as another machine may have other cores.
                self.threads = min(self.threads, _count_cores())
            _log.debug("loading %s", chosen)
            with self._preparing() as step:
                self._loaded[chosen] = load_model(
                    chosen,
                    device=self.device,
                    threads=self.threads,
                    offline=self._offline,
                    engine=self._engine,
                    progress=step,
                )
        return self._loaded[chosen]

    def _is_loaded(self, task: Task) -> bool:
        """Tell whether the model for a task is there to be used at once."""
        chosen = self._models[task]
        return not isinstance(chosen, str) or chosen in self._loaded

    def model_name(self, task: Task) -> str:
        """Return the name of the model for a task, without loading it."""
        chosen = self._models[task]
        return chosen if isinstance(chosen, str) else chosen.name

    def check(self, translate: Translate = "abstract", *, summarize: bool = True) -> None:
        """Make sure that the models that will be needed are there, or can be fetched; none is loaded.

        Raises:
            ValueError: there is no such thing to translate.
            ModelError: one is unknown, made for another task, or missing offline.
        """
        _require_settings(translate, None)
        needed: list[tuple[str | TextModel, Task]] = []
        if summarize:
            needed.append((self._models[Task.SUMMARIZE], Task.SUMMARIZE))
        if translate != "none":
            needed.append((self._models[Task.TRANSLATE], Task.TRANSLATE))
            if self._needs_judge():
                needed.append((self._judge_named or DEFAULT, Task.TRANSLATE))
        for chosen, task in needed:
            if isinstance(chosen, str):
                check_model(chosen, task, offline=self._offline)

    def identity(self, translate: Translate = "abstract") -> str:
        """Return what results depend on besides text and settings: models, digests and formats, device, glossary.

        Models are prepared for it.

        Raises:
            ValueError: there is no such thing to translate.
            ModelError: one is unknown, or can't be had.
        """
        _require_settings(translate, None)

        def name(chosen: str | TextModel | Judge) -> str:
            if not isinstance(chosen, str):
                return chosen.name
            with self._preparing() as step:
                return fingerprint(chosen, step, offline=self._offline)

        needed = [self._models[Task.SUMMARIZE]]
        if translate != "none":
            needed.append(self._models[Task.TRANSLATE])
        names = list(map(name, dict.fromkeys(needed)))
        if translate != "none" and self._needs_judge():
            names[-1] += f" judged by {name(self._judge_named or DEFAULT)}"
        identity = f"{' + '.join(names)} on {self.device}"
        if self._engine != DECODERS[0]:
            identity += f" by {self._engine}"
        if self._whole:
            identity += ", whole sentences"
        if self._glossary is not None:
            for term in sorted(self._glossary.demanded):
                identity += f", {term}: {self._glossary.terms[term]}"
        return identity

    def with_translator(self, name: str) -> Summarizer:
        """Return one like this that translates with another model; both share the models that are loaded."""
        other = copy(self)
        other._models = {**self._models, Task.TRANSLATE: name}
        return other

    def detached(self, *, threads: int | None = None) -> Summarizer:
        """Return one like this that has loaded nothing yet and shows no progress, for another process or machine."""
        other = copy(self)
        other._loaded = {}
        other._progress = False
        other.threads = threads or self.threads
        return other

    def without_models(self) -> Summarizer:
        """Return one like this for a process that only cleans and checks: it can be pickled whatever the models are."""
        other = self.detached()
        other._models = {task: self.model_name(task) for task in Task}
        other._judge_named = None
        if self._glossary is not None:
            # Without the indexes that it has made of its terms.
            other._glossary = replace(self._glossary)
        return other

    def _write(
        self,
        articles: Sequence[Article],
        *,
        translate: Translate,
        length: Length | None,
        advance: CountArticles,
        enter: EnterStage,
    ) -> list[Result]:
        if not self._is_loaded(Task.SUMMARIZE):
            enter("loading the model")
        model = self.model(Task.SUMMARIZE)
        translator = self.model(Task.TRANSLATE) if translate != "none" else None
        judge = self._judge() if translator else None
        return write_articles(
            articles,
            model,
            translator,
            advance,
            whole=translate == "article",
            length=length,
            cut=not self._whole,
            glossary=self._glossary,
            judge=judge,
            enter=enter,
        )

    def _needs_judge(self) -> bool:
        """Tell whether somebody must judge translations, other than the model that writes them."""
        translator = self._models[Task.TRANSLATE]
        if not self._confidence:
            return False
        if isinstance(translator, str):
            return not find_info(translator).engine.judges
        return self._judge_named is not None

    def _judge(self) -> Judge | None:
        return self._load_judge() if self._needs_judge() else None

    def _load_judge(self) -> Judge:
        """Return the judge, loaded now if it wasn't before.

        Raises:
            ModelError: it can't be loaded, or can't judge.
        """
        named = self._judge_named or DEFAULT
        model = self._load(named, Task.TRANSLATE) if isinstance(named, str) else named
        if not isinstance(model, Judge):
            raise ModelError(f"{model.name} can't judge translations: only an embedded model can")
        return model

    def _translate(self, paragraphs: Sequence[str], advance: Callable[[float], None] | None = None) -> Translation:
        model = self.model(Task.TRANSLATE)
        judge = self._judge()
        with self._progress_of(1, "translating", advance) as listener:
            [translation] = translate_texts([paragraphs], model, listener.advance, glossary=self._glossary, judge=judge)
        return translation

    @contextmanager
    def _progress_of(
        self,
        total: float | None,
        label: str,
        advance: CountArticles | None = None,
        enter: EnterStage | None = None,
    ) -> Iterator[_Listener]:
        if advance is not None or enter is not None:
            yield _Listener(advance or _ignore, enter or _ignore)
            return
        with Progress(total, label, shown=self._progress) as progress:
            yield _Listener(progress.advance, progress.describe)

    @contextmanager
    def _preparing(self) -> Iterator[Callable[[str], None]]:
        with Progress(PREPARATION_STEPS, _PREPARING, shown=self._progress) as progress:
            is_told = progress.is_drawn or not self._progress

            def step(name: str) -> None:
                nonlocal is_told
                if not is_told:
                    # A log shows no bar, and would be silent for a minute.
                    progress.say(f"{_PREPARING}; this takes a minute or two")
                    is_told = True
                progress.describe(f"{_PREPARING}: {name}")
                progress.advance(1)

            yield step


def _ignore(_: object) -> None:
    """Take no notice of progress."""


def _choose_model(for_task: str | TextModel | None, for_both: str | TextModel | None, task: Task) -> str | TextModel:
    """Return the model for a task: the one that was given for it, or for both tasks, or else the default one."""
    if for_task is not None:
        return for_task
    if for_both is not None:
        return for_both
    return default_model(task)


def _require_model(chosen: object) -> None:
    """Refuse what is neither None, a name, nor a model; what writes like a model is one, whatever its class."""
    is_name = chosen is None or isinstance(chosen, str)
    is_model = isinstance(getattr(chosen, "name", None), str) and callable(getattr(chosen, "generate", None))
    if not is_name and not is_model:
        raise TypeError(
            f"{one_line(repr(chosen))[:80]} is no model: pass a name that 'ringkas models' lists, a folder as str, or "
            "a model that is loaded"
        )


def _require_reviewable(name: str, text: object, limit: int) -> None:
    """Refuse a text that can't be checked; None, where there is no text, can.

    Args:
        name: what messages call it.
        text: an abstract, or its translation.
        limit: how many characters it may have.

    Raises:
        TypeError: it is neither text nor None.
        InputError: it holds half of a surrogate pair, or is too long.
    """
    if text is None:
        return
    if not isinstance(text, str):
        raise TypeError(f"{name} is str or None, not {type(text).__name__}")
    require_characters(text, name)
    if len(text) > limit:
        raise InputError(
            f"the {name} has {len(text):,} characters: for this article it may have at most {limit:,}",
            advice="shorten it",
        )


def _require_whole(number: object, least: int, said: str) -> None:
    """Refuse what is no whole number, or too small; ``said`` is what it is called."""
    # To Python, True is the number 1.
    is_whole = isinstance(number, int) and not isinstance(number, bool)
    if not is_whole or number < least:  # type: ignore[operator]
        raise ValueError(f"{said}: it must be a whole number, {least} or more")


def _require_settings(translate: str, length: str | None) -> None:
    if translate not in TRANSLATE:
        raise ValueError(f"unknown {translate=}: it must be one of {', '.join(TRANSLATE)}")
    if length is not None and length not in LENGTHS:
        raise ValueError(f"unknown length {length!r}: it must be one of {', '.join(LENGTHS)}, or None")


def _count_cores() -> int:
    """Return how many cores the process may use, as far as the system says."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
