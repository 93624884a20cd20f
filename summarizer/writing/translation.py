"""Translate Indonesian text into English, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from summarizer.article import Article
from summarizer.checks import Fault, check_translation, common_words, fix_dates, fix_numbers, fix_terms
from summarizer.models import Generation, Request, Task, TextModel
from summarizer.text.glossary import Glossary, load_glossary
from summarizer.text.quotations import Part, cut_quotations, join_quotations
from summarizer.text.repetition import cut_repetition, find_repetition
from summarizer.text.sentences import split_sentences
from summarizer.writing.abstract import Abstract
from summarizer.writing.confidence import Confidence, assess
from summarizer.writing.headline import sentence_case
from summarizer.writing.repair import How, Repair

_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class TranslationSettings:
    """How translations are repaired; all of it is our own choice.

    Attributes:
        costs: what a fault costs, by its kind; the attempt that costs least is taken.
        usual_cost: of kinds that are not named there.
        useless: cost of a translation that is empty, cut off, repeats itself or is left in Indonesian.
        worth_splitting: how much cheaper the translations of two halves must be: they read worse than a whole, which
            is worth it for a number, a negative, or two other faults.
        min_split_words: words of the shortest sentence that is translated in halves.
        max_shown: characters of a sentence that a warning shows.
    """

    costs: Mapping[str, int] = field(default_factory=lambda: {"number": 3, "negation": 3, "serious": 3, "unit": 1})
    usual_cost: int = 2
    useless: int = 10
    worth_splitting: int = 3
    min_split_words: int = 12
    max_shown: int = 90


SETTINGS = TranslationSettings()


@dataclass(frozen=True)
class TranslatedSentence:
    """A sentence of a translation.

    Attributes:
        paragraph: the paragraph that it is of, from 0.
        source: the Indonesian sentence.
        text: its translation.
        confidence: how far to trust it.
    """

    paragraph: int
    source: str
    text: str
    confidence: Confidence

    def to_dict(self) -> dict[str, Any]:
        """Return the sentence as plain values.

        They are ``paragraph``, ``source``, ``translation``, ``confidence``, ``doubtful`` and ``reasons``.
        """
        return {
            "paragraph": self.paragraph,
            "source": self.source,
            "translation": self.text,
            "confidence": self.confidence.value,
            "doubtful": self.confidence.doubtful,
            "reasons": list(self.confidence.reasons),
        }


@dataclass(frozen=True)
class Translation:
    """A translation and what the reader should know about it.

    Attributes:
        paragraphs: one English paragraph for each Indonesian one.
        warnings: in plain words; empty when all is well.
        repairs: what was done to keep it to what the text says; empty if nothing had to be.
        sentences: the sentences, in order; blank paragraphs have none.
    """

    paragraphs: tuple[str, ...]
    warnings: tuple[str, ...]
    repairs: tuple[Repair, ...] = ()
    sentences: tuple[TranslatedSentence, ...] = ()

    @property
    def text(self) -> str:
        """The paragraphs, one per line."""
        return "\n".join(self.paragraphs)

    @classmethod
    def join(cls, parts: Iterable[Translation]) -> Translation:
        """Put the translations of a text's parts together, in order."""
        paragraphs: list[str] = []
        warnings: list[str] = []
        repairs: list[Repair] = []
        sentences: list[TranslatedSentence] = []
        for part in parts:
            sentences += [replace(one, paragraph=one.paragraph + len(paragraphs)) for one in part.sentences]
            paragraphs += part.paragraphs
            warnings += part.warnings
            repairs += part.repairs
        return cls(tuple(paragraphs), tuple(warnings), tuple(repairs), tuple(sentences))

    def to_dict(self) -> dict[str, Any]:
        """Return the translation as plain values.

        They are ``paragraphs``, ``warnings``, ``repairs`` as in `summarizer.result.Result.to_dict`, and ``sentences``
        as `TranslatedSentence.to_dict` gives them.
        """
        return {
            "paragraphs": list(self.paragraphs),
            "warnings": list(self.warnings),
            "repairs": [repair.to_dict() for repair in self.repairs],
            "sentences": [sentence.to_dict() for sentence in self.sentences],
        }

    def to_records(self) -> list[dict[str, Any]]:
        """Return the paragraphs as plain values: ``source``, ``translation``, ``confidence`` and ``reasons``.

        The confidence of a paragraph is that of its least certain sentence; it is None where one isn't known.
        """
        records = []
        by_paragraph: dict[int, list[TranslatedSentence]] = {}
        for sentence in self.sentences:
            by_paragraph.setdefault(sentence.paragraph, []).append(sentence)
        for row, text in enumerate(self.paragraphs):
            own = by_paragraph.get(row, [])
            values = [sentence.confidence.value for sentence in own]
            known = [value for value in values if value is not None]
            reasons = chain.from_iterable(sentence.confidence.reasons for sentence in own)
            records.append(
                {
                    "source": " ".join(sentence.source for sentence in own),
                    "translation": text,
                    "confidence": min(known) if known and len(known) == len(values) else None,
                    "reasons": list(dict.fromkeys(reasons)),
                }
            )
        return records


