"""Make the lexicon of the package from its source, ``training/lexicon/lexicon.tsv``, and the training pairs."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from summarizer.lexicon.entries import FILE, WordClass
from training import TrainingError, bitext
from training.bitext import Pair

SOURCE = Path(__file__).with_name("lexicon") / "lexicon.tsv"
TARGET = Path(__file__).parents[1] / "summarizer" / "lexicon" / FILE

MOST_PAIRS = 1000
"""What a number of pairs is cut at: what is as frequent is known to the model."""

# The README of the source promises both.
_MOST_SENSES = 4
_MOST_RENDERINGS = 5


class SourceLine(NamedTuple):
    """A line of the source.

    Attributes:
        form: an Indonesian word or phrase, as news prints it.
        word_class: a value of `WordClass`.
        meaning: senses, with " | " between them, each with its renderings; "= " and the right form; or nothing.
    """

    form: str
    word_class: str
    meaning: str


def read_source(path: Path = SOURCE) -> list[SourceLine]:
    """Return the lines of the source, in the order of the file.

    Raises:
        TrainingError: a line breaks a rule of the file (its README names them); the message tells which.
    """
    entries: list[SourceLine] = []
    forms: set[str] = set()
    lines = path.read_text(encoding="utf-8").splitlines()
    # The first line names the columns.
    for number, line in enumerate(lines[1:], 2):
        fields = line.split("\t")
        if len(fields) != 3:
            raise TrainingError(f"{path}, line {number}: not a form, a class and a meaning")
        entry = SourceLine(*fields)
        fault = find_fault(entry.word_class, entry.meaning)
        if entry.form in forms:
            fault = "the form stands twice"
        if fault:
            raise TrainingError(f"{path}, line {number}, {entry.form!r}: {fault}")
        forms.add(entry.form)
        entries.append(entry)
    return entries


def find_fault(word_class: str, meaning: str) -> str:
    """Return what is wrong with a line of the source, or ""."""
    if word_class not in set(WordClass):
        return f"{word_class!r} is no class"
    if word_class in (WordClass.MISSPELT, WordClass.GLUED):
        has_right_form = re.fullmatch(r"= \S.*", meaning)
        return "" if has_right_form else "it needs '= ' and the right form"
    if word_class == WordClass.WORD:
        return _find_fault_of_senses(meaning.split(" | "))
    return ""


def _find_fault_of_senses(senses: Sequence[str]) -> str:
    """Return what is wrong with the senses of a word; "" if nothing is."""
    if len(senses) > _MOST_SENSES:
        return f"{len(senses)} senses"
    for sense in senses:
        fault = _find_fault_of_sense(sense)
        if fault:
            return fault
    return ""


def _find_fault_of_sense(sense: str) -> str:
    """Return what is wrong with one sense, renderings with commas between them; "" if nothing is."""
    # A hint in square brackets may end a sense.
    words = re.sub(r"\s*\[[^\]]*\]$", "", sense)
    renderings = words.split(", ")
    if len(renderings) > _MOST_RENDERINGS:
        return f"{len(renderings)} renderings in one sense"
    if not all(rendering.strip() for rendering in renderings):
        return "an empty rendering"
    if re.search(r"[()=;/\[\]]", words):
        return f"a sign in {words!r}"
    if re.match(r"(?:to|a|an|the) ", words):
        return f"{words!r} begins with an article or with 'to'"
    return ""


def count_pairs(forms: Iterable[str], pairs: Iterable[Pair]) -> Counter[str]:
    """Count in how many pairs the Indonesian side has each form, as a word or words of its own.

    A form in capitals stands only in text with the same capitals, one in lower case also in any other.
    """
    wanted = set(forms)
    longest = 1
    for form in wanted:
        longest = max(longest, len(form.split(" ")))
    counts: Counter[str] = Counter()
    for pair in pairs:
        words = bitext.words(pair.source)
        lower_case = [word.lower() for word in words]
        phrases = _phrases(words, longest) | _phrases(lower_case, longest)
        counts.update(phrases & wanted)
    return counts


def _phrases(words: Sequence[str], longest: int) -> set[str]:
    """Return all sequences of up to ``longest`` words, single ones among them."""
    phrases: set[str] = set()
    for start in range(len(words)):
        last_end = min(len(words), start + longest)
        for end in range(start + 1, last_end + 1):
            phrases.add(" ".join(words[start:end]))
    return phrases


def read_counts(path: Path = TARGET) -> Counter[str]:
    """Return in how many pairs each form was found when a lexicon of the package was made."""
    counts: Counter[str] = Counter()
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        form, _, _, pairs_of_form = line.split("\t")
        counts[form] = int(pairs_of_form)
    return counts


def build(pairs: Iterable[Pair] | None = None, target: Path = TARGET) -> int:
    """Write the lexicon of the package: the lines of the source, each with its number of pairs; return how many.

    Compositional phrases are left out: their words are looked up one by one.

    Args:
        pairs: the training pairs. None keeps the numbers that the lexicon of the package has; new forms get 0.
        target: the file.

    Raises:
        TrainingError: a line of the source breaks a rule of the file.
    """
    entries = [entry for entry in read_source() if entry.word_class != WordClass.COMPOSITIONAL]
    forms = [entry.form for entry in entries]
    counts = read_counts() if pairs is None else count_pairs(forms, pairs)
    lines: list[str] = []
    for form, word_class, meaning in entries:
        pairs_of_form = min(counts[form], MOST_PAIRS)
        lines.append(f"{form}\t{word_class}\t{meaning}\t{pairs_of_form}\n")
    content = "".join(lines).encode("utf-8")
    # Without a time in it, the same lines make the same file.
    target.write_bytes(gzip.compress(content, 9, mtime=0))
    return len(entries)
