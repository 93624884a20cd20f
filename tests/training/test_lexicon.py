from __future__ import annotations

from pathlib import Path

import pytest

from summarizer.errors import InputError
from summarizer.training.lexicon import forms, is_known, read_lexicon


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("memanjat", "panjat"),
        ("dipanjatnya", "panjat"),
        ("menyewakan", "sewa"),
        ("penyewa", "sewa"),
        ("pelana-pelana", "pelana"),
        ("mengukur", "ukur"),
        ("mengirimkan", "kirim"),
        ("menulisi", "tulis"),
        ("berlarian", "lari"),
        ("diperpanjang", "panjang"),
    ],
)
def test_forms_hold_the_root(word: str, root: str) -> None:
    found = list(forms(word))
    assert found[0] == word
    assert root in found


def test_a_word_is_known_by_its_root() -> None:
    lexicon = {"pelana", "panjat"}
    assert [is_known(word, lexicon) for word in ("pelana", "memanjat", "gedung")] == [True, True, False]


def test_most_votes_come_first_and_a_family_once(tmp_path: Path) -> None:
    (tmp_path / "dict_wiktionary.id").write_text("tersangka\nJakarta\nular\n", encoding="utf-8")
    (tmp_path / "dict_wiktionary.en").write_text("suspect\nJakarta\nsnake\n", encoding="utf-8")
    wordnet = "# words\n" + "".join(
        f"{word}\tn\t{senses}\tgloss\n"
        for word, senses in (
            ("tersangka", "accused; suspects"),
            ("ular", "snake; serpent"),
            ("ular", "serpent"),
            ("samar", "a; b"),
            ("samar", "c; d"),
        )
    )
    (tmp_path / "wordnet_bahasa.tsv").write_text(wordnet, encoding="utf-8")
    assert read_lexicon(tmp_path) == {"tersangka": ["suspect", "accused"], "ular": ["snake", "serpent"]}


def test_absent_lists_are_empty_and_damaged_ones_a_clear_error(tmp_path: Path) -> None:
    assert read_lexicon(tmp_path) == {}
    (tmp_path / "wordnet_bahasa.tsv").write_text("ular\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1: not a lemma"):
        read_lexicon(tmp_path)
