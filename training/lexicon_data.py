"""Make the lexicon of the package from its source, ``training/lexicon/lexicon.tsv``, and the training pairs."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from summarizer.lexicon.entries import FILE, WordClass
from training import TrainingError, bitext
from training.bitext import Pair

SOURCE = Path(__file__).with_name("lexicon") / "lexicon.tsv"
TARGET = Path(__file__).parents[1] / "summarizer" / "lexicon" / FILE

MOST_PAIRS = 1000
"""What a number of pairs is cut at: what is as frequent is known to the model."""

_MOST_SENSES, _MOST_RENDERINGS = 4, 5


def read_source(path: Path = SOURCE) -> list[tuple[str, str, str]]:
    """Return form, class and meaning of each line, in the order of the file.

    Raises:
        TrainingError: a line breaks a rule of the file (its README names them); the message tells which.
    """
    rows: list[tuple[str, str, str]] = []
    forms: set[str] = set()
    lines = path.read_text(encoding="utf-8").splitlines()
    # The first line names the columns.
    for number, line in enumerate(lines[1:], 2):
        fields = line.split("\t")
        if len(fields) != 3:
            raise TrainingError(f"{path}, line {number}: not a form, a class and a meaning")
        form, word_class, meaning = fields
        fault = find_fault(word_class, meaning)
        if form in forms:
            fault = "the form stands twice"
        if fault:
            raise TrainingError(f"{path}, line {number}, {form!r}: {fault}")
        forms.add(form)
        rows.append((form, word_class, meaning))
    return rows


def find_fault(word_class: str, meaning: str) -> str:
    """Return what is wrong with a line of the source, or ""."""
    if word_class not in set(WordClass):
        return f"{word_class!r} is no class"
    if word_class in (WordClass.MISSPELT, WordClass.GLUED):
        return "" if re.fullmatch(r"= \S.*", meaning) else "it needs '= ' and the right form"
    if word_class != WordClass.WORD:
        return ""
    senses = meaning.split(" | ")
    if len(senses) > _MOST_SENSES:
        return f"{len(senses)} senses"
    faults = (_find_fault_of_sense(sense) for sense in senses)
    return next(filter(None, faults), "")


def _find_fault_of_sense(sense: str) -> str:
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
    """Count in how many pairs the Indonesian side has each form, as a word or words of its own."""
    wanted = set(forms)
    longest = max((form.count(" ") for form in wanted), default=0) + 1
    counts: Counter[str] = Counter()
    for pair in pairs:
        words = bitext.words(pair.source)
        small = [word.lower() for word in words]
        found: set[str] = set()
        for written in (words, small):
            for start in range(len(written)):
                for end in range(start + 1, min(len(written), start + longest) + 1):
                    found.add(" ".join(written[start:end]))
        counts.update(found & wanted)
    return counts


def build(pairs: Iterable[Pair], target: Path = TARGET) -> int:
    """Write the lexicon of the package: the lines of the source, each with its number of pairs; return how many.

    Compositional phrases are left out: their words are looked up one by one.
    """
    rows = [row for row in read_source() if row[1] != WordClass.COMPOSITIONAL]
    counts = count_pairs((form for form, _, _ in rows), pairs)
    lines = [
        f"{form}\t{word_class}\t{meaning}\t{min(counts[form], MOST_PAIRS)}\n" for form, word_class, meaning in rows
    ]
    # Without a time in it, the same lines make the same file.
    target.write_bytes(gzip.compress("".join(lines).encode("utf-8"), 9, mtime=0))
    return len(rows)