@dataclass(frozen=True)
class ArticleTranslations:
    """What was translated of an article.

    Attributes:
        abstract: of a digest, with a paragraph for each line.
        title: None where the page has no headline.
        body: a paragraph for each of the article's; None if it was not asked for.
    """

    abstract: Translation
    title: Translation | None
    body: Translation | None

    @property
    def parts(self) -> tuple[Translation, ...]:
        """All of them that there are."""
        return tuple(part for part in (self.abstract, self.title, self.body) if part)


def headline_sentences(article: Article) -> list[str]:
    """Return what is to be translated of a headline: one paragraph, or none."""
    return [sentence_case(article.title, article.text)] if article.title else []


def translate_articles(
    articles: Sequence[Article],
    abstracts: Sequence[Abstract],
    model: TextModel,
    advance: Callable[[float], None] = lambda share: None,
    *,
    whole: bool = False,
    glossary: Glossary | None = None,
) -> list[ArticleTranslations]:
    """Translate abstracts and headlines, in the same batches.

    Args:
        articles: cleaned.
        abstracts: of each.
        model: as for `translate_texts`.
        advance: as for `translate_texts`.
        whole: translate the articles too.
        glossary: as for `translate_texts`.
    """
    texts = [
        *(abstract.text.split("\n") for abstract in abstracts),
        *(headline_sentences(article) for article in articles),
        *(article.paragraphs if whole else () for article in articles),
    ]
    written = translate_texts(texts, model, advance, glossary=glossary)
    count = len(articles)
    return [
        ArticleTranslations(abstract, title if article.title else None, body if whole else None)
        for article, abstract, title, body in zip(
            articles, written[:count], written[count : 2 * count], written[2 * count :], strict=True
        )
    ]


@dataclass(frozen=True)
class _Attempt:
    """A translation of a sentence, and what is wrong with it."""

    text: str
    faults: tuple[str, ...]
    cost: int
    fixed: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    token_scores: tuple[float, ...] = ()
    source_scores: tuple[float, ...] = ()


def translate_texts(
    texts: Sequence[Sequence[str]],
    model: TextModel,
    advance: Callable[[float], None] = lambda share: None,
    *,
    glossary: Glossary | None = None,
) -> list[Translation]:
    """Translate texts, each sentence on its own, the sentences of all texts in the same batches.

    The sentences of a quotation are translated apart too (`summarizer.text.quotations`): models drop some when they are
    given several at a time. Numbers, dates and terms that stand in the translation in Indonesian form are put into
    English form. A translation that is empty, unfinished, repeats itself, repeats the source, or has a fault that
    `summarizer.checks.check_translation` finds, gives way to what else the search found, if that has fewer; if
    faults are left, to the translations of its two halves, if they have fewer; what is still wrong then is named in a
    warning, one for each sentence.

    Args:
        texts: Indonesian texts, each a list of paragraphs; blank paragraphs stay blank.
        model: the model that writes.
        advance: called with the share of the sentences that have just been done; all shares together are 1.
        glossary: terms with their English forms; None for the built-in ones.

    Returns:
        A translation for each text, with as many paragraphs as the text has.
    """
    sentences = [[_split(paragraph, model) for paragraph in paragraphs] for paragraphs in texts]
    pieces = [[part.text for parts in chain.from_iterable(text) for part in parts] for text in sentences]
    # A piece without a letter ("***", "1.250") is not for the model, but its numbers have their English form.
    distinct = dict.fromkeys(piece for text in pieces for piece in text if _LETTERS.search(piece))
    work = _Work(
        list(distinct), model, glossary or load_glossary(), lambda count: advance(count / max(1, len(distinct)))
    )

    if not distinct:
        advance(1.0)
    translations = []
    for paragraphs, text in zip(sentences, pieces, strict=True):
        joined = [[work.join(row, parts) for parts in paragraph] for row, paragraph in enumerate(paragraphs)]
        own = [piece for piece in dict.fromkeys(text) if piece in distinct]
        translations.append(
            Translation(
                paragraphs=tuple(" ".join(one.text for one in row if one.text) for row in joined),
                warnings=tuple(work.warning(piece) for piece in own if work.best[piece].faults),
                repairs=tuple(work.repair(piece, work.how[piece]) for piece in own if piece in work.how),
                sentences=tuple(chain.from_iterable(joined)),
            )
        )
    return translations


