import textwrap

import pytest

from summarizer.errors import NoArticleError
from summarizer.extraction.plain_text import split_paragraphs
from summarizer.extraction.reading import read_text
from tests.conftest import ARTICLE, in_some_try, processor_seconds
from tests.extraction.pages import accepted, cleaned, lines_of

OTHER = ARTICLE.replace("taman", "lapangan")


SAME_LENGTH = tuple(f"Warga {number} diminta tetap di rumah sampai sore, kata lurah itu." for number in range(10, 30))
SCORES = ("Hasil lengkap:", "Persija 2-1 Persib", "Arema 0-0 PSM")
MARKDOWN = f"# Taman Baru\n\n  * [Beranda](https://a.id/)\n  * ![logo](a.png)\n\n**Jakarta** - {ARTICLE}\n\n_A\\. dua_"


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        (f"Beranda\n\n{textwrap.fill(ARTICLE, 72)}\n\nBaca juga\n", ("Beranda", ARTICLE, "Baca juga")),
        *(("\n".join(lines), lines) for lines in (SAME_LENGTH, SCORES)),
        (MARKDOWN, ("Taman Baru", "* Beranda", "*", f"Jakarta - {ARTICLE}", "A. dua")),
        ("Nilainya 3 * 4 * 5, katanya (lihat [lampiran]).", ("Nilainya 3 * 4 * 5, katanya (lihat [lampiran]).",)),
        # Minutes where each blank line is looked at again from all those before it.
        *((f"[1]Judul\n{line * 200_000}akhir\n", ("[1]Judul", "akhir")) for line in ("\n", " \n", "\t\xa0\n")),
    ],
)
def test_what_programs_do_to_a_text_is_undone(text: str, paragraphs: tuple[str, ...]) -> None:
    assert split_paragraphs(text) == paragraphs


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
    assert article.title == "Taman Baru di Girimulya Dibuka 1 Juni 2020"
    assert article.date == "2020-04-21"
    assert article.paragraphs == (ARTICLE, OTHER)


@pytest.mark.parametrize("first", ["http://[a", "https://contoh\u2100.id/taman"])
def test_what_is_no_address_above_a_text_breaks_nothing(first: str) -> None:
    # Unicode has a sign "a/c", which would end the host's name.
    page = read_text(f"{first}\nTaman Baru Dibuka\n{ARTICLE}\n{OTHER}", "a")
    assert page.site is None
    assert lines_of(page)[-2:] == (ARTICLE, OTHER)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://www.contoh.id/berita/1\n", "no text"),
        *((text, "at most") for text in (ARTICLE * 500, f"{ARTICLE}\n{'a' * 100_001}", "\n".join(["Baris."] * 10_001))),
    ],
)
def test_what_can_be_no_article_is_refused(text: str, told: str) -> None:
    with pytest.raises(NoArticleError, match=told):
        read_text(text, "a")


def test_a_full_file_of_blank_or_short_lines_is_read_or_refused_soon() -> None:
    blank = "\n" * 5_000_000
    # It had taken 1 s for a million lines, and 10 s in a file as large as may be read.
    assert in_some_try(lambda: processor_seconds(lambda: read_text(f"Taman{blank}{ARTICLE}", "a")) < 2.5)
    assert lines_of(read_text(f"Taman\n  \n\t\n{blank}   {ARTICLE}", "a")) == ("Taman", ARTICLE)

    def refuse() -> None:
        with pytest.raises(NoArticleError, match="has 2000000 lines"):
            read_text("a\n" * 2_000_000, "a")

    assert in_some_try(lambda: processor_seconds(refuse) < 1)


@pytest.mark.parametrize("heading", ["TENTANG KAMI :", "Category: Politik", "Pedoman Media Siber", "Tentang Kami"])
def test_a_page_about_its_site_is_no_article(heading: str) -> None:
    with pytest.raises(NoArticleError, match="about its site"):
        accepted(f"{heading}\n{ARTICLE}\n{OTHER}")
    assert not read_text(f"{heading}\nRedaksi\nTaman Baru di Girimulya\n{ARTICLE}\n{OTHER}", "a").objection
    assert not read_text(f"Tentang kami, kata dia, tidak ada yang tahu.\n{ARTICLE}\n{OTHER}", "a").objection


def test_a_day_that_the_calendar_does_not_have_is_none() -> None:
    for day, date in (("31 Februari 2024", None), ("31 Februari 2024 (diperbarui 29/02/2024)", "2024-02-29")):
        assert cleaned("Taman Baru Dibuka di Girimulya", f"Kamis, {day}", ARTICLE, OTHER).date == date


