"""Read news articles with reference abstracts (JSON lines) and keep the sound ones."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from eval.extracts import find_best
from summarizer.extraction.datelines import cut_dateline
from summarizer.text.normalise import one_line
from summarizer.text.sentences import split_sentences
from summarizer.writing.abstract import MAX_SENTENCES
from training import TrainingError
from training.bitext import fold, grams, numbers
from training.examples import Choice

CHOICES = Path(__file__).parent / "corpus" / "choices.txt"
"""See its `README.md`."""
# Those who chose saw so many words of an article.
_CHOSEN_WORDS = 480

_WORD = re.compile(r"[^\W\d_]+")
# What is left of tokenised text that was put together again.
_LOOSE = (
    (re.compile(r"([“‘(]) +(?=\S)"), r"\1"),
    (re.compile(r"(?<=\S) +([”’)])"), r"\1"),
    (re.compile(r"(?<!\S)(['\"]) (\S[^'\"\n]{0,80}?\S) \1(?=[\s.,;:!?)]|$)"), r"\1\2\1"),
    (re.compile(r"(?<=\w) / (?=\w)"), "/"),
    (re.compile(r"(?<=\d)/ (?=\d)|(?<=\d) /(?=\d)"), "/"),
    (re.compile(r"- -(?= )"), "-"),
    (re.compile(r"[ \t\u00a0]+"), " "),
)


@dataclass(frozen=True)
class LabelledArticle:
    """A news article: headline, empty if unknown; body, a paragraph a line; reference abstract, one line."""

    title: str
    text: str
    summary: str


class Junk:
    """Takes away what a site puts into or around an article; its patterns are the ``junk`` table of the recipe."""

    def __init__(self, patterns: dict[str, Any]) -> None:
        # Without patterns, this matches nothing.
        of_lines = patterns.get("lines", ["(?!)"])
        self._line = re.compile("|".join(f"(?:{pattern})" for pattern in of_lines))
        self._start = re.compile(patterns.get("start", ""))
        self._end = re.compile(r"\s*(?:" + patterns.get("end", "") + r")\s*$")

    def clean(self, text: str) -> str:
        """Return a body without the site's lines, dateline and author's mark, a paragraph a line."""
        lines: list[str] = []
        for line in map(tidy, text.split("\n")):
            if line and not self._line.fullmatch(line):
                lines.append(line)
        body = "\n".join(lines)
        if self._start.match(body):
            body = self._start.sub("", body, count=1)
        return self._end.sub("", body)


def tidy(text: str) -> str:
    """Close the gaps that tokenisation left around quotes, brackets and slashes."""
    for pattern, replacement in _LOOSE:
        text = pattern.sub(replacement, text)
    return text.strip()


def read_articles(path: Path, junk: Junk) -> Iterator[LabelledArticle]:
    """Yield the cleaned articles of a JSON-lines file with ``text``, ``summary`` and maybe ``title``.

    Raises:
        TrainingError: the file can't be read, or a line isn't such an object.
    """
    for row in _read(path):
        summary = tidy(" ".join(row["summary"].split()))
        yield LabelledArticle(tidy(row.get("title") or ""), junk.clean(row["text"]), summary)


def read_dev(folder: Path, junk: Junk) -> dict[str, list[LabelledArticle]]:
    """Read the dev sets of a folder, ``NAME.dev.jsonl`` each, by name.

    Raises:
        TrainingError: a file can't be read, or a line isn't such an object.
    """
    sets: dict[str, list[LabelledArticle]] = {}
    for path in sorted(folder.glob("*.dev.jsonl")):
        name = path.name.removesuffix(".dev.jsonl")
        sets[name] = list(read_articles(path, junk))
    return sets


def collect_grams(sets: Mapping[str, Iterable[LabelledArticle]]) -> set[str]:
    """Return the `bitext.grams` of the texts and abstracts of some sets, by their names."""
    collected: set[str] = set()
    for articles in sets.values():
        for article in articles:
            collected |= grams(article.text)
            collected |= grams(article.summary)
    return collected


def _read(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-lines file; for errors see `read_articles`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"cannot read {path}: {error}") from error
    # Not splitlines(): a JSON string may hold U+2028, which that takes for the end of a line.
    for number, line in enumerate(text.rstrip("\n").split("\n"), 1):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not _is_article(row):
            raise TrainingError(f"{path}, line {number}: not an article with text and summary")
        yield row


def _is_article(row: Any) -> bool:
    if not isinstance(row, dict):
        return False
    return isinstance(row.get("text"), str) and isinstance(row.get("summary"), str)


def read_choices(data: Path, junk: Junk) -> Iterator[LabelledArticle]:
    """Yield the articles of a data folder whose sentences were chosen by hand, with these in place of an abstract.

    `CHOICES` has a line for each: digests of the chosen sentences, as `digest` makes them.

    Raises:
        TrainingError: a file can't be read.
    """
    # Choices by their first digest.
    choices: dict[str, list[frozenset[str]]] = defaultdict(list)
    for line in CHOICES.read_text(encoding="ascii").splitlines():
        digests = line.split()
        choices[digests[0]].append(frozenset(digests))
    for title, text in chain(_read_news(data / "news"), _read_rows(data / "summaries")):
        all_sentences = _split(junk.clean(text).split("\n"))
        sentences = _cut(all_sentences, _CHOSEN_WORDS)
        by_digest = {digest(sentence): sentence for sentence in sentences}
        choice = _find_choice(by_digest.keys(), choices)
        if choice is not None:
            chosen = [sentence for key, sentence in by_digest.items() if key in choice]
            yield LabelledArticle(one_line(tidy(title)), "\n".join(sentences), " ".join(chosen))


def _find_choice(digests: Set[str], choices: Mapping[str, Sequence[frozenset[str]]]) -> frozenset[str] | None:
    """Return the first choice of which an article has all sentences; None if there is none.

    Args:
        digests: of the sentences of the article, in their order.
        choices: by their first digest.
    """
    for first in digests:
        for choice in choices.get(first, ()):
            if choice <= digests:
                return choice
    return None


def read_news_sentences(data: Path, junk: Junk) -> Iterator[tuple[str, list[str]]]:
    """Yield headline and sentences of the articles of a data folder; those with a dateline come without it as well.

    Raises:
        TrainingError: a file can't be read.
    """
    for title, text in chain(_read_news(data / "news"), _read_rows(data / "summaries")):
        sentences = _split(junk.clean(text).split("\n"))
        without_datelines = map(cut_dateline, sentences)
        # Each once, in the order of the text.
        distinct = dict.fromkeys(chain(sentences, without_datelines))
        yield one_line(tidy(title)), list(distinct)


def digest(sentence: str) -> str:
    """Return what stands for a sentence where it must not be passed on: 8 hexadecimal digits."""
    return hashlib.blake2s(sentence.encode("utf-8"), digest_size=4).hexdigest()


def _read_rows(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*.train.jsonl")):
        for row in _read(path):
            yield row.get("title") or "", row["text"]


def _read_news(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield headline and text of each article of the ``.jsonl.gz`` of a folder."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        try:
            with gzip.open(path, "rt", encoding="utf-8") as stream:
                rows = list(map(json.loads, stream))
            for row in rows:
                title = row.get("title") or row.get("meta", {}).get("judul") or ""
                yield title, row["text"]
        except (OSError, EOFError, ValueError, KeyError, AttributeError) as error:
            raise TrainingError(f"cannot read the articles in {path}: {error}") from error


def judge(article: LabelledArticle) -> str | None:  # noqa: PLR0911 - a return for each filter
    """Return the name of the first filter that an article doesn't pass, or None for a good one."""
    words = len(article.text.split())
    summary_words = len(article.summary.split())
    if words < 60:
        return "short text"
    if not 12 <= summary_words <= 110:
        return "length"
    if summary_words > 0.6 * words:
        return "hardly shorter"
    if not article.summary.endswith((".", "!", "?", '"', "”", "’", ")")):
        return "cut off"
    if set(numbers(article.summary)) - set(numbers(article.text)):
        return "unsupported number"
    if _has_unknown_names(article):
        return "unsupported names"
    return None


