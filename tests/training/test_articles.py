from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from summarizer.errors import InputError
from summarizer.training.articles import Junk, LabelledArticle, judge, keep, read_articles, shorten, tidy
from summarizer.training.bitext import grams
from summarizer.training.mixture import read_recipe
from tests.training.conftest import article_summary, article_text

JUNK = Junk(read_recipe()["junk"])
BODY = "Polisi menangkap dua orang di Bandung pada hari Senin."
ARTICLE = LabelledArticle("Banjir di Bandung", JUNK.clean(article_text("Bandung")), article_summary("Bandung"))


@pytest.mark.parametrize(
    "text",
    [
        f"BANDUNG (Pos Kota) – {BODY}",
        f"Jakarta, CNN Indonesia - - {BODY}",
        f"Suara.com-{BODY}",
        f"Liputan6.com, Jakarta - {BODY}",
        f"{BODY} (adji / mb)",
        f"{BODY} [lia]",
        f"SCROLL TO CONTINUE WITH CONTENT\n{BODY}\nADVERTISEMENT",
        f"{BODY}\n[Gambas:Video 20detik]\n\nSimak juga Video: Banjir di Bandung",
        f'{BODY}\n\n\nTonton juga video "ASN-Warga Serbu Pasar" di sini:\n',
    ],
)
def test_clean_takes_what_is_the_site_s(text: str) -> None:
    assert JUNK.clean(text) == BODY


@pytest.mark.parametrize(
    "text",
    [
        "Partai Ke-31 berlangsung ketat dan penuh gol.",
        "Ia mengatakan harga akan naik - begitu pula upah.",
        "Simak baik-baik, kata dia kepada para siswa, lalu pelajaran pun dimulai di halaman sekolah " + "itu " * 50,
        "Bank Indonesia (BI) menahan suku bunga.",
    ],
)
def test_clean_leaves_the_author_s_text(text: str) -> None:
    assert JUNK.clean(text) == text.strip()


def test_tidy_closes_the_gaps_of_tokenised_text() -> None:
    assert tidy("seolah “ candu ” ( 28/8 / 2016 ) dan ' bahaya '.") == "seolah “candu” (28/8/2016) dan 'bahaya'."


def test_a_sound_article_passes() -> None:
    assert judge(ARTICLE) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": "Banjir di Bandung."}, "short text"),
        ({"summary": "Banjir."}, "length"),
        ({"summary": "kata " * 100 + "."}, "hardly shorter"),
        ({"summary": ARTICLE.summary[:-1]}, "cut off"),
        ({"summary": ARTICLE.summary.replace("250", "520")}, "unsupported number"),
        ({"summary": ARTICLE.summary[:-1] + " oleh Gubernur Ridwan Kamil dan Joko Widodo."}, "unsupported names"),
    ],
)
def test_each_filter_takes_its_articles(change: dict[str, str], reason: str) -> None:
    assert judge(replace(ARTICLE, **change)) == reason


def test_keep_leaves_out_duplicates_and_reports_of_an_evaluation_set() -> None:
    counts: Counter[str] = Counter()
    other = LabelledArticle("", JUNK.clean(article_text("Medan")), article_summary("Medan"))
    assert keep([ARTICLE, ARTICLE, other], grams(other.text), counts) == [ARTICLE]
    assert counts == {"kept": 1, "duplicate": 1, "in an evaluation set": 1}


def test_shorten_cuts_between_paragraphs_and_keeps_the_first() -> None:
    article = LabelledArticle("", "satu dua\ntiga empat\nlima", "x")
    assert shorten(article, 4).text == "satu dua\ntiga empat"
    assert shorten(article, 1).text == "satu dua"
    assert shorten(article, 5) == article


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "a"}', '"text"'])
def test_read_articles_says_which_line_is_wrong(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a", "summary": "b"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2: not an article"):
        list(read_articles(path, JUNK))


def test_read_articles_takes_unusual_line_separators_inside_of_a_string(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "satu\u2028dua", "summary": "b"}\n', encoding="utf-8")
    assert len(list(read_articles(path, JUNK))) == 1
