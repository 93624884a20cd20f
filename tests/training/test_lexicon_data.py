import gzip
from pathlib import Path

import pytest

from summarizer.lexicon import Lexicon
from training import TrainingError, lexicon_data
from training.bitext import Pair


@pytest.mark.parametrize(
    ("word_class", "meaning", "fault"),
    [
        ("w", "vote [election] | sound, voice", ""),
        ("n", "", ""),
        ("t", "= mengingat", ""),
        ("q", "word", "'q' is no class"),
        ("w", "", "an empty rendering"),
        ("w", "a | b | c | d | e", "5 senses"),
        ("w", "a, b, c, d, e, f", "6 renderings in one sense"),
        ("w", "cut (off)", "a sign in 'cut (off)'"),
        ("w", "to cut", "'to cut' begins with an article or with 'to'"),
        ("t", "mengingat", "it needs '= ' and the right form"),
        ("g", "= ", "it needs '= ' and the right form"),
    ],
)
def test_a_line_keeps_the_rules(word_class: str, meaning: str, fault: str) -> None:
    assert lexicon_data.find_fault(word_class, meaning) == fault


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("ember\tw", "line 2: not a form, a class and a meaning"),
        ("ember\tw\tthe bucket", "line 2, 'ember': 'the bucket' begins with"),
        ("ember\tw\tbucket\nember\tw\tpail", "line 3, 'ember': the form stands twice"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, lines: str, message: str) -> None:
    path = tmp_path / "lexicon.tsv"
    path.write_text(f"form\tclass\tsenses\n{lines}\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=message):
        lexicon_data.read_source(path)


def test_pairs_are_counted_by_form_once_each() -> None:
    pairs = [Pair("Ember, ember dan bek kanan di AS", "", 0), Pair("ember", "", 1), Pair("as roda", "", 2)]
    counts = lexicon_data.count_pairs(["ember", "bek kanan", "AS", "as", "gayung"], pairs)
    assert counts == {"ember": 2, "bek kanan": 1, "AS": 1, "as": 2}


def test_a_form_of_any_length_is_counted() -> None:
    form = "menteri pendayagunaan aparatur negara dan reformasi birokrasi"
    assert lexicon_data.count_pairs([form], [Pair(f"Kata {form} itu", "", 0)]) == {form: 1}


def test_the_lexicon_of_the_package_is_what_the_source_says() -> None:
    content = gzip.decompress(lexicon_data.TARGET.read_bytes()).decode("utf-8")
    packaged = [tuple(line.split("\t")[:3]) for line in content.splitlines()]
    assert packaged == [row for row in lexicon_data.read_source() if row[1] != "c"]


def test_without_pairs_forms_keep_their_counts(tmp_path: Path) -> None:
    target = tmp_path / "lexicon.tsv.gz"
    lexicon_data.build(target=target)
    assert target.read_bytes() == lexicon_data.TARGET.read_bytes()


def test_a_lexicon_is_written_with_its_counts(tmp_path: Path) -> None:
    target = tmp_path / "lexicon.tsv.gz"
    count = lexicon_data.build([Pair("gayung gayung", "", 0), Pair("Gayung", "", 1)], target)
    lexicon = Lexicon(gzip.decompress(target.read_bytes()).decode("utf-8").splitlines())
    assert len(lexicon) == count
    assert lexicon["gayung"].pairs == 2
    assert lexicon["abad pertengahan"].pairs == 0
