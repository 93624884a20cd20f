import textwrap

import pytest

from summarizer.errors import NoArticleError
from summarizer.extraction.acceptance import require_article
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.line_classes import Classifier
from summarizer.extraction.reading import read_text
from summarizer.extraction.segmentation import find_headline, find_story
from summarizer.extraction.text_dump import split_paragraphs
from tests.conftest import ARTICLE

OTHER = ARTICLE.replace("taman", "lapangan")


def test_wrapped_paragraphs_are_put_together_and_labels_stay_apart() -> None:
    text = "\n\n".join(["Beranda", textwrap.fill(ARTICLE, 72), "Baca juga", textwrap.fill(OTHER, 72)])
    assert split_paragraphs(text) == ("Beranda", ARTICLE, "Baca juga", OTHER)


def test_lines_of_equal_length_are_no_paragraph() -> None:
    lines = [f"Warga {number} diminta tetap di rumah sampai sore, kata lurah itu." for number in range(10, 30)]
    assert split_paragraphs("\n".join(lines)) == tuple(lines)


def test_link_numbers_and_their_addresses_go() -> None:
    text = f"   [1]Beranda [2]Ekonomi\n\n   {ARTICLE}\n\nReferences\n\n   1. https://a.id/\n   2. https://a.id/b\n"
    assert split_paragraphs(text) == ("Beranda Ekonomi", ARTICLE)


def test_numbers_in_brackets_that_are_no_links_stay() -> None:
    assert split_paragraphs(f"{ARTICLE} [3]\nPasal [1]a dan [7]b.") == (f"{ARTICLE} [3]", "Pasal [1]a dan [7]b.")


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
    page = list(map(Classifier(), lines))
    story = find_story(page)
    assert (story.start, story.end) == (4, 6)
    assert find_headline(page, story) == 2


@pytest.mark.parametrize(
    ("line", "is_headline"),
    [
        ("Kapan Taman Baru di Girimulya Dibuka? Ini Kata Wali Kota", True),
        ("Taman di Girimulya Dibuka! Apa Saja Isinya?", True),
        ("Kapan taman baru di Girimulya akan dibuka untuk warga? Ini kata wali kota soal itu", False),
    ],
)
def test_a_headline_may_ask_before_it_answers(line: str, *, is_headline: bool) -> None:
    page = list(map(Classifier(), ["Kabar Laras", "Ekonomi", line, "Senin, 3 Februari 2025", ARTICLE, OTHER]))
    assert find_headline(page, find_story(page)) == (2 if is_headline else None)


def test_no_story_and_no_headline() -> None:
    page = list(map(Classifier(), ["Ekonomi", "Olahraga"]))
    story = find_story(page)
    assert story.start == story.end
    assert find_headline(page, story) is None
    assert find_story([]).weights == ()


def test_text_that_a_page_only_declares() -> None:
    page = (
        '<html><head><title>Taman Baru</title><script type=\'application/ld+json\'>{"@graph": [{"a": 1},'
        f'{{"articleBody": "{ARTICLE}"}}]}}</script></head><body><div id=app></div></body></html>'
    )
    assert read_text(page, "a").paragraphs == (ARTICLE,)


def test_a_page_on_one_line_is_a_warning() -> None:
    page = f"Beranda Daerah Indeks Login {ARTICLE} {OTHER} Berita Terkait Harga Cabai Naik Copyright 2025"
    assert "one line" in read_text(page, "a").warnings[0]
    assert read_text(f"{ARTICLE} {OTHER}", "a").warnings == ()
    assert read_text(page.replace("Login ", "Login\n").replace("Berita", "\nBerita"), "a").warnings == ()


def test_a_remark_in_brackets_is_no_headline() -> None:
    assert read_text(f"(alamat tidak diketahui; 28 Agu 2020)\n{ARTICLE}\n{OTHER}", "a").title is None
    dated = f"(taman Girimulya; laras.id 28 Agustus 2020)\nJumat, 28 Agustus 2020 | 07:05 WIB\n{ARTICLE}\n{OTHER}"
    assert read_text(dated, "a").title is None
    assert read_text(f"Taman Baru (Bagian 2)\n{ARTICLE}\n{OTHER}", "a").title == "Taman Baru (Bagian 2)"


