from __future__ import annotations

import random
from pathlib import Path

import pytest

from summarizer.errors import InputError
from summarizer.training.lexicon import BilingualLexicon, forms, perturb, say_hints

LEXICON = BilingualLexicon({"panjat": ["climb"], "pelana": ["saddle", "seat"], "curam": ["steep"], "sewa": ["rent"]})


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


def test_lookup_prefers_the_word_itself_to_its_root() -> None:
    assert LEXICON.lookup("pelana") == ["saddle", "seat"]
    assert LEXICON.lookup("memanjat") == ["climb"]
    assert LEXICON.lookup("gedung") == []
    assert BilingualLexicon({"memanjat": ["scale"], "panjat": ["climb"]}).lookup("memanjat") == ["scale"]


def test_hints_leave_out_names_and_common_words() -> None:
    text = "Ia memanjat tebing curam tanpa pelana, kata Curam, lalu memanjat lagi."
    assert say_hints(LEXICON.hints(text, set(), 5)) == "memanjat = climb; curam = steep; pelana = saddle / seat"
    assert say_hints(LEXICON.hints(text, {"memanjat"}, 1)) == "curam = steep"
    assert LEXICON.hints("dengan pelananya", {"dengan", "pelana"}, 5) == []
    assert LEXICON.hints("", set(), 5) == []


def test_perturbed_hints_are_missing_or_of_another_word() -> None:
    hints = [("pelana", ["saddle"])] * 400
    told = perturb(hints, LEXICON, 0.25, 0.2, random.Random(1))
    assert 260 < len(told) < 340
    assert 20 < sum(senses not in (["saddle"], ["saddle", "seat"]) for _, senses in told) < 90
    assert perturb(hints, LEXICON, 0.0, 0.0, random.Random(1)) == hints


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
    senses = BilingualLexicon.read(tmp_path).senses
    assert senses == {"tersangka": ["suspect", "accused"], "ular": ["snake", "serpent"]}


def test_absent_lists_are_empty_and_damaged_ones_a_clear_error(tmp_path: Path) -> None:
    assert BilingualLexicon.read(tmp_path).senses == {}
    (tmp_path / "wordnet_bahasa.tsv").write_text("ular\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1: not a lemma"):
        BilingualLexicon.read(tmp_path)
