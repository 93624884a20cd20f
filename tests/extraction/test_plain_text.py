import textwrap

import pytest

from summarizer.article import Article
from summarizer.errors import NoArticleError
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.plain_text import split_paragraphs
from summarizer.extraction.reading import read_text
from summarizer.extraction.story import find_story
from tests.conftest import ARTICLE
from tests.extraction.pages import accepted, lines_of, page_of

OTHER = ARTICLE.replace("taman", "lapangan")


def cleaned(*lines: str) -> Article:
    return clean(read_text("\n".join(lines), "a"))


def test_wrapped_paragraphs_are_put_together_and_labels_stay_apart() -> None:
    text = "\n\n".join(["Beranda", textwrap.fill(ARTICLE, 72), "Baca juga", textwrap.fill(OTHER, 72)])
    assert split_paragraphs(text) == ("Beranda", ARTICLE, "Baca juga", OTHER)


def test_lines_of_equal_length_are_no_paragraph() -> None:
    lines = [f"Warga {number} diminta tetap di rumah sampai sore, kata lurah itu." for number in range(10, 30)]
    assert split_paragraphs("\n".join(lines)) == tuple(lines)


def test_markdown_becomes_text() -> None:
    text = f"# Taman Baru\n\n  * [Beranda](https://a.id/)\n  * ![logo](a.png)\n\n**Jakarta** - {ARTICLE}\n\n_A\\. dua_"
    assert split_paragraphs(text) == ("Taman Baru", "* Beranda", "*", f"Jakarta - {ARTICLE}", "A. dua")


@pytest.mark.parametrize("line", ["\n", " \n", "\t\xa0\n"])
def test_very_many_blank_lines(line: str) -> None:
    # Minutes where each blank line is looked at again from all those before it.
    assert split_paragraphs(f"[1]Judul\n{line * 200_000}akhir\n") == ("[1]Judul", "akhir")


def test_a_row_of_a_table_that_is_nearly_all_blank() -> None:
    assert split_paragraphs(f"|---|\n| a |\n|{' ' * 200_000}b\n") == ("a", "| b")


def test_stars_and_brackets_in_prose_are_no_markdown() -> None:
    text = "Nilainya 3 * 4 * 5, katanya (lihat [lampiran])."
    assert split_paragraphs(text) == (text,)


def test_headline_and_story_between_menus() -> None:
    lines = ["Ekonomi", "Olahraga", "Taman Baru Dibuka di Girimulya", "Senin, 3 Februari 2025", ARTICLE, OTHER]
    lines += ["Harga Cabai Naik", "Harga cabai naik di tiga pasar.", "2 jam lalu", "Wali Kota Baru", "3 jam lalu"]
    assert cleaned(*lines).title == "Taman Baru Dibuka di Girimulya"
    assert cleaned(*lines).paragraphs[:2] == (ARTICLE, OTHER)


@pytest.mark.parametrize(
    ("line", "is_headline"),
    [
        ("Kapan Taman Baru di Girimulya Dibuka? Ini Kata Wali Kota", True),
        ("Taman di Girimulya Dibuka! Apa Saja Isinya?", True),
        ("Kapan taman baru di Girimulya akan dibuka untuk warga? Ini kata wali kota soal itu", False),
        ("Share on Facebook Share on Twitter Google+ Pinterest Email", False),
        ("(taman Girimulya; laras.id 28 Agustus 2020)", False),
    ],
)
def test_what_may_be_a_headline(line: str, *, is_headline: bool) -> None:
    lines = ["Kabar Laras", "Ekonomi", line, "Senin, 3 Februari 2025", ARTICLE, OTHER]
    assert cleaned(*lines).title == (line if is_headline else None)


def test_no_story_and_no_headline() -> None:
    story = find_story(page_of("Ekonomi", "Olahraga"))
    assert (story.headline, story.start, story.end) == (None, 0, 2)


def test_text_that_a_page_only_declares() -> None:
    page = (
        '<html><head><title>Taman Baru</title><script type=\'application/ld+json\'>{"@graph": [{"a": 1},'
        f'{{"articleBody": "{ARTICLE}"}}]}}</script></head><body><div id=app></div></body></html>'
    )
    assert lines_of(page) == (ARTICLE,)


