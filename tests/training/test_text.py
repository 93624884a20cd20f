"""What is read, and what the filters take: pairs, text written for Ringkas, articles."""

import gzip
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.training.conftest import article_summary, article_text
from training import TrainingError, bitext
from training.articles import Junk, LabelledArticle, digest, keep, make_choice, read_articles, read_choices
from training.articles import judge as judge_article
from training.bitext import Pair, Sieve, grams, join, judge, read_corpus, read_set
from training.mixture import read_recipe

JUNK = Junk(read_recipe()["junk"])
GOOD = ("Harga beras naik 15,5 persen di pasar itu.", "The price of rice rose by 15.5 percent in that market.")
BODY = "Polisi menangkap dua orang di Bandung pada hari Senin."
ARTICLE = LabelledArticle("Banjir di Bandung", JUNK.clean(article_text("Bandung")), article_summary("Bandung"))


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        (*GOOD, None),
        ("Ia lahir pada 1 Mei.", "He was born on the first of May.", None),
        ("Penduduknya 3.341 orang.", "It has 3,341 inhabitants.", None),
        ("Awas!", "Watch out!", None),
        # Separators, leading zeros, and what may be spelled out count for nothing.
        ("Ada 12 rumah di desa itu pada 28/08/2016.", "There were twelve houses in that village on 28 8 2016.", None),
        ("Rapat dimulai pukul 19.30 di balai desa.", "The meeting starts at 19:30 in the village hall.", None),
        ("Kerugiannya US$3,4 juta.", "The loss is US$3.4 million.", None),
        ("Isi $HOME sebelum masuk.", "Set $HOME before you log in.", "markup"),
        ("Jakarta", "Jakarta's people and the city", None),
        ("...", "The end.", "empty"),
        ("kata " * 151, "word " * 151, "too long"),
        ("Harga beras naik dâ€™ pasar.", "The price of rice rose.", "encoding"),
        ("Harga beras naik \ufffd itu.", "The price of rice rose.", "encoding"),
        ("Klik <b>di sini</b> untuk masuk.", "Click <b>here</b> to log in.", "markup"),
        ("a 1234 5678 9012", "a 1234 5678 9012", "few letters"),
        ("Ya.", "Yes, but only if the parliament agrees to the bill that was brought in.", "length ratio"),
        ("Harga naik 15 persen di pasar.", "Prices rose by 16 percent in the market.", "numbers"),
        ("Harga naik di pasar.", "Prices rose by 16 percent in the market.", "numbers"),
        ("Harga beras naik tajam di pasar.", "Harga beras naik tajam di pasar.", "copied"),
        ("The price of rice is rising.", "Prices of the rice have risen up.", "wrong language"),
        ("Harga itu telah naik lagi.", "Beras dan gula juga sudah naik.", "wrong language"),
        ("Saya akan datang besok.", "Tomorrow i will come.", "careless"),
    ],
)
def test_each_filter_takes_its_pairs(source: str, target: str, reason: str | None) -> None:
    assert judge(source, target) == reason


def test_sieve_leaves_out_duplicates_of_either_side_and_evaluation_text() -> None:
    dev = "Gubernur akan membuka jembatan baru itu pada hari Selasa pagi."
    english = "The governor is going to open that new bridge on Tuesday morning."
    sieve = Sieve(grams(dev) | grams(english))
    texts = [
        GOOD,
        (GOOD[0].upper(), "The price of the rice went up by 15.5 percent in that market."),
        ("Beras naik 15,5 persen di pasar itu, kata dia.", GOOD[1]),
        (f"Kata juru bicara, {dev.lower()}", "The governor will open the new bridge on Tuesday, the spokesman said."),
        ("Beras naik 17 persen.", "Rice rose by 18 percent."),
        ("Kata dia, jembatan itu dibuka Selasa.", "The governor is going to open that new bridge on Tuesday, he said."),
    ]
    pairs = [Pair(*both, line) for line, both in enumerate(texts)]
    assert sieve.keep("news", pairs) == pairs[:1]
    assert sieve.rejected["news"] == {"kept": 1, "duplicate": 2, "in an evaluation set": 2, "numbers": 1}
    assert sieve.keep("more", pairs[:1]) == []
    assert "news: 1 of 6 kept (duplicate 2," in bitext.table(sieve.rejected)
    # A short text is looked for as a whole.
    sieve = Sieve(grams("Rice prices rose!"))
    assert sieve.keep("short", [Pair("Harga beras naik.", "Rice prices rose.", 0)]) == []
    assert sieve.rejected["short"] == {"in an evaluation set": 1}


