import pytest
from lxml import html

from summarizer.extraction.metadata import Declared, people_among, read_declared

TEXT = ["Jembatan gantung di Sukamaju ambruk diterjang banjir.", "Warga memakai perahu."]
HEADLINE = "Jembatan Gantung Sukamaju Ambruk"


def declared(head: str, body: str = "") -> Declared:
    return read_declared(html.document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>"))


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
    assert declared(head).title(TEXT, [shown, *TEXT], "www.kabarlaras.com") == HEADLINE


@pytest.mark.parametrize("headline", ["Gas Naik, Rakyat Menjerit", "Gas Naik di Kabar Laras"])
def test_the_name_of_a_newspaper_on_a_portal_is_no_headline(headline: str) -> None:
    text = ["Warga Laras menolak harga elpiji baru.", "Kabar itu menyebar cepat di Laras."]
    assert declared(f"<title>{headline} | Kabar Laras</title>").title(text, text, "kabarlaras.portal.id") == headline


def test_no_headline() -> None:
    nothing = declared("", "<p>Teks.</p>")
    assert nothing.title(TEXT, TEXT, "") is None
    assert (nothing.claims, nothing.objection) == ((), "")


@pytest.mark.parametrize(
    ("names", "people"),
    [
        ("Rina Wulandari; CNBC Laras", "Rina Wulandari"),
        ("Kompas Cyber Media", None),
        ("PT VIVA MEDIA BARU", None),
        ("Www Akurat Co", None),
        ("Web Design; Development", None),
        ("Pewarta Wira Santoso; Wira Santoso", "Wira Santoso"),
        ("Oleh Redaksi", None),
        ("Agranet Multicitra Siberkom", None),
        ("Gramedia Majalah", None),
        ("Wira Santoso; S Pd I", "Wira Santoso"),
        ("Wira Santoso; S.Kom.", "Wira Santoso"),
        ("Siti; Sandi", "Siti; Sandi"),
        ("Kabar Laras; Ratna Dewi", "Ratna Dewi"),
        ("", None),
    ],
)
def test_authors_are_people(names: str, people: str | None) -> None:
    assert people_among(names, "www.kabarlaras.com") == people


def test_damaged_and_odd_declarations() -> None:
    odd = declared(
        "<meta property='og:title' content='Rapat — Ditutup'><script type='application/ld+json'>{oops"
        '</script><script type=\'application/ld+json\'>[{"@type": ["NewsArticle"], "headline": 5}]</script>'
    )
    assert odd.headlines == ("Rapat — Ditutup",)


def test_half_a_character_in_json_is_left_out() -> None:
    texts = r'"headline": "Taman Baru \ud83d", "description": "\ud83d", "articleBody": "\ud83d\ude00\ud83d"'
    half = declared(f'<script type=\'application/ld+json\'>{{"@type": "NewsArticle", {texts}}}</script>')
    assert (half.headlines, half.description, half.bodies) == (("Taman Baru",), "", ("😀",))


def test_a_headline_beside_those_of_very_many_other_articles() -> None:
    # To hold each against all others takes minutes.
    articles = ", ".join(f'{{"@type": "NewsArticle", "headline": "Kabar Laras {n:05}"}}' for n in range(50_000))
    head = f"<script type='application/ld+json'>[{articles}]</script><title>{HEADLINE}</title>"
    assert declared(head, f"<h1>{HEADLINE}</h1>").title(TEXT, [HEADLINE, *TEXT], "") == HEADLINE
