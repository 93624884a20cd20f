"""The way from a saved page to a checked result: the public API."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from summarizer.abstract import write_abstracts
from summarizer.acceptance import require_article, require_indonesian
from summarizer.article import Article
from summarizer.cleaning import clean
from summarizer.models.base import Advance, TextModel
from summarizer.models.catalogue import DEFAULT, load_model
from summarizer.reading import read_file, split_paragraphs
from summarizer.result import Result
from summarizer.translation import Translation, split_pieces, translate_paragraphs

Translate = Literal["abstract", "article", "none"]


class Summarizer:
    """Cleans, summarises and translates Indonesian news articles.

    The model is loaded when it is first needed, and kept.

    Example:
        >>> ringkas = Summarizer()
        >>> result = ringkas.summarize("artikel.html")
        >>> print(result.abstract)
        >>> print(result.translation)
    """

    def __init__(
        self,
        model: str | TextModel = DEFAULT,
        *,
        device: str = "cpu",
        threads: int | None = None,
        offline: bool = False,
        force: bool = False,
        progress: bool = False,
    ) -> None:
        """Say what to use; nothing is loaded yet.

        Args:
            model: a name that `summarizer.models.catalogue.prepare_model` takes, or a model that is loaded already.
            device: a device of torch, such as ``cpu`` or ``cuda``.
            threads: how many threads torch may use; None leaves it to torch.
            offline: never touch the network.
            force: take pages that seem to hold no article, or another language than Indonesian.
            progress: show progress bars on standard error, if that is a terminal.
        """
        self._name = model if isinstance(model, str) else model.name
        self._model = None if isinstance(model, str) else model
        self._device, self._threads, self._offline = device, threads, offline
        self._force = force
        self._progress = progress

    @property
    def model(self) -> TextModel:
        """The model, loaded now if it wasn't before.

        Raises:
            ModelError: it is unknown, missing or damaged, or the device can't be used.
        """
        if self._model is None:
            from summarizer.models.embedded.convert import STEPS

            with self._bar("preparing the model, once", STEPS) as (advance, describe):

                def step(name: str) -> None:
                    describe(f"preparing the model, once: {name}")
                    advance(1)

                self._model = load_model(
                    self._name, device=self._device, threads=self._threads, offline=self._offline, progress=step
                )
        return self._model

    def clean(self, source: str | os.PathLike[str] | Article) -> Article:
        """Read a page and take out of it what is not the article; needs no model.

        Args:
            source: path of a text or HTML file, ``-`` for standard input, or an article that was read already.

        Raises:
            InputError: the file can't be read, holds no article, or is not Indonesian (the latter two not with
                ``force``).
        """
        article = clean(source if isinstance(source, Article) else read_file(source))
        if not self._force or not article.paragraphs:
            require_article(article)
        return article

    def summarize(self, source: str | os.PathLike[str] | Article, translate: Translate = "abstract") -> Result:
        """Write the abstract of an article and translate it.

        Args:
            source: as for `clean`.
            translate: ``abstract``; ``article`` for the abstract and the whole article; ``none``.

        Raises:
            InputError: as for `clean`.
            ModelError: the model can't be loaded.
        """
        article = self.clean(source)
        model = self.model
        with self._bar("writing the abstract", 1) as (advance, _):
            [abstract] = write_abstracts([article], model, advance)
        translation = self._translate([abstract.text]) if translate != "none" else None
        whole = self._translate(article.paragraphs) if translate == "article" else None
        warnings = abstract.warnings
        for part in (translation, whole):
            warnings += part.warnings if part else ()
        return Result(
            article=article,
            abstract=abstract.text,
            translation=translation.text if translation else None,
            article_translation=whole.paragraphs if whole else None,
            warnings=tuple(dict.fromkeys(warnings)),
            model=model.name,
        )

    def translate(self, text: str, *, lines: bool = False) -> Translation:
        """Translate Indonesian text into English.

        Args:
            text: any text, not only an article.
            lines: translate each line by itself and keep the number of lines, blank ones too; else a paragraph that
                a program has wrapped is put together first, and blank lines go.

        Raises:
            NotIndonesianError: the text seems to be in another language (not with ``force``).
            ModelError: the model can't be loaded.
        """
        if not self._force:
            require_indonesian(text, "the text")
        if lines:
            rows = text.removesuffix("\n").split("\n")
            # Line by line, so that a separator inside a line can't make two of it.
            return self._translate([" ".join(split_paragraphs(row)) for row in rows])
        return self._translate(split_paragraphs(text))

    def _translate(self, paragraphs: tuple[str, ...] | list[str]) -> Translation:
        model = self.model
        total = len({piece for paragraph in paragraphs for piece in split_pieces(paragraph, model)})
        with self._bar("translating", total) as (advance, _):
            return translate_paragraphs(paragraphs, model, advance)

    @contextmanager
    def _bar(self, label: str, total: int) -> Iterator[tuple[Advance, Callable[[str], None]]]:
        from tqdm.auto import tqdm

        # disable=None: no bar where standard error is no terminal.
        with tqdm(total=total, desc=label, leave=False, disable=None if self._progress else True, delay=0.5) as bar:

            def advance(count: int) -> None:
                bar.update(count)

            yield advance, bar.set_description
