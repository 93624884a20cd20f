"""Pages that stand on one line, menus and story together, as in many data sets."""

import pytest

from summarizer.extraction.flattened_page import is_flattened
from tests.conftest import ARTICLE
from tests.extraction.pages import cleaned

OTHER = "Bupati Ratna Puspita berkata jembatan itu dibangun selama dua tahun. Warga kini tidak perlu memutar lagi."
MENU = "Home News Nasional Daerah Ekonomi Olahraga Hiburan Teknologi Indeks Login Register Cari"
HEADLINE = "Jembatan Baru di Girimulya Dibuka Bupati Ratna Puspita"
STAMP = "Selasa, 16 Februari 2016 | 14:38 WIB"
BELOW = (
    "Berita Terkait Harga Cabai Naik di Pasar Laras Warga Resah Menjelang Lebaran Tiba Pasar Ikan Laras Pindah Bulan "
    "Depan Copyright © 2025 Harian Laras Redaksi Pedoman Media Siber Kebijakan Privasi Tentang Kami"
)
STORY = f"{ARTICLE} {OTHER}"


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
    assert article.title == HEADLINE
    assert article.paragraphs == (STORY,)
    assert article.warnings == ()
    article = cleaned(f"{HEADLINE} JAKARTA, KOMPAS.com - {ARTICLE}\n{OTHER}")
    assert article.title == HEADLINE
    assert article.paragraphs == (ARTICLE, OTHER)


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
    assert not is_flattened([article])
    assert result.paragraphs == (article.removeprefix("Jakarta - "),)
    assert result.warnings == ()


@pytest.mark.parametrize(
    "head", ["Itu tercantum dalam aturan daerahJakarta (ANTARA) -", "Laporan Rina Wulandari JAKARTA, KOMPAS.com -"]
)
def test_what_is_no_headline_in_front_of_a_dateline(head: str) -> None:
    assert cleaned(f"{head} {STORY}").title is None


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        (f"{HEADLINE} Warga {STORY}", True),
        (STORY, False),
        (f"Jakarta - {HEADLINE} Warga {STORY}", False),
        (f"Bupati Girimulya Ratna Puspita membuka taman itu. {STORY}", False),
        (f"{HEADLINE}\n{STORY}", False),
    ],
)
def test_a_headline_that_may_be_fused_with_the_text_is_a_warning(line: str, *, is_told: bool) -> None:
    assert any("headline" in warning for warning in cleaned(line).warnings) == is_told
