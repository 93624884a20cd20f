"""Cut Gemma's vocabulary down to what Indonesian and English news needs.

Gemma's vocabulary has 262,144 rows, two thirds of the model's weights, for more than a hundred languages. The file
``vocabulary.txt`` beside this module lists the rows that stay (``python -m eval wordlists vocabulary`` makes it again).
Text that uses only those rows is cut into exactly the same tokens as with the whole vocabulary; any other text is
spelled with smaller tokens, down to single bytes, and never with an unknown token.

Why this holds: byte-pair encoding applies, again and again, the best merge that is possible. When every merge
that the full tokenizer applies to a text is still there, and none was added, the best one is the same at every
step. So a token may stay only along with the tokens that it is merged from (`eval.vocabulary`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gguf import GGUFReader
    from tokenizers import Tokenizer

# The same in the full and in the cut vocabulary.
PAD = 0
EOS = 1
BOS = 2
_SPACE = "▁"
# Token types of the GGUF format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
NORMAL = 1
USER_DEFINED = 4
BYTE = 6


@dataclass(frozen=True)
class FullVocabulary:
    """Gemma's vocabulary as a GGUF file states it: one entry per row in each field."""

    tokens: Sequence[str]
    scores: Sequence[float]
    types: Sequence[int]

    @classmethod
    def read(cls, reader: GGUFReader) -> FullVocabulary:
        """Take it out of an opened file.

        Raises:
            KeyError: the file has no vocabulary.
        """

        def read_field(name: str) -> list[Any]:
            return list(reader.fields[f"tokenizer.ggml.{name}"].contents())

        return cls(tokens=read_field("tokens"), scores=read_field("scores"), types=read_field("token_type"))


def read_kept() -> list[int]:
    """Return the ids of the rows that stay, ascending."""
    kept: list[int] = []
    # Each item is a number, or the first and the last of a range: "236743" or "107-138".
    for item in files(__package__).joinpath("vocabulary.txt").read_text(encoding="ascii").split():
        first, _, last = item.partition("-")
        if not last:
            last = first
        kept.extend(range(int(first), int(last) + 1))
    return kept


def find_merges(ids: Mapping[str, int], scores: Mapping[str, float]) -> list[tuple[str, str]]:
    """Return the byte-pair merges of a vocabulary, best first.

    To SentencePiece, any two tokens that together make a token may merge, the token with the highest score first.
    """
    ranked: list[tuple[float, int, int, str, str]] = []
    for token, score in scores.items():
        for cut in range(1, len(token)):
            left = token[:cut]
            right = token[cut:]
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

    ids: dict[str, int] = {}
    scores: dict[str, float] = {}
    for new, old in enumerate(kept):
        token = vocabulary.tokens[old]
        ids[token] = new
        if vocabulary.types[old] == NORMAL:
            scores[token] = vocabulary.scores[old]
    tokenizer = Tokenizer(models.BPE(vocab=ids, merges=find_merges(ids, scores), byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Replace(" ", _SPACE)
    tokenizer.decoder = decoders.Sequence([decoders.Replace(_SPACE, " "), decoders.ByteFallback(), decoders.Fuse()])
    # SentencePiece takes user-defined pieces out of the text before it merges the rest.
    for old in kept:
        token = vocabulary.tokens[old]
        if vocabulary.types[old] == USER_DEFINED and is_whitespace(token):
            tokenizer.add_tokens([AddedToken(token, normalized=True, special=False)])
    return tokenizer


def eos_token_ids(tokenizer: Tokenizer) -> list[int]:
    """Return the tokens that end a text: the model answers with one line, so any token with a line break does."""
    with_line_break = {token for text, token in tokenizer.get_vocab().items() if "\n" in text}
    return sorted(with_line_break | {EOS})


def is_whitespace(token: str) -> bool:
    """Tell whether a token spells white space only."""
    return not token.replace(_SPACE, " ").strip()
