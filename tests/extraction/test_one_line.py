"""Pages that stand on one line, menus and story together, as in many data sets."""

import time

import pytest

from summarizer.article import Article
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.one_line import cut_copies, is_one_line
from summarizer.extraction.reading import read_text
from summarizer.extraction.rules import Cut, line_cuts
from tests.conftest import ARTICLE

OTHER = "Bupati Ratna Puspita berkata jembatan itu dibangun selama dua tahun. Warga kini tidak perlu memutar lagi."
MENU = "Home News Nasional Daerah Ekonomi Olahraga Hiburan Teknologi Indeks Login Register Cari"
HEADLINE = "Jembatan Baru di Girimulya Dibuka Bupati Ratna Puspita"
STAMP = "Selasa, 16 Februari 2016 | 14:38 WIB"
BELOW = (
    "Berita Terkait Harga Cabai Naik di Pasar Laras Warga Resah Menjelang Lebaran Tiba Pasar Ikan Laras Pindah Bulan "
    "Depan Copyright © 2025 Harian Laras Redaksi Pedoman Media Siber Kebijakan Privasi Tentang Kami"
)
STORY = f"{ARTICLE} {OTHER}"


def cleaned(page: str) -> Article:
    return clean(read_text(page, "a"))


@pytest.mark.parametrize("cut", line_cuts(), ids=lambda cut: cut.name)
def test_each_cut_does_what_it_says(cut: Cut) -> None:
    assert cut.pattern.search(cut.hit)
    assert not cut.pattern.search(cut.miss)


@pytest.mark.parametrize(
    "between",
    [
        f"{HEADLINE} {STAMP} JAKARTA, KOMPAS.com - ",
        f"{HEADLINE} {STAMP} ",
        f"{HEADLINE} Penulis: Rina Wulandari {STAMP} Warga di jembatan (Foto: Rina Wulandari) Jakarta (ANTARA) - ",
    ],
)
def test_the_story_is_what_is_left(between: str) -> None:
    article = cleaned(f"{MENU} {between}{STORY} {BELOW}")
    assert " ".join(article.paragraphs) == STORY
    assert "one line" in article.warnings[0]


def test_a_headline_in_front_of_a_dateline() -> None:
    article = cleaned(f"{HEADLINE} JAKARTA, KOMPAS.com - {STORY}")
    assert (article.title, article.paragraphs, article.warnings) == (HEADLINE, (STORY,), ())
    article = cleaned(f"{HEADLINE} JAKARTA, KOMPAS.com - {ARTICLE}\n{OTHER}")
    assert (article.title, article.paragraphs) == (HEADLINE, (ARTICLE, OTHER))


@pytest.mark.parametrize(
    "article",
    [
        STORY,
        f"Jakarta - {STORY}",
        f"{STORY} Facebook dan Twitter diam saja. WhatsApp dan Instagram juga diam.",
        f"Portal Kompas.com memuat kabar itu. {STORY} Pada Selasa, 16 Februari 2016, pukul 14.38 WIB, hujan turun.",
    ],
)
def test_an_article_that_is_one_paragraph_is_not_harmed(article: str) -> None:
    result = cleaned(article)
    assert not is_one_line([article])
    assert (result.paragraphs, result.warnings) == ((article.removeprefix("Jakarta - "),), ())


@pytest.mark.parametrize(
    "head", ["Itu tercantum dalam aturan daerahJakarta (ANTARA) -", "Laporan Rina Wulandari JAKARTA, KOMPAS.com -"]
)
def test_what_is_no_headline_in_front_of_a_dateline(head: str) -> None:
    assert cleaned(f"{head} {STORY}").title is None


def test_copies_of_the_text_on_the_same_line_go() -> None:
    third = "Pasar di seberang sungai itu kini dapat dicapai tanpa memutar lewat kota."
    told = f"{STORY} {third}"
    article = cleaned(f"Jakarta - {told} {told} {OTHER}")
    assert (" ".join(article.paragraphs), article.warnings) == (told, ())
    # What an article quotes twice is no copy of it.
    assert cleaned(f"{told} {third}").paragraphs == (f"{told} {third}",)


@pytest.mark.parametrize("times", [2, 5, 40])
def test_one_sentence_over_and_over_is_not_a_page_with_copies(times: int) -> None:
    line = " ".join(["The government said that the bridge would be closed for half a year."] * times)
    assert cut_copies((line,)) == (line,)


