"""The rows of Gemma's vocabulary that stay: see `summarizer.models.embedded.tokenizer`."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable
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


def write_kept(kept: Iterable[int], path: Path) -> None:
    """Write ids as ranges ("17 20-25 31"), the form that `read_kept` takes."""
    ranges: list[list[int]] = []
    for token in sorted(kept):
        if ranges and token == ranges[-1][1] + 1:
            ranges[-1][1] = token
        else:
            ranges.append([token, token])
    words = [str(first) if first == last else f"{first}-{last}" for first, last in ranges]
    lines = [" ".join(words[start : start + 16]) for start in range(0, len(words), 16)]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def close_under_merges(kept: Iterable[int], vocabulary: FullVocabulary, tokenizer: Tokenizer) -> set[int]:
    """Add the tokens that the kept ones are merged from by the tokenizer of the full vocabulary."""
    model = json.loads(tokenizer.to_str())["model"]
    ids: dict[str, int] = model["vocab"]
    rank = {tuple(pair): number for number, pair in enumerate(model["merges"])}
    closed: set[int] = set()
    for token in kept:
        closed.add(token)
        if vocabulary.types[token] != NORMAL:
            continue
        pieces = list(vocabulary.tokens[token])
        closed.update(ids[piece] for piece in pieces if piece in ids)
        while len(pieces) > 1:
            best = min(range(len(pieces) - 1), key=lambda at: rank.get((pieces[at], pieces[at + 1]), len(rank)))
            if (pieces[best], pieces[best + 1]) not in rank:
                break
            pieces[best : best + 2] = [pieces[best] + pieces[best + 1]]
            closed.add(ids[pieces[best]])
    return closed


def choose(vocabulary: FullVocabulary, texts: Iterable[str], least: int = 2) -> list[int]:
    """Choose the rows that stay, ascending: tokens that occur so often in the texts, and what any text may need.

    These are control tokens, bytes, runs of newlines and spaces, single Latin letters, digits, punctuation and currency
    signs.
    """
    full = build_tokenizer(vocabulary, range(len(vocabulary.tokens)))
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(full.encode(text).ids)
    chosen = {PAD, EOS, BOS} | {token for token, count in counts.items() if count >= least}
    for token, text in enumerate(vocabulary.tokens):
        single = len(text) == 1 and _is_western(text)
        if vocabulary.types[token] == BYTE or is_whitespace(text) or single:
            chosen.add(token)
    return sorted(close_under_merges(chosen, vocabulary, full))


def _is_western(character: str) -> bool:
    category = unicodedata.category(character)
    if category.startswith("L"):
        return "LATIN" in unicodedata.name(character, "")
    return category[0] in "NPS" and ord(character) < 0x2200