def test_a_table_of_markdown_tells_what_the_page_is() -> None:
    page = (
        f"# Taman Baru Dibuka\n\n| Field | Value |\n|---|---|\n| editor | Rina |\n\n**KOMPAS.com** - {ARTICLE}\n{OTHER}"
    )
    paragraphs = lines_of(page)
    assert paragraphs[0] == "Taman Baru Dibuka"
    assert paragraphs[1:3] == ("Field | Value", "editor | Rina")
    assert paragraphs[3].startswith("KOMPAS.com - ")
    prose = f"# {ARTICLE}\n| tanda itu | bukan tabel |\n{OTHER}"
    assert lines_of(prose)[1] == "| tanda itu | bukan tabel |"


@pytest.mark.parametrize(
    "head",
    [
        ["Taman Baru di Girimulya Dibuka 1 Juni 2020", "Wira Santoso - detikNews", "Selasa, 21 Apr 2020 16:55 WIB"],
        ["Taman Baru di Girimulya Dibuka 1 Juni 2020", "DAERAH - Rina, Harian Laras Selasa, 21 April 2020 09:11 WIB."],
        ["Taman Baru di Girimulya Dibuka 1 Juni 2020", "Oleh Rina Wulandari - 21/04/2020."],
    ],
)
def test_the_day_of_publication_is_not_one_that_the_headline_names(head: list[str]) -> None:
    article = cleaned(*head, ARTICLE, OTHER)
    assert (article.title, article.date) == ("Taman Baru di Girimulya Dibuka 1 Juni 2020", "2020-04-21")
    assert article.paragraphs == (ARTICLE, OTHER)


def test_a_file_with_nothing_but_an_address_is_refused() -> None:
    with pytest.raises(NoArticleError, match="nothing but an address"):
        read_text("https://www.contoh.id/berita/1\n", "a")


def test_what_is_no_address_above_a_text_is_a_line_of_it() -> None:
    page = read_text(f"http://[a\n{ARTICLE}\n{OTHER}", "a")
    assert (page.url, len(page.blocks)) == (None, 3)
    # Unicode has a sign "a/c", which would end the host's name.
    page = read_text(f"https://contoh\u2100.id/taman\nTaman Baru Dibuka\n{ARTICLE}\n{OTHER}", "a")
    assert (page.url, page.site) == ("https://contoh\u2100.id/taman", None)


@pytest.mark.parametrize("heading", ["TENTANG KAMI :", "Category: Politik", "Pedoman Media Siber", "Tentang Kami"])
def test_a_page_about_its_site_is_no_article(heading: str) -> None:
    with pytest.raises(NoArticleError, match="about its site"):
        accepted(f"{heading}\n{ARTICLE}\n{OTHER}")


@pytest.mark.parametrize(
    "front",
    [
        "Tentang Kami\nRedaksi\nPedoman Media Siber\nTaman Baru di Girimulya\n",
        "Taman Baru di Girimulya\n",
        "Redaksi\nTaman Baru di Girimulya Dibuka Wali Kota\nSenin, 1 Mei 2020 10.00 WIB\n",
        "Tentang kami, kata dia, tidak ada yang tahu.\n",
    ],
)
def test_a_menu_or_a_headline_is_no_objection(front: str) -> None:
    assert not read_text(f"{front}{ARTICLE}\n{OTHER}", "a").objection


def test_a_day_that_the_calendar_does_not_have_is_none() -> None:
    lines = ["Taman Baru Dibuka di Girimulya", "Kamis, 31 Februari 2024 10:54 WIB", ARTICLE, OTHER]
    assert cleaned(*lines).date is None
    lines[1] += " (diperbarui 29/02/2024)"
    assert cleaned(*lines).date == "2024-02-29"


@pytest.mark.parametrize("text", [ARTICLE * 500, f"{ARTICLE}\n{'a' * 100_001}", "\n".join(["Baris."] * 10_001)])
def test_a_line_or_a_page_that_is_longer_than_any_article_is_refused(text: str) -> None:
    with pytest.raises(NoArticleError, match="at most"):
        read_text(text, "a")


@pytest.mark.parametrize(
    ("glued", "text"),
    [
        ("Lurah mengatakan,untuk itu warga diam.", "Lurah mengatakan, untuk itu warga diam."),
        ("Rapat ditutup.Lurah pulang dengan dua warga.", "Rapat ditutup. Lurah pulang dengan dua warga."),
        ("Harganya Rp1,5 juta di Tribunnews.Com dan laras.id, kata S.Pd itu.", None),
    ],
)
def test_lost_spaces_are_put_back(glued: str, text: str | None) -> None:
    assert cleaned(ARTICLE, glued, OTHER).paragraphs == (ARTICLE, text or glued, OTHER)