def _has_unknown_names(article: LabelledArticle) -> bool:
    """Tell whether more than one name of the abstract, and more than a fifth of its names, are not in the article."""
    # Words with a capital inside a sentence are names; those at its start may be anything.
    inside = re.sub(r"(^|[.!?]\s)\W*\w+", " ", article.summary)
    names = {word for word in _WORD.findall(inside) if word[0].isupper()}
    known = set(fold(article.text + " " + article.title).split())
    unknown = [name for name in names if name.casefold() not in known]
    return len(unknown) > max(1, 0.2 * len(names))


def keep(articles: Iterable[LabelledArticle], evaluation: set[str], counts: Counter[str]) -> list[LabelledArticle]:
    """Return the good articles, once each; ``counts`` gets how many each filter took.

    An article of which a third of the `bitext.grams` are in ``evaluation``, or one of its abstract, is left out.
    """
    seen: set[str] = set()
    kept: list[LabelledArticle] = []
    for article in articles:
        key = fold(article.summary)
        reason = judge(article)
        if reason is None and _is_known(article, evaluation):
            reason = "in an evaluation set"
        if reason is None and key in seen:
            reason = "duplicate"
        counts[reason or "kept"] += 1
        if reason is None:
            seen.add(key)
            kept.append(article)
    return kept


def _is_known(article: LabelledArticle, evaluation: set[str]) -> bool:
    """Tell whether a part of an abstract, or about a third of a text, is in the `bitext.grams` of evaluation sets."""
    if grams(article.summary) & evaluation:
        return True
    of_text = grams(article.text)
    # Reports of one event share quotations; a third of all word sequences is the same report.
    return len(of_text & evaluation) > 0.3 * len(of_text)


@cache
def make_choice(article: LabelledArticle, words: int) -> Choice:
    """Return the first sentences of an article, of up to so many words, and the best of them (see `find_best`).

    They are what a reference abstract is made of; where sentences were chosen by hand, just these, but for one in 150.
    """
    sentences = _split(_cut(article.text.split("\n"), words))
    best = find_best(sentences, [article.summary], MAX_SENTENCES[None])
    return Choice(article.title, tuple(sentences), tuple(best))


def _split(paragraphs: Iterable[str]) -> list[str]:
    """Return the sentences of paragraphs, a line each."""
    sentences: list[str] = []
    for paragraph in paragraphs:
        sentences += map(one_line, split_sentences(paragraph))
    return sentences


def _cut(texts: Sequence[str], words: int) -> list[str]:
    """Return the texts that end within a number of words; the first one always stays."""
    size = 0
    kept: list[str] = []
    for text in texts:
        size += len(text.split())
        if kept and size > words:
            break
        kept.append(text)
    return kept
