import pytest
from lxml import html

from summarizer.extraction.blocks import alphanumeric_key
from summarizer.extraction.metadata import Declared, people_among, read_declared
from summarizer.extraction.reading import read_text
from tests.conftest import ARTICLE

TEXT = ["Jembatan gantung di Sukamaju ambruk diterjang banjir.", "Warga memakai perahu."]
HEADLINE = "Jembatan Gantung Sukamaju Ambruk"


def declared(head: str, body: str = "") -> Declared:
    return read_declared(html.document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>"))


def keys(*lines: str) -> set[str]:
    return set(map(alphanumeric_key, lines))


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        (f"<title>{HEADLINE} - Tribun Laras</title>", HEADLINE),
        (f"<title>{HEADLINE} | info_daerah | laras.id</title>", HEADLINE),
        (f"<title>Kabar Dusun: {HEADLINE}</title><h1>Kabar Dusun</h1>", HEADLINE),
        (f"<meta property='og:title' content='Kabar Laras'><title>{HEADLINE}</title>", HEADLINE),
        (f"<meta property='og:title' content='{HEADLINE} | Kabar Laras'><h1>Daerah</h1><h1>{HEADLINE}</h1>", HEADLINE),
        (f"<title>{HEADLINE} - Kabar Laras</title><meta property='og:site_name' content='Kabar Laras'>", ""),
    ],
)
def test_the_headline_is_told_from_names_of_site_and_section(head: str, shown: str) -> None:
    assert declared(head).title(TEXT, keys(shown, *TEXT), "https://www.kabarlaras.com/a") == HEADLINE


@pytest.mark.parametrize("headline", ["Gas Naik, Rakyat Menjerit", "Gas Naik di Kabar Laras"])
def test_the_name_of_a_newspaper_on_a_portal_is_no_headline(headline: str) -> None:
    text = ["Warga Laras menolak harga elpiji baru.", "Kabar itu menyebar cepat di Laras."]
    page = declared(f"<title>{headline} | Kabar Laras</title>")
    assert page.title(text, keys(*text), "https://kabarlaras.portal.id/1") == headline


@pytest.mark.parametrize(
    "hidden", ["<script>var a = 'Naik';</script>", "<style>h1 {}</style>", "<svg><title>Bagikan</title></svg>"]
)
def test_a_headline_is_without_the_scripts_and_pictures_inside_it(hidden: str) -> None:
    page = declared("", f"<h1>{hidden}Jembatan Gantung {hidden}<b>Sukamaju</b> Ambruk{hidden}</h1>")
    assert page.title(TEXT, keys(HEADLINE, *TEXT), "") == HEADLINE


def test_a_page_that_declares_nothing_has_no_headline() -> None:
    nothing = declared("", "<p>Teks.</p>")
    assert nothing.title(TEXT, keys(*TEXT), "") is None
    assert nothing.claims == ()
    assert nothing.objection == ""


def test_an_author_is_without_the_style_beside_the_name() -> None:
    style = "<style>p.a {content: 'Wali Kota'}</style>"
    page = read_text(f"<html><h1>{HEADLINE}</h1><p class='author'>{style}Budi Santoso</p><p>{ARTICLE}</p>", "a")
    assert page.author == "Budi Santoso"


def test_authors_are_people() -> None:
    for names in ("Kompas Cyber Media", "PT VIVA MEDIA BARU", "Web Design; Development", "Oleh Redaksi", ""):
        assert people_among(names) is None, names
    for names, people in {
        "Rina Wulandari; CNBC Laras": "Rina Wulandari",
        "Pewarta Wira Santoso; Wira Santoso": "Wira Santoso",
        "Wira Santoso; S Pd I; S.Kom.": "Wira Santoso",
        "Siti; Sandi": "Siti; Sandi",
    }.items():
        assert people_among(names) == people


def test_broken_json_and_half_a_character_in_it_are_left_out() -> None:
    texts = r'"description": "\ud83d", "articleBody": "\ud83d\ude00\ud83d"'
    oops = "<script type='application/ld+json'>{oops</script><meta property='og:title'>"
    half = declared(f'{oops}<script type=\'application/ld+json\'>{{"@type": "NewsArticle", {texts}}}</script>')
    assert half.headlines == ()
    assert half.description == frozenset()
    assert half.bodies == ("😀",)
