"""Which rows of a vocabulary stay, with one of a few hundred rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.vocabulary import choose, write_kept
from summarizer.models import embedded
from summarizer.models.embedded.tokenizer import FullVocabulary, build_tokenizer, read_kept

CONTROL = ["<pad>", "<eos>", "<bos>", "<unk>"]
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
# The best merge first.
MERGED = ["an", "kan", "ma", "makan", "▁makan", "na", "si", "nasi", "▁▁", "zz", "ak"]
SINGLE = [*"aikmnsz", "é", "7", "%", "€", "▁", "ж", "字", "⊕"]
# No two tokens make it, so no text is ever cut into it.
UNREACHABLE = "qqz"


@pytest.fixture(scope="module")
def full() -> FullVocabulary:
    tokens = [*CONTROL, *BYTES, "\n", "\n\n", *SINGLE, *MERGED, UNREACHABLE]
    kinds = [3, 3, 3, 2, *[6] * len(BYTES), 4, 4, *[1] * (len(SINGLE) + len(MERGED) + 1)]
    return FullVocabulary(tokens, [float(-at) for at in range(len(tokens))], kinds)


@pytest.mark.parametrize(
    ("texts", "there", "gone"),
    [
        # With all that they are merged from; what is used once goes.
        (["makan makan makan nasi", "zz"], ["▁makan", "makan", "ma", "kan", "an"], ["nasi", "si", "zz", "ak"]),
        # What any text may need.
        ([], [*CONTROL[:3], *BYTES, "\n", "\n\n", "▁", "▁▁", "a", "é", "7", "%", "€"], ["ж", "字", "⊕", "an", "<unk>"]),
    ],
)
def test_what_stays(full: FullVocabulary, texts: list[str], there: list[str], gone: list[str]) -> None:
    tokens = [full.tokens[row] for row in choose(full, texts)]
    assert tokens[:3] == CONTROL[:3]
    assert set(there) <= set(tokens)
    assert not {UNREACHABLE, *gone} & set(tokens)


@pytest.mark.parametrize("text", ["makan nasi", "makan  makan\n\nmana", "nasi 7% é"])
def test_the_cut_vocabulary_cuts_text_like_the_whole_one(full: FullVocabulary, text: str) -> None:
    whole, rows = build_tokenizer(full, range(len(full.tokens))), choose(full, [text, text])
    cut, few = build_tokenizer(full, rows), build_tokenizer(full, choose(full, []))
    assert [rows[token] for token in cut.encode(text).ids] == whole.encode(text).ids
    # Where tokens are missing, smaller ones spell it.
    assert few.decode(few.encode(text).ids) == text
    assert len(few.encode(text).ids) > len(cut.encode(text).ids)


def test_the_list_in_use_survives_writing(tmp_path: Path) -> None:
    write_kept(read_kept(), tmp_path / "list.txt")
    in_use = Path(embedded.__path__[0], "vocabulary.txt")
    assert (tmp_path / "list.txt").read_text(encoding="ascii") == in_use.read_text(encoding="ascii")
