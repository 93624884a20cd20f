"""Cut Gemma's vocabulary down to what Indonesian and English news needs.

Gemma's vocabulary has 262,144 rows, two thirds of the model's weights, for more than a hundred languages. The file
``vocabulary.txt`` beside this module lists the rows that stay. Text that uses only those rows is cut into exactly
the same tokens as with the whole vocabulary; any other text is spelled with smaller tokens, down to single bytes,
and never with an unknown token.

Why this holds: byte-pair encoding applies, again and again, the best merge that is possible. When every merge
that the full tokenizer applies to a text is still there, and none was added, the best one is the same at every
step. So a token may stay only along with the tokens that it is merged from (`close_under_merges`).

``python -m eval wordlists vocabulary TEXT...`` makes the list again.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gguf import GGUFReader
    from tokenizers import Tokenizer

PAD, EOS, BOS = 0, 1, 2
"""Ids of the control tokens, the same in the full and in the cut vocabulary."""

_SPACE = "▁"
# Token types of the GGUF format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
_NORMAL, _USER_DEFINED, _BYTE_TYPE = 1, 4, 6


@dataclass(frozen=True)
class FullVocabulary:
    """Gemma's vocabulary as the GGUF file states it: one entry per row in each field."""

    tokens: Sequence[str]
    scores: Sequence[float]
    types: Sequence[int]

    @classmethod
    def read(cls, reader: GGUFReader) -> FullVocabulary:
        """Take the vocabulary out of an opened GGUF file."""

        def field(name: str) -> list:  # type: ignore[type-arg]
            return list(reader.fields[f"tokenizer.ggml.{name}"].contents())

        return cls(field("tokens"), field("scores"), field("token_type"))


def read_kept() -> list[int]:
    """Return the ids of the rows that stay, ascending."""
    kept: list[int] = []
    for item in files(__package__).joinpath("vocabulary.txt").read_text(encoding="ascii").split():
        first, _, last = item.partition("-")
        kept.extend(range(int(first), int(last or first) + 1))
    return kept


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


def find_merges(ids: Mapping[str, int], scores: Mapping[str, float]) -> list[tuple[str, str]]:
    """Return the byte-pair merges of a vocabulary, best first.

    SentencePiece keeps no list of merges: any two tokens that together make a token may merge, the token with
    the highest score first, and of equal ones the leftmost.
    """
    ranked: list[tuple[float, int, int, str, str]] = []
    for token, score in scores.items():
        for cut in range(1, len(token)):
            left, right = token[:cut], token[cut:]
            if left in ids and right in ids:
                ranked.append((-score, ids[left], ids[right], left, right))
    ranked.sort()
    return [(left, right) for *_, left, right in ranked]


def build_tokenizer(vocabulary: FullVocabulary, kept: Sequence[int]) -> Tokenizer:
    """Build the tokenizer of the kept rows, numbered from 0 in the order of ``kept``.

    It has no special token that text could spell: ``<eos>`` or ``<start_of_turn>`` in an article is a string of
    ordinary characters. The caller puts the control tokens where they belong, by number.
    """
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers

    ids = {vocabulary.tokens[old]: new for new, old in enumerate(kept)}
    scores = {vocabulary.tokens[old]: vocabulary.scores[old] for old in kept if vocabulary.types[old] == _NORMAL}
    tokenizer = Tokenizer(models.BPE(vocab=ids, merges=find_merges(ids, scores), byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Replace(" ", _SPACE)
    tokenizer.decoder = decoders.Sequence([decoders.Replace(_SPACE, " "), decoders.ByteFallback(), decoders.Fuse()])
    # SentencePiece takes user-defined pieces out of the text before it merges the rest.
    tokenizer.add_tokens(
        [
            AddedToken(vocabulary.tokens[old], normalized=True, special=False)
            for old in kept
            if vocabulary.types[old] == _USER_DEFINED and _is_whitespace(vocabulary.tokens[old])
        ]
    )
    return tokenizer


def eos_token_ids(tokenizer: Tokenizer) -> list[int]:
    """Return the tokens that end a text: the model answers with one line, so any token with a line break does."""
    return [EOS, *(token for text, token in tokenizer.get_vocab().items() if "\n" in text)]


def close_under_merges(kept: Iterable[int], vocabulary: FullVocabulary, tokenizer: Tokenizer) -> set[int]:
    """Add the tokens that the kept ones are merged from.

    Args:
        kept: ids to start from.
        vocabulary: the full vocabulary.
        tokenizer: its tokenizer, with all merges.
    """
    import json

    model = json.loads(tokenizer.to_str())["model"]
    ids: dict[str, int] = model["vocab"]
    rank = {tuple(pair): number for number, pair in enumerate(model["merges"])}
    closed: set[int] = set()
    for token in kept:
        closed.add(token)
        if vocabulary.types[token] != _NORMAL:
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
    """Choose the rows that stay: what the texts use, and what any text may need.

    Args:
        vocabulary: the full vocabulary.
        texts: Indonesian and English text.
        least: how often a token must occur in them to stay.

    Returns:
        The chosen ids, ascending: control tokens, bytes, runs of newlines and spaces, single Latin letters,
        digits, punctuation and currency signs, the tokens of the texts, and all that these are merged from.
    """
    full = build_tokenizer(vocabulary, range(len(vocabulary.tokens)))
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(full.encode(text).ids)
    chosen = {PAD, EOS, BOS} | {token for token, count in counts.items() if count >= least}
    for token, text in enumerate(vocabulary.tokens):
        single = len(text) == 1 and _is_western(text)
        if vocabulary.types[token] == _BYTE_TYPE or _is_whitespace(text) or single:
            chosen.add(token)
    return sorted(close_under_merges(chosen, vocabulary, full))


def _is_whitespace(token: str) -> bool:
    return not token.replace(_SPACE, " ").strip()


def _is_western(character: str) -> bool:
    category = unicodedata.category(character)
    if category.startswith("L"):
        return "LATIN" in unicodedata.name(character, "")
    return category[0] in "NPS" and ord(character) < 0x2200
