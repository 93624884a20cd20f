"""Tokens of Indonesian text, and the sentences of an article that say most of a reference abstract."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

TOKENS = "id-1"
"""What signatures call `tokenize`; it changes whenever the tokens do."""

_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+")


def tokenize(text: str) -> list[str]:
    """Split Indonesian text into tokens, without case.

    A token is a run of letters of any script, or a number with its marks. So a number is right or wrong as a whole
    ("1.250", "7,5", "19.30", "12/3"), a currency or a clitic stands apart from what it is written together with
    ("Rp7,5", "SIM-nya", "ke-15"), and both halves of a reduplicated word count ("anak-anak"). rouge-score's own
    tokenizer knows only the letters a to z, and cuts numbers at their marks.
    """
    return _TOKEN.findall(unicodedata.normalize("NFC", text).casefold())


def ngrams(text: str, size: int) -> list[tuple[str, ...]]:
    """Return the n-grams of a text's tokens, in their order."""
    tokens = tokenize(text)
    return [tuple(tokens[at : at + size]) for at in range(len(tokens) - size + 1)]


def find_best(sentences: Sequence[str], references: Sequence[str], limit: int | None = None) -> list[int]:
    """Return the places of the sentences that make the best extract, in the article's order.

    They are chosen one by one, each time the first of those that raise the sum of ROUGE-1 and ROUGE-2 (F1) the most,
    until none does (R. Nallapati, F. Zhai, B. Zhou, "SummaRuNNer", AAAI 2017, section 3). This finds a good extract,
    not always the best. Pairs of words count within sentences only; of several references the nearest counts.

    Args:
        sentences: of the article.
        references: abstracts.
        limit: how many sentences are chosen at most.
    """
    wanted = [_count_ngrams(references, 1), _count_ngrams(references, 2)]
    held = [_count_ngrams(sentences, 1), _count_ngrams(sentences, 2)]
    said: list[Counter[tuple[str, ...]]] = [Counter(), Counter()]
    chosen: list[int] = []
    best = 0.0
    while len(chosen) < (len(sentences) if limit is None else limit):
        worth: dict[int, float] = {}
        for place in range(len(sentences)):
            if place in chosen:
                continue
            worth[place] = 0.0
            for counts, of_sentences, targets in zip(said, held, wanted, strict=True):
                extract = counts + of_sentences[place]
                worth[place] += max(_f1(extract, target) for target in targets)
        nearest = max(worth, key=lambda place: worth[place], default=-1)
        if worth.get(nearest, 0) <= best:
            break
        best = worth[nearest]
        chosen.append(nearest)
        said = [counts + of_sentences[nearest] for counts, of_sentences in zip(said, held, strict=True)]
    return sorted(chosen)


def _count_ngrams(texts: Sequence[str], size: int) -> list[Counter[tuple[str, ...]]]:
    """Count the n-grams of each text."""
    return [Counter(ngrams(text, size)) for text in texts]


def _f1(one: Counter[tuple[str, ...]], other: Counter[tuple[str, ...]]) -> float:
    return 2 * (one & other).total() / ((one.total() + other.total()) or 1)