def test_a_table_of_markdown_tells_what_the_page_is() -> None:
    page = (
        f"# Taman Baru Dibuka\n\n| Field | Value |\n|---|---|\n| editor | Rina |\n\n**KOMPAS.com** - {ARTICLE}\n{OTHER}"
    )
    paragraphs = read_text(page, "a").paragraphs
    assert paragraphs[0] == "Taman Baru Dibuka"
    assert paragraphs[1:3] == ("Field | Value", "editor | Rina")
    assert paragraphs[3].startswith("KOMPAS.com - ")
    prose = f"# {ARTICLE}\n| tanda itu | bukan tabel |\n{OTHER}"
    assert read_text(prose, "a").paragraphs[1] == "| tanda itu | bukan tabel |"


@pytest.mark.parametrize(
    "head",
    [
        [
            "Taman Baru di Girimulya Dibuka 1 Juni 2020",
            "Wira Santoso - detikNews",
            "Selasa, 21 Apr 2020 16:55 WIB",
        ],
        [
            "Taman Baru di Girimulya Dibuka 1 Juni 2020",
            "DAERAH - Rina Wulandari, Harian Laras Selasa, 21 April 2020 09:11 WIB.",
        ],
        ["Taman Baru di Girimulya Dibuka 1 Juni 2020", "Oleh Rina Wulandari - 21/04/2020."],
        [
            "Taman Baru di Girimulya Dibuka 1 Juni 2020 Harianlaras.com - 21/04/2020, 15:54 WIB.",
            "Penulis: Rina Wulandari",
        ],
    ],
)
def test_the_day_of_publication_is_not_one_that_the_headline_names(head: list[str]) -> None:
    article = clean(read_text("\n".join([*head, ARTICLE, OTHER]), "a"))
    assert (article.title, article.date) == ("Taman Baru di Girimulya Dibuka 1 Juni 2020", "2020-04-21")
    assert article.paragraphs == (ARTICLE, OTHER)


def test_of_two_lines_like_the_address_the_headline_is_the_one_that_is_more_like_it() -> None:
    lines = ["https://a.id/taman-baru-di-girimulya", "KolomTaman Baru di Girimulya", "Taman Baru di Girimulya"]
    assert read_text("\n".join([*lines, ARTICLE, OTHER]), "a").title == "Taman Baru di Girimulya"


def test_a_file_with_nothing_but_an_address_is_refused() -> None:
    with pytest.raises(NoArticleError, match="nothing but an address"):
        read_text("https://www.contoh.id/berita/1\n", "a")


def test_what_is_no_address_above_a_text_is_a_line_of_it() -> None:
    article = read_text(f"http://[a\n{ARTICLE}\n{OTHER}", "a")
    assert (article.url, len(article.paragraphs)) == (None, 3)


def test_an_address_that_cannot_be_taken_apart_has_no_site() -> None:
    # Unicode has a sign "a/c", which would end the host's name.
    article = read_text(f"https://contoh\u2100.id/taman-baru-di-girimulya\nTaman Baru Dibuka\n{ARTICLE}\n{OTHER}", "a")
    assert article.url == "https://contoh\u2100.id/taman-baru-di-girimulya"
    assert article.site is None
    assert article.title == "Taman Baru Dibuka"


@pytest.mark.parametrize("heading", ["TENTANG KAMI :", "Category: Politik", "Pedoman Media Siber", "Tentang Kami"])
def test_a_page_about_its_site_is_no_article(heading: str) -> None:
    article = read_text(f"{heading}\n{ARTICLE}\n{OTHER}", "a")
    assert article.objection
    with pytest.raises(NoArticleError, match="about its site"):
        require_article(clean(article))


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
    assert read_text(f"{front}{ARTICLE}\n{OTHER}", "a").objection is None


def test_a_row_of_buttons_is_no_headline() -> None:
    assert (
        read_text(f"Share on Facebook Share on Twitter Google+ Pinterest Email\n{ARTICLE}\n{OTHER}", "a").title is None
    )


def test_a_headline_that_the_path_to_the_page_breaks_in_two_is_taken_whole() -> None:
    path = ["Home", "Daerah", "Warga Senang, Taman", "Baru Dibuka di Girimulya", "Senin, 3 Februari 2025 10:54 WIB"]
    lines = [*path, "Warga Senang, Taman Baru Dibuka di Girimulya", "Rina - laras", ARTICLE, OTHER]
    assert read_text("\n".join(lines), "a").title == "Warga Senang, Taman Baru Dibuka di Girimulya"


def test_a_day_that_the_calendar_does_not_have_is_none() -> None:
    lines = ["Taman Baru Dibuka di Girimulya", "Kamis, 31 Februari 2024 10:54 WIB", ARTICLE, OTHER]
    assert read_text("\n".join(lines), "a").date is None
    lines[1] += " (diperbarui 29/02/2024)"
    assert read_text("\n".join(lines), "a").date == "2024-02-29"