def test_join_needs_neighbours_and_separates_sentences() -> None:
    pairs = [Pair("Satu", "One", 0), Pair("Dua.", "Two.", 1), Pair("Empat", "Four", 3)]
    assert join(pairs[:2]) == Pair("Satu. Dua.", "One. Two.", 0)
    assert join(pairs[1:]) is None


def test_read_set_numbers_lines_and_skips_empty_ones(tmp_path: Path) -> None:
    for suffix, text in ((".id", "Satu\n\n  AT&amp;T \u00a0 e\u0301 \n"), (".en", "One\n\nThree\n")):
        (tmp_path / f"a{suffix}").write_text(text, encoding="utf-8")
    assert list(read_set(tmp_path, "a")) == [Pair("Satu", "One", 0), Pair("AT&T é", "Three", 2)]
    (tmp_path / "a.en").write_text("One\n", encoding="utf-8")
    for name in ("a", "b"):
        with pytest.raises(TrainingError, match=name):
            list(read_set(tmp_path, name))


def test_what_was_written_for_ringkas_is_sound_text() -> None:
    pairs = read_corpus("words") + read_corpus("topics")
    failed = Counter(judge(pair.source, pair.target) for pair in pairs)
    assert failed[None] > 0.9995 * len(pairs), failed
    assert not any("\t" in text or text == "word" for pair in pairs for text in (pair.source, pair.target))


def test_all_files_of_a_name_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bitext, "CORPUS", tmp_path)
    head = "topic\tindonesian\tenglish\n"
    for name, text in (("topics", "hujan\tHujan turun.\tIt rains.\n"), ("topics-2", "laut\tLaut tenang.\tCalm sea.\n")):
        (tmp_path / f"{name}.tsv").write_text(head + text, encoding="utf-8")
    assert {pair.target for pair in read_corpus("topics")} == {"It rains.", "Calm sea."}
    for line in ("hujan\tHujan turun.", "hujan\t\tIt rains.", "a\tb\tc\td"):
        (tmp_path / "words.tsv").write_text(head + line + "\n", encoding="utf-8")
        with pytest.raises(TrainingError, match="line 2"):
            read_corpus("words")
    with pytest.raises(TrainingError, match="headlines"):
        read_corpus("headlines")


