from __future__ import annotations

from pathlib import Path

import pytest

from summarizer.errors import InputError
from summarizer.training.lexicon import WordLists, forms, is_known, read_lexicon


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


def write_lists(folder: Path, wordnet: str = "", **lists: dict[str, str]) -> None:
    for name, words in lists.items():
        (folder / f"dict_{name}.id").write_text("".join(f"{word}\n" for word in words), encoding="utf-8")
        (folder / f"dict_{name}.en").write_text("".join(f"{word}\n" for word in words.values()), encoding="utf-8")
    (folder / "wordnet_bahasa.tsv").write_text(f"# words\n{wordnet}", encoding="utf-8")


def test_a_translation_is_sure_where_lists_agree(tmp_path: Path) -> None:
    write_lists(
        tmp_path,
        "ular\tn\tSnake; serpent\treptile\nhama\tn\tpest\tinsect\nhama\tn\tpest; plague\tillness\n",
        wiktionary={"tersangka": "suspect", "ular": "snake", "Jakarta": "Jakarta", "pagar": "fence", "hama": "pest"},
        muse={"tersangka": "suspect", "ular": "serpents", "jakarta": "jakarta", "pagar": "hedge"},
    )
    found = read_lexicon(tmp_path)
    assert {word: [(sense.text, sense.votes) for sense in senses] for word, senses in found.senses.items()} == {
        "tersangka": [("suspect", 4)],
        "ular": [("snake", 4)],
        "hama": [("pest", 5)],
    }
    assert found.known == {"tersangka", "ular", "pagar", "hama", "jakarta"}
    assert found.senses["ular"][0].kinds == {"n"}
    assert not found.senses["tersangka"][0].kinds


def test_wordnet_alone_is_enough_for_words_with_one_meaning(tmp_path: Path) -> None:
    clear = "pelana\tn\tsaddle\tseat of a rider\npelana\tn\tsaddle\tseat of a bicycle\n"
    vague = "".join(f"bidang\tn\tfield\tmeaning {number}\n" for number in range(4))
    once = "kikir\tn\tfile\ttool\n"
    write_lists(tmp_path, clear + vague + once)
    assert set(read_lexicon(tmp_path).senses) == {"pelana"}


def test_absent_lists_are_empty_and_damaged_ones_a_clear_error(tmp_path: Path) -> None:
    assert read_lexicon(tmp_path) == WordLists(frozenset(), {})
    (tmp_path / "wordnet_bahasa.tsv").write_text("ular\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1: not a lemma"):
        read_lexicon(tmp_path)