class _Work:
    """Sentences on their way to their translations.

    Attributes:
        best: for each sentence the best attempt.
        how: for the sentences that were repaired, how.
    """

    def __init__(
        self, sources: Sequence[str], model: TextModel, glossary: Glossary, advance: Callable[[int], None]
    ) -> None:
        self._model, self._glossary = model, glossary
        written = model.generate(Task.TRANSLATE, [Request(source) for source in sources], advance=advance)
        self._first: dict[str, _Attempt] = {}
        self.best: dict[str, _Attempt] = {}
        self.how: dict[str, How] = {}
        for source, generation in zip(sources, written, strict=True):
            first = best = _attempt(source, generation, glossary)
            if first.cost:
                others = (_attempt(source, one, glossary) for one in generation.others)
                best = min((first, *others), key=lambda attempt: attempt.cost)
            self._first[source], self.best[source] = first, best
            if best is not first:
                self.how[source] = "candidate"
            elif first.fixed:
                self.how[source] = "form"
        self._try_halves()

    def join(self, paragraph: int, parts: Sequence[Part]) -> TranslatedSentence:
        """Put the translations of a sentence's parts together."""
        source = join_quotations(parts, [part.text for part in parts])
        written = [self.best.get(part.text) for part in parts]
        english = join_quotations(
            parts,
            [
                attempt.text if attempt else fix_numbers(part.text, part.text)
                for part, attempt in zip(parts, written, strict=True)
            ],
        )
        attempts = [attempt for attempt in written if attempt]
        known = all(attempt.token_scores for attempt in attempts)
        tokens = tuple(chain.from_iterable(attempt.tokens for attempt in attempts)) if known else ()
        scores = tuple(chain.from_iterable(attempt.token_scores for attempt in attempts)) if known else ()
        judged = all(attempt.source_scores for attempt in attempts)
        back = tuple(chain.from_iterable(attempt.source_scores for attempt in attempts)) if judged else ()
        faults = tuple(dict.fromkeys(chain.from_iterable(attempt.faults for attempt in attempts)))
        return TranslatedSentence(paragraph, source, english, assess(source, english, tokens, scores, back, faults))

    def warning(self, source: str) -> str:
        """Say what is wrong with a sentence's translation."""
        most = SETTINGS.max_shown
        shown = source if len(source) <= most else f"{source[: most - 1].rstrip()}…"
        return f"the translation of “{shown}”: {'; '.join(self.best[source].faults)}"

    def repair(self, source: str, how: How) -> Repair:
        """Say what was done about a sentence's first translation."""
        first = self._first[source]
        return Repair("translation", how, first.fixed if how == "form" else first.faults)

    def _try_halves(self) -> None:
        """Translate the halves of the sentences that are still at fault."""
        failed = [
            source
            for source, attempt in self.best.items()
            if attempt.cost >= SETTINGS.worth_splitting and len(source.split()) >= SETTINGS.min_split_words
        ]
        if not failed:
            return
        halves = [" ".join(half) for source in failed for half in _halve(source.split())]
        written = iter(self._model.generate(Task.TRANSLATE, [Request(half) for half in halves]))
        for source in failed:
            first, second = next(written), next(written)
            joined = Generation(
                _join(source, first.text, second.text),
                finished=first.finished and second.finished,
                token_scores=(*first.token_scores, *second.token_scores)
                if first.token_scores and second.token_scores
                else None,
                tokens=(*first.tokens, *second.tokens) if first.tokens and second.tokens else None,
                source_scores=(*first.source_scores, *second.source_scores)
                if first.source_scores and second.source_scores
                else None,
            )
            attempt = _attempt(source, joined, self._glossary)
            if attempt.cost <= self.best[source].cost - SETTINGS.worth_splitting:
                self.best[source], self.how[source] = attempt, "split"