def test_a_feed_with_the_age_of_each_item_behind_the_story() -> None:
    feed = " ".join(
        f"Ekonomi | {age} jam lalu {name} Naik Lagi di Laras {name} di pasar itu naik lagi sejak pekan lalu."
        for age, name in enumerate(("Harga Cabai", "Harga Beras", "Tarif Kapal", "Ongkos Ojek", "Biaya Sewa"), 1)
    )
    article = cleaned(f"{MENU} {HEADLINE} {STAMP} {STORY} {feed} Copyright 2025 Harian Laras Redaksi")
    assert " ".join(article.paragraphs) == STORY


FOOTER = "Copyright © 2025 Harian Laras Redaksi Pedoman Media Siber"


@pytest.mark.parametrize(
    ("front", "between"),
    [
        (f"{MENU} {HEADLINE}", f"Home Daerah {HEADLINE} {STAMP} Warga di jembatan (Foto: Rina Wulandari)"),
        (f"{MENU} Home > Daerah", f"{HEADLINE} Rina Wulandari - detikNews {STAMP}"),
        (f"{MENU} Home Daerah", f"{HEADLINE} Wira Santoso Kompas.com - 16/02/2016, 14:38 WIB"),
        ("", f"{HEADLINE} {STAMP} Share on Facebook Share on Twitter WhatsApp 12"),
    ],
)
def test_the_headline_is_told_from_the_menus_around_it(front: str, between: str) -> None:
    article = cleaned(f"{front} {between} JAKARTA, KOMPAS.com - {STORY} {FOOTER}")
    assert article.title == HEADLINE
    assert " ".join(article.paragraphs) == STORY


@pytest.mark.parametrize(
    "front",
    [
        f"{MENU} {HEADLINE}",
        f"{MENU} Daerah {STAMP} KOMPAS.com/RINA Jembatan baru di Girimulya (Foto: Rina)",
    ],
)
def test_no_headline_rather_than_one_with_a_menu_in_it(front: str) -> None:
    assert cleaned(f"{front} {STORY} {FOOTER}").title is None


def test_sentences_that_share_no_word_with_the_story_go() -> None:
    strange = (
        "Aktiva berwujud ialah harta perusahaan seperti tanah dan gedung. Obligasi ialah surat utang jangka panjang. "
        "Dividen ialah laba yang dibagi kepada pemegang saham setiap tahun buku. "
    )
    article = cleaned(f"{MENU} {STAMP} JAKARTA - {STORY} {BELOW} {strange * 6} {FOOTER}")
    assert " ".join(article.paragraphs) == STORY


def test_the_story_goes_on_behind_a_teaser() -> None:
    more = "Bupati Ratna Puspita meminta warga Girimulya menjaga jembatan baru itu bersama-sama."
    article = cleaned(f"{MENU} {STAMP} {STORY} Baca juga: Harga Cabai Naik di Pasar Laras. {more} {FOOTER}")
    assert " ".join(article.paragraphs) == f"{STORY} {more}"


def test_readers_comments_go_though_they_speak_of_the_story() -> None:
    comments = "3 Comments Rina Jembatan baru itu bagus sekali. Wira Semoga warga Girimulya menjaga jembatan baru itu."
    assert " ".join(cleaned(f"{MENU} {STAMP} {STORY} {comments} {FOOTER}").paragraphs) == STORY


def test_a_page_is_known_by_two_signs() -> None:
    article = cleaned(f"{HEADLINE} {STAMP} Penulis: Rina Wulandari {STAMP} {STORY}")
    assert (article.title, " ".join(article.paragraphs)) == (HEADLINE, STORY)
    assert not is_one_line([f"Jakarta - {STORY} Baca juga: Harga Cabai Naik. {OTHER}"])


def test_hostile_lines_are_cut_in_time() -> None:
    for part in (
        "(Foto: ",
        "Jakarta, ",
        "A. ",
        "Senin, 1 Mei 2020 ",
        "Baca Juga ",
        "Aa-",
        "A",
        ".",
        "Share ",
        "aB",
        "Aa Bb Cc Dd ",
    ):
        page = f"Home Login Indeks Redaksi {part * (99_000 // len(part))}"
        start = time.process_time()
        cleaned(page)
        assert time.process_time() - start < 2.0
