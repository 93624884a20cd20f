"""Word lists, and which rows of a vocabulary stay: with one of a few hundred rows."""

import gzip
from pathlib import Path

import pytest

from eval.vocabulary import choose, write_kept
from eval.wordlists import count_cases, find_common, find_names, read_lines
from summarizer.models import embedded
from summarizer.models.embedded.tokenizer import FullVocabulary, build_tokenizer, read_kept
from tests.eval.conftest import call, write_rows

SETTINGS = {"least": 2, "ratio": 0.5, "added": ["uskup"]}


def test_lines_and_json_lines_are_read_gzipped_or_not(tmp_path: Path) -> None:
    (tmp_path / "a.id").write_text("satu\ndua\n", encoding="utf-8")
    rows = write_rows(tmp_path / "b.jsonl", [{"title": "Judul", "text": "Isi.\nLagi.", "site": "suara.com"}])
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(rows.read_bytes()))
    assert list(read_lines(tmp_path / "a.id")) == ["satu", "dua"]
    assert list(read_lines(tmp_path / "b.jsonl.gz")) == ["Judul", "Isi.\nLagi."]


def test_capitals_count_unless_a_beginning_explains_them() -> None:
    lower, capital = count_cases(['Jalan itu licin. Jalan "Merdeka" di Jalan Merdeka, Batu, batu’s.'])
    assert capital == {"jalan": 1, "merdeka": 1, "batu": 1}
    assert lower["batu's"] == 1
    assert "jalan" not in lower


def test_common_words_are_frequent_and_seldom_capitalised() -> None:
    lines = ["banjir melanda kota", "banjir di kota", "di Kota, di Kota, di Kota, di Kota, di Kota", "langka"]
    assert find_common(lines, ["abacus", "China", "naïve", "cat's"], SETTINGS) == {"banjir", "di", "abacus", "uskup"}


def test_names_are_words_of_dictionaries_with_a_capital() -> None:
    words = ["Aachen", "Aachen's", "Turkey", "Ag", "aardvark", "Ångström", "Zürich"]
    assert find_names(words) == {"aachen", "turkey", "zurich"}


def test_the_lists_in_use_are_compared(tmp_path: Path) -> None:
    source = tmp_path / "words"
    output = tmp_path / "names.txt"
    source.write_text("Zyzzogeton\nAachen\n", encoding="utf-8")
    shown = call("wordlists", "names_en", source, "-o", output).output
    for words in ("2 entries", "1 are among them", "1 are new"):
        assert words in shown
    assert output.read_text(encoding="utf-8") == "aachen\nzyzzogeton\n"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.gz", b"no gzip", "cannot read"),
        ("a.gz", gzip.compress(b"satu\n" * 99, mtime=0)[:-9], "cannot read"),
        ("a.txt", b"\xff", "cannot read"),
        ("a.jsonl", b'{"text": "a"}\n[]\n', "line 2 is not a JSON object"),
        ("a.jsonl", b'{"text": ["a", "b"]}\n', "line 1: text is not a string"),
    ],
)
def test_a_source_of_no_use_is_one_line(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    output = call("wordlists", "common_id", tmp_path / name, code=1).output
    assert message in output
    assert output.count("\n") == 1


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
def test_a_vocabulary_keeps_what_texts_need(
    full: FullVocabulary, texts: list[str], there: list[str], gone: list[str]
) -> None:
    tokens = [full.tokens[row] for row in choose(full, texts)]
    assert tokens[:3] == CONTROL[:3]
    assert set(there) <= set(tokens)
    assert not {UNREACHABLE, *gone} & set(tokens)


@pytest.mark.parametrize("text", ["makan nasi", "makan  makan\n\nmana", "nasi 7% é"])
def test_the_cut_vocabulary_cuts_text_like_the_whole_one(full: FullVocabulary, text: str) -> None:
    whole = build_tokenizer(full, range(len(full.tokens)))
    rows = choose(full, [text, text])
    cut = build_tokenizer(full, rows)
    few = build_tokenizer(full, choose(full, []))
    assert [rows[token] for token in cut.encode(text).ids] == whole.encode(text).ids
    # Where tokens are missing, smaller ones spell it.
    assert few.decode(few.encode(text).ids) == text
    assert len(few.encode(text).ids) > len(cut.encode(text).ids)


def test_the_list_in_use_survives_writing(tmp_path: Path) -> None:
    write_kept(read_kept(), tmp_path / "list.txt")
    in_use = Path(embedded.__path__[0], "vocabulary.txt")
    assert (tmp_path / "list.txt").read_text(encoding="ascii") == in_use.read_text(encoding="ascii")