@pytest.mark.parametrize(
    ("glued", "text"),
    [
        ("Lurah mengatakan,untuk itu warga diam.", "Lurah mengatakan, untuk itu warga diam."),
        ("Rapat ditutup.Lurah pulang dengan dua warga.", "Rapat ditutup. Lurah pulang dengan dua warga."),
        ("Ia datang dengankeluarga dari dariGunung Semeru.", "Ia datang dengan keluarga dari dari Gunung Semeru."),
        ("Kanopi moderndengan warna.", "Kanopi modern dengan warna."),
        # Whole words, names, brands and addresses stay, whatever they are made of.
        ("Sepanjang biasakan selayang, Danantara dan detikInet menulis ke untukrumah@laras.id.", None),
        ("Harganya Rp1,5 juta di Tribunnews.Com dan laras.id, kata S.Pd itu.", None),
    ],
)
def test_lost_spaces_are_put_back(glued: str, text: str | None) -> None:
    assert cleaned(ARTICLE, glued, OTHER).paragraphs == (ARTICLE, text or glued, OTHER)


ANNOUNCED = (
    ("Harga Cabai Rawit Naik di Laras", "Harga cabai rawit naik dua kali lipat sejak pekan lalu karena hujan lebat."),
    ("Wali Kota Laras Dilantik di Pendopo", "Wali kota yang baru dilantik gubernur disaksikan ratusan undangan."),
    ("Laras United Menang Tiga Gol", "Klub sepak bola itu menang tiga gol tanpa balas atas tamunya di kandang."),
    ("Sekolah Dasar Girimulya Libur Tiga Hari", "Semua sekolah diliburkan selama tiga hari karena asap yang tebal."),
    ("Pasar Ikan Laras Ditutup Sementara", "Pasar ikan ditutup karena atapnya rapuh, dan pedagang pindah ke lapangan."),
)


def test_a_front_page_pasted_as_text_is_refused() -> None:
    lines = [line for announcement in ANNOUNCED for line in announcement]
    for menu in ((), ("Beranda", "Nasional", "Olahraga")):
        with pytest.raises(NoArticleError, match="index page"):
            accepted("\n".join((*menu, *lines)))


@pytest.mark.parametrize(
    "item", ["{title}\nDaerah\n2 jam lalu\n{text}", "Daerah\n{title}\n{text}\nSelengkapnya", "{sentence}\n{text}"]
)
def test_a_front_page_is_refused_whatever_stands_between_headlines_and_teasers(item: str) -> None:
    items = [item.format(title=title, sentence=title.capitalize(), text=text) for title, text in ANNOUNCED]
    with pytest.raises(NoArticleError, match="index page"):
        accepted("\n".join(["Kabar Laras", *items]))


def test_an_article_above_announcements_is_none_of_them() -> None:
    below = [line for announcement in ANNOUNCED for line in announcement]
    assert ARTICLE in accepted("\n".join(("Taman Baru Dibuka di Girimulya", ARTICLE, OTHER, *below))).paragraphs


def test_an_article_with_a_short_heading_above_each_paragraph_stays() -> None:
    headings = ("Jalan kaki", "Minum air", "Tidur cukup", "Makan buah", "Ajak teman")
    lines = ["Lima Cara Sehat Warga Laras"]
    for heading, (_, text) in zip(headings, ANNOUNCED, strict=True):
        lines += [heading, text]
    assert len(accepted("\n".join(lines)).paragraphs) >= len(headings)


def test_an_article_whose_long_headings_stand_above_one_paragraph_each_stays() -> None:
    lines = ["Empat Taman Baru Dibuka di Girimulya", ARTICLE]
    for number, place in enumerate(("Timur", "Barat", "Utara", "Selatan"), 2):
        lines.append(f"Taman Bermain Anak Girimulya {place}")
        lines.append(f"Warga senang karena taman itu dekat rumah, teduh, dan dibuka sampai pukul {number} sore.")
    assert len(accepted("\n".join(lines)).paragraphs) >= 5


def test_a_mail_that_is_quoted_as_a_whole_loses_its_marks() -> None:
    assert split_paragraphs(f"> Taman Baru\n>\n> {ARTICLE}\n>> {OTHER}") == ("Taman Baru", ARTICLE, OTHER)
    assert split_paragraphs(f"Taman Baru\n> {ARTICLE}\n> {OTHER}") == ("Taman Baru", f"> {ARTICLE}", f"> {OTHER}")
    assert split_paragraphs(f"> {ARTICLE}") == (f"> {ARTICLE}",)
