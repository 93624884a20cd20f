"""The rows of Gemma's vocabulary that stay: see `summarizer.models.embedded.tokenizer`."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.models.embedded.tokenizer import (
    BOS,
    BYTE,
    EOS,
    NORMAL,
    PAD,
    FullVocabulary,
    build_tokenizer,
    is_whitespace,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer


_RANGES_A_LINE = 16


def write_kept(kept: Iterable[int], path: Path) -> None:
    """Write ids as ranges ("17 20-25 31"), the form that `read_kept` takes."""
    ranges: list[list[int]] = []
    for token in sorted(kept):
        if ranges and token == ranges[-1][1] + 1:
            ranges[-1][1] = token
        else:
            ranges.append([token, token])
    words: list[str] = []
    for first, last in ranges:
        if first == last:
            words.append(str(first))
        else:
            words.append(f"{first}-{last}")
    text = ""
    for start in range(0, len(words), _RANGES_A_LINE):
        text += " ".join(words[start : start + _RANGES_A_LINE]) + "\n"
    path.write_text(text or "\n", encoding="ascii")


def close_under_merges(kept: Iterable[int], vocabulary: FullVocabulary, tokenizer: Tokenizer) -> set[int]:
    """Add the tokens that the kept ones are merged from by the tokenizer of the full vocabulary."""
    model = json.loads(tokenizer.to_str())["model"]
    ids: dict[str, int] = model["vocab"]
    ranks = {(left, right): rank for rank, (left, right) in enumerate(model["merges"])}
    closed: set[int] = set()
    for token in kept:
        closed.add(token)
        if vocabulary.types[token] != NORMAL:
            continue
        pieces = list(vocabulary.tokens[token])
        for piece in pieces:
            if piece in ids:
                closed.add(ids[piece])
        place = _find_merge(pieces, ranks)
        while place is not None:
            merged = pieces[place] + pieces[place + 1]
            pieces[place : place + 2] = [merged]
            closed.add(ids[merged])
            place = _find_merge(pieces, ranks)
    return closed


def _find_merge(pieces: list[str], ranks: dict[tuple[str, str], int]) -> int | None:
    """Return the place of the pair that is merged first: the one with the lowest rank; None if none is merged."""
    best: int | None = None
    best_rank = len(ranks)
    for place, pair in enumerate(pairwise(pieces)):
        rank = ranks.get(pair, len(ranks))
        if rank < best_rank:
            best = place
            best_rank = rank
    return best


def choose(vocabulary: FullVocabulary, texts: Iterable[str], least: int = 2) -> list[int]:
    """Choose the rows that stay, ascending: tokens that occur so often in the texts, and what any text may need.

    These are control tokens, bytes, runs of newlines and spaces, single Latin letters, digits, punctuation and currency
    signs.
    """
    full = build_tokenizer(vocabulary, range(len(vocabulary.tokens)))
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(full.encode(text).ids)
    chosen = {PAD, EOS, BOS}
    for token, count in counts.items():
        if count >= least:
            chosen.add(token)
    for token, text in enumerate(vocabulary.tokens):
        is_western = len(text) == 1 and _is_western(text)
        if vocabulary.types[token] == BYTE or is_whitespace(text) or is_western:
            chosen.add(token)
    return sorted(close_under_merges(chosen, vocabulary, full))


def _is_western(character: str) -> bool:
    """Tell whether a character is a Latin letter, or a number, mark or sign below U+2200, mathematical operators."""
    category = unicodedata.category(character)
    if category.startswith("L"):
        return "LATIN" in unicodedata.name(character, "")
    return category[0] in "NPS" and ord(character) < 0x2200
