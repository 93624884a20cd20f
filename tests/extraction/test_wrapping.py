"""Text as it is copied out of a PDF: words and sentences are whole again, and nothing is lost."""

import random
import re
import textwrap

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eval.invented_pages import invent_page
from summarizer.extraction.plain_text import split_paragraphs
from tests.conftest import ARTICLE
from tests.extraction.pages import cleaned

PDF = """Banjir Rendam Tiga Desa di Girimulya

GIRIMULYA - Tiga desa di Kecamatan Girimulya terendam ban-
jir setelah hujan deras mengguyur wilayah itu sejak Selasa ma-
lam. Sedikitnya 240 rumah terendam hingga setinggi satu me-
ter dan warga dievakuasi ke balai desa.

Kepala badan penanggulangan bencana daerah, Wira San-
toso, mengatakan anak-anak dan orang tua dievakuasi lebih
dahulu dengan perahu karet milik badan itu. "Anak-
anak kami bawa ke balai desa, yang lain menyusul," kata dia.
"""
PARAGRAPHS = (
    "Tiga desa di Kecamatan Girimulya terendam banjir setelah hujan deras mengguyur wilayah itu sejak Selasa malam. "
    "Sedikitnya 240 rumah terendam hingga setinggi satu meter dan warga dievakuasi ke balai desa.",
    "Kepala badan penanggulangan bencana daerah, Wira Santoso, mengatakan anak-anak dan orang tua dievakuasi lebih "
    'dahulu dengan perahu karet milik badan itu. "Anak-anak kami bawa ke balai desa, yang lain menyusul," kata dia.',
)


@pytest.mark.parametrize("text", [PDF, PDF.replace("Girimulya\n\n", "Girimulya\n"), PDF.replace("-\n", "\xad\n", 1)])
def test_an_article_out_of_a_pdf_is_whole(text: str) -> None:
    article = cleaned(text)
    assert article.title == "Banjir Rendam Tiga Desa di Girimulya"
    assert article.paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        ("ban-\njir", "banjir"),
        ("anak-\nanak", "anak-anak"),
        ("anak-\nanaknya", "anak-anaknya"),
        ("setinggi-\ntingginya", "setinggi-tingginya"),
        ("bersama-\nsama", "bersama-sama"),
        ("tolong-\nmenolong", "tolong-menolong"),
        ("sayur-\nmayur", "sayur-mayur"),
        ("Pra-\nbowo", "Prabowo"),
        ("diper-\nsoalkannya,", "dipersoalkannya,"),
        ("ke-\nterlambatan", "keterlambatan"),
        ("non-\nIslam", "non-Islam"),
        ("ke-\n25", "ke-25"),
        ("Asia-\nPasifik", "Asia-Pasifik"),
        # The text has the word elsewhere, which no dictionary has.
        ("Kali-\njambe", "Kalijambe"),
        ("gas-\nkali", "gas-kali"),
    ],
)
def test_a_word_broken_at_a_hyphen_is_whole_and_keeps_the_hyphen_that_is_its_own(broken: str, word: str) -> None:
    first, second = broken.split("\n")
    lines = [
        "Warga Kalijambe mengatakan tanggul itu sudah lama retak, te-",
        "tapi belum juga diperbaiki oleh pemerintah kabupaten gas-kali.",
        f"Lurah itu menambahkan bahwa warga sudah menyebut soal {first}",
        f"{second} kepada camat, dan camat berjanji akan segera menyampai-",
        "kan hal itu kepada bupati.",
    ]
    (paragraph,) = split_paragraphs("\n".join(lines))
    assert f"menyebut soal {word} kepada camat" in paragraph
    assert "retak, tetapi belum" in paragraph
    assert "menyampaikan hal" in paragraph


def test_a_word_is_whole_behind_the_end_of_a_page() -> None:
    lines = ["Warga desa itu terendam ban-", "", "12", "\fjir sejak Selasa malam dan mengungsi ke balai desa."]
    text = " ".join(split_paragraphs("\n".join(lines)))
    assert "terendam banjir" in text
    assert text.endswith("sejak Selasa malam dan mengungsi ke balai desa.")


@pytest.mark.parametrize(
    "lines",
    [
        ("Jakarta -", "Menteri membuka rapat."),
        ("Jadwal:", "- pagi", "- sore"),
        ("Jakarta-", "Menteri membuka rapat."),
        ("Nilainya 3 -", "lima."),
        ("---", "dan seterusnya"),
    ],
)
def test_a_dash_breaks_no_word(lines: tuple[str, ...]) -> None:
    assert split_paragraphs("\n".join(lines)) == lines


def test_a_short_column_without_hyphens_is_put_together() -> None:
    paragraphs = [ARTICLE, ARTICLE.replace("taman", "lapangan")]
    text = "\n\n".join(textwrap.fill(paragraph, 32) for paragraph in paragraphs)
    assert split_paragraphs(text) == tuple(paragraphs)


def test_a_headline_stays_apart_from_the_text_right_below_it() -> None:
    headline = "Banjir Rendam Tiga Desa di Kecamatan Girimulya, Laras"
    text = f"{headline}\n" + PDF.partition("\n\n")[2]
    assert cleaned(text).title == headline
    broken = text.replace("di Kecamatan Girimulya, Laras", "di Kecamatan\nGirimulya dan Dua Desa Sekitarnya", 1)
    assert cleaned(broken).title == "Banjir Rendam Tiga Desa di Kecamatan Girimulya dan Dua Desa Sekitarnya"


def typeset(paragraph: str, width: int, draw: random.Random) -> list[str]:
    """Break a paragraph into full lines, with hyphens between a vowel and a consonant in front of another vowel."""
    lines = [""]
    for word in paragraph.split():
        line = f"{lines[-1]} {word}".lstrip()
        # As letters differ in width, so do lines.
        room = width + draw.randint(-2, 2)
        if len(line) <= room:
            lines[-1] = line
            continue
        syllable = re.match(r"[a-z]{1,6}[aiueo](?=[bcdfjklmpst][aiueo])", word)
        if syllable and len(lines[-1]) + 2 + syllable.end() <= room:
            lines[-1] += f" {syllable.group()}-"
            lines.append(word[syllable.end() :])
        else:
            lines.append(word)
    return lines


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(28, 70))
@example(223, 28)
def test_no_word_is_lost_whatever_the_column(seed: int, width: int) -> None:
    page = invent_page(seed, "plain")
    # Few lines of a wide column don't show that it is one.
    body = [*page.body, *invent_page(seed + 1, "plain").body, *invent_page(seed + 2, "plain").body]
    draw = random.Random(seed)
    columns = ["\n".join(typeset(paragraph, width, draw)) for paragraph in body]
    article = cleaned(f"{page.title}\n\n" + "\n\n".join(columns))
    assert " ".join(article.paragraphs).split() == " ".join(body).split()
