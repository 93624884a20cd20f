"""How the vocabulary is cut, with one of a few hundred rows."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from summarizer.models.embedded.tokenizer import (
    BOS,
    EOS,
    PAD,
    FullVocabulary,
    build_tokenizer,
    choose,
    close_under_merges,
)

CONTROL = ["<pad>", "<eos>", "<bos>", "<unk>"]
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
MERGED = ["an", "kan", "ma", "makan", "▁makan", "na", "si", "nasi", "▁▁", "zz", "ak"]
"""The best merge first."""
SINGLE = [*"aikmnsz", "é", "7", "%", "€", "▁", "ж", "字", "⊕"]
UNREACHABLE = "qqz"
"""No two tokens make it, so no text is ever cut into it."""


@pytest.fixture(scope="module")
def full() -> FullVocabulary:
    tokens = [*CONTROL, *BYTES, "\n", "\n\n", *SINGLE, *MERGED, UNREACHABLE]
    kinds = [3, 3, 3, 2, *[6] * len(BYTES), 4, 4, *[1] * (len(SINGLE) + len(MERGED) + 1)]
    return FullVocabulary(tokens, [float(-at) for at in range(len(tokens))], kinds)


def kept(full: FullVocabulary, texts: Iterable[str]) -> list[str]:
    return [full.tokens[token] for token in choose(full, texts)]


def test_what_is_used_stays_with_all_that_it_is_merged_from(full: FullVocabulary) -> None:
    tokens = kept(full, ["makan makan makan nasi", "zz"])
    assert {"▁makan", "makan", "ma", "kan", "an"} <= set(tokens)
    # Used once, or never.
    assert not {"nasi", "si", "zz", "ak", UNREACHABLE} & set(tokens)


def test_what_any_text_may_need_stays(full: FullVocabulary) -> None:
    tokens = kept(full, [])
    assert [tokens[token] for token in (PAD, EOS, BOS)] == ["<pad>", "<eos>", "<bos>"]
    assert {*BYTES, "\n", "\n\n", "▁", "▁▁", "a", "é", "7", "%", "€"} <= set(tokens)
    assert not {"<unk>", "ж", "字", "⊕", "an"} & set(tokens)


def test_a_token_that_nothing_makes_brings_only_its_letters(full: FullVocabulary) -> None:
    whole = build_tokenizer(full, range(len(full.tokens)))
    row = full.tokens.index(UNREACHABLE)
    assert close_under_merges([row], full, whole) == {row, full.tokens.index("z")}


@pytest.mark.parametrize("text", ["makan nasi", "makan  makan\n\nmana", "nasi 7% é"])
def test_the_cut_vocabulary_cuts_text_like_the_whole_one(full: FullVocabulary, text: str) -> None:
    whole, rows = build_tokenizer(full, range(len(full.tokens))), choose(full, [text, text])
    cut = build_tokenizer(full, rows)
    assert cut.encode(text).tokens == whole.encode(text).tokens
    assert [rows[token] for token in cut.encode(text).ids] == whole.encode(text).ids
    # Where tokens are missing, smaller ones spell it.
    few = build_tokenizer(full, choose(full, []))
    assert few.decode(few.encode(text).ids) == text
    assert len(few.encode(text).ids) > len(cut.encode(text).ids)