OWN = [
    "Partai Ke-31 berlangsung ketat dan penuh gol.",
    "Ia mengatakan harga akan naik - begitu pula upah.",
    "Simak baik-baik, kata dia kepada para siswa, lalu pelajaran pun dimulai di halaman sekolah" + " itu" * 50,
    "Bank Indonesia (BI) menahan suku bunga.",
]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"BANDUNG (Pos Kota) – {BODY}", BODY),
        (f"Jakarta, CNN Indonesia - - {BODY}", BODY),
        (f"Suara.com-{BODY}", BODY),
        (f"Liputan6.com, Jakarta - {BODY}", BODY),
        (f"{BODY} (adji / mb)", BODY),
        (f"{BODY} [lia]", BODY),
        (f"SCROLL TO CONTINUE WITH CONTENT\n{BODY}\nADVERTISEMENT", BODY),
        (f"{BODY}\n[Gambas:Video 20detik]\n\nSimak juga Video: Banjir di Bandung", BODY),
        (f'{BODY}\n\n\nTonton juga video "ASN-Warga Serbu Pasar" di sini:\n', BODY),
        # The gaps of tokenised text are closed.
        ("Itu “ candu ” ( 28/8 / 2016 ) dan ' bahaya '.", "Itu “candu” (28/8/2016) dan 'bahaya'."),
        *((text, text) for text in OWN),
    ],
)
def test_clean_takes_what_is_the_site_s_and_leaves_the_author_s(text: str, kept: str) -> None:
    assert JUNK.clean(text) == kept


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"text": "Banjir di Bandung."}, "short text"),
        ({"summary": "Banjir."}, "length"),
        ({"summary": "kata " * 100 + "."}, "hardly shorter"),
        ({"summary": ARTICLE.summary[:-1]}, "cut off"),
        ({"summary": ARTICLE.summary.replace("250", "520")}, "unsupported number"),
        ({"summary": ARTICLE.summary[:-1] + " oleh Gubernur Ridwan Kamil dan Joko Widodo."}, "unsupported names"),
    ],
)
def test_each_filter_takes_its_articles(change: dict[str, str], reason: str | None) -> None:
    assert judge_article(replace(ARTICLE, **change)) == reason


def test_keep_leaves_out_duplicates_and_reports_of_an_evaluation_set() -> None:
    counts: Counter[str] = Counter()
    other = LabelledArticle("", JUNK.clean(article_text("Medan")), article_summary("Medan"))
    assert keep([ARTICLE, ARTICLE, other], grams(other.text), counts) == [ARTICLE]
    assert counts == {"kept": 1, "duplicate": 1, "in an evaluation set": 1}


def test_the_best_sentences_of_an_article_are_chosen_of_its_first_ones() -> None:
    choice = make_choice(ARTICLE, 700)
    assert choice.title == "Banjir di Bandung"
    assert [choice.sentences[place][:15] for place in choice.best] == ["Banjir merendam", "Warga Bandung k"]
    assert len(choice.sentences) == 7
    # The first paragraph stays whatever it has.
    assert [len(make_choice(ARTICLE, words).sentences) for words in (1, 30, 50)] == [1, 1, 6]


def test_sentences_chosen_by_hand_are_found_by_their_digests(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences = make_choice(ARTICLE, 700).sentences
    first, last, other = map(digest, (sentences[0], sentences[-1], "Bukan itu."))
    (tmp_path / "choices.txt").write_text(f"{first} {last}\n{other}\n", encoding="ascii")
    monkeypatch.setattr("training.articles.CHOICES", tmp_path / "choices.txt")
    [found] = read_choices(data, JUNK)
    assert found == LabelledArticle(ARTICLE.title, "\n".join(sentences), f"{sentences[0]} {sentences[-1]}")
    assert make_choice(found, 700).best == (0, 6)
    (data / "news").mkdir()
    row = json.dumps({"meta": {"judul": "Hujan"}, "text": article_text("Bandung")})
    (data / "news" / "a.jsonl.gz").write_bytes(gzip.compress(row.encode()))
    assert [article.title for article in read_choices(data, JUNK)] == ["Hujan", ARTICLE.title]
    (data / "news" / "a.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(TrainingError, match="cannot read the articles"):
        list(read_choices(data, JUNK))


def test_articles_are_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = '{"text": "satu\u2028dua", "summary": "b"}\n'
    path.write_text(good, encoding="utf-8")
    assert len(list(read_articles(path, JUNK))) == 1
    for line in ("{", "[]", '{"text": "a"}', '"text"'):
        path.write_text(good + line + "\n", encoding="utf-8")
        with pytest.raises(TrainingError, match="line 2"):
            list(read_articles(path, JUNK))
    with pytest.raises(TrainingError, match="cannot read"):
        list(read_articles(tmp_path / "none.jsonl", JUNK))