def _join(source: str, first: str, second: str) -> str:
    """Put the translations of two halves of a sentence together, as the one sentence that they are."""
    if _halve(source.split())[0][-1][-1:] not in {".", "!", "?"}:
        first = first.rstrip(".")
        begins = second.split(" ")[0]
        if begins.casefold() in common_words("en"):
            second = second[:1].lower() + second[1:]
    return f"{first} {second}".strip()


def _attempt(source: str, generation: Generation, glossary: Glossary) -> _Attempt:
    raw = cut_repetition(generation.text)
    text = fix_terms(source, fix_dates(source, fix_numbers(source, raw)), glossary)
    if not text:
        return _Attempt(text, ("there is none",), SETTINGS.useless)
    faults: list[str] = []
    if find_repetition(generation.text) is not None:
        faults.append("it repeated itself and was cut")
    elif not generation.finished:
        faults.append("it was cut off")
    elif len(source.split()) > 4 and text.casefold() == source.casefold():
        return _Attempt(text, ("it was left in Indonesian",), SETTINGS.useless)
    found: list[Fault] = check_translation(source, text, glossary)
    cost = SETTINGS.useless * len(faults) + sum(SETTINGS.costs.get(fault.kind, SETTINGS.usual_cost) for fault in found)
    fixed = tuple(word for word in raw.split() if word not in text.split()) if text != raw else ()
    tokens, scores = generation.tokens or (), generation.token_scores or ()
    known = len(tokens) == len(scores)
    return _Attempt(
        text,
        (*faults, *map(str, found)),
        cost,
        fixed,
        tokens=tokens if known else (),
        token_scores=scores if known else (),
        source_scores=generation.source_scores or (),
    )


def split_pieces(paragraph: str, model: TextModel) -> list[str]:
    """Split a paragraph into what the model gets: sentences, and parts of those that it can't take whole.

    Long sentences are cut after a semicolon, a comma or, failing these, a word, as near to their middle as can be.
    """
    return [part.text for parts in _split(paragraph, model) for part in parts]


def _split(paragraph: str, model: TextModel) -> list[list[Part]]:
    """Split a paragraph into its sentences, and each of these as `split_pieces` says."""
    return [_parts(sentence, model) for sentence in split_sentences(paragraph)]


def _parts(sentence: str, model: TextModel) -> list[Part]:
    parts = cut_quotations(sentence)
    if all(_fits(part.text, model) for part in parts):
        return parts
    return [Part(text) for text in _cut(sentence, model)]


def _fits(text: str, model: TextModel) -> bool:
    return model.count_tokens(text) <= model.max_input_tokens(Task.TRANSLATE)


def _cut(sentence: str, model: TextModel) -> list[str]:
    pieces: list[str] = []
    waiting = [sentence]
    while waiting:
        text = waiting.pop()
        words = text.split()
        if _fits(text, model):
            pieces.append(text)
        elif len(words) > 1:
            waiting += [" ".join(half) for half in reversed(_halve(words))]
        else:
            # One endless word is not a language: halve it.
            waiting += [text[len(text) // 2 :], text[: len(text) // 2]]
    return pieces


def _halve(words: list[str]) -> tuple[list[str], list[str]]:
    """Cut a sentence as near to its middle as can be, after a mark if there is one there."""
    cut = _middle(words)
    return words[:cut], words[cut:]


def _middle(words: list[str]) -> int:
    for marks in (".!?", ";", ","):
        cuts = [at for at in range(1, len(words)) if words[at - 1].rstrip("\"”'’)")[-1:] in tuple(marks)]
        central = [cut for cut in cuts if len(words) / 5 <= cut <= len(words) * 4 / 5]
        if central:
            return min(central, key=lambda cut: abs(cut - len(words) / 2))
    return len(words) // 2
