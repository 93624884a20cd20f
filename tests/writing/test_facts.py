"""Key facts: what is found, and that all of it stands in the article."""

from dataclasses import fields
from pathlib import Path

import pytest

from summarizer.article import Article
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.reading import read_file
from summarizer.writing.facts import KeyFacts, find_facts
from tests.conftest import ARTICLE


def _facts(*paragraphs: str, date: str | None = None) -> KeyFacts:
    return find_facts(Article("a.txt", None, paragraphs, date=date))


def _texts(*paragraphs: str, name: str) -> list[str]:
    return [fact.text for fact in getattr(_facts(*paragraphs), name)]


def test_all_sorts() -> None:
    facts = _facts(
        ARTICLE, '"Ini taman untuk semua warga," kata Ratna di Gedung Sate, Bandung, Senin.', date="2025-02-03"
    )
    assert [fact.text for fact in facts.who] == ["Wali Kota Ratna Puspita"]
    assert [(fact.text, fact.context[:18]) for fact in facts.figures] == [
        ("12 hektare", "Pemerintah Kota Gi"),
        ("Rp7,5 miliar", "Wali Kota Ratna Pu"),
    ]
    assert [fact.text for fact in facts.where] == ["Gedung Sate, Bandung"]
    assert [(fact.text, fact.day) for fact in facts.when] == [("Minggu (2/2)", "2025-02-02")]
    assert [(fact.text, fact.context) for fact in facts.said] == [('"Ini taman untuk semua warga,"', "Ratna")]
    assert facts.to_dict()["when"] == [{"text": "Minggu (2/2)", "paragraph": 0, "start": 89, "day": "2025-02-02"}]


def test_quotations_behind_many_capitals_are_found_in_time() -> None:
    # Minutes, if each looked for its speaker in all that stands before it.
    said = _facts("Budi " * 3000 + 'mengatakan, "Kami siap menerima warga." ' * 20).said
    assert said[0].text == '"Kami siap menerima warga."'
    assert said[0].context.endswith("Budi")


@pytest.mark.parametrize(
    ("text", "date", "day"),
    [
        ("Ia datang kemarin.", "2025-02-03", "2025-02-02"),
        ("Ia datang besok.", "2025-02-28", "2025-03-01"),
        ("Ia datang Besok.", None, None),
        ("Ia datang Selasa (30/12).", "2026-01-02", "2025-12-30"),
        # That day is a Monday.
        ("Ia datang Selasa (29/12).", "2026-01-02", None),
        ("Ia datang Selasa (31/2).", "2026-01-02", None),
        ("Ia datang Selasa (99/99).", "2026-01-02", None),
        ("Ia datang Selasa (30/12).", None, None),
        ("Ia datang Selasa (30/12).", "bukan tanggal", None),
        ("Ia lahir 17 Agustus 1945.", None, "1945-08-17"),
        ("“Dia kemarin datang,” kata Budi.", "2025-02-03", None),
        ("Ia datang besok.", "9999-12-31", None),
        ("Ia datang kemarin.", "0001-01-01", None),
        ("Pada Rabu (4/2/2026) ia pulang, hari ini ia kembali.", None, "2026-02-04"),
    ],
)
def test_days(text: str, date: str | None, day: str | None) -> None:
    facts = _facts(text, date=date)
    assert facts.when[0].day == day


@pytest.mark.parametrize("text", ["Skornya 9/10 saja.", "Minggu depan.", "Hujan 12 derajat.", "Pukul 10.30 WIB."])
def test_what_is_no_day(text: str) -> None:
    assert _texts(text, name="when") == []


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Menteri Dalam Negeri (Mendagri) Tito Karnavian hadir.", ["Menteri Dalam Negeri (Mendagri) Tito Karnavian"]),
        ("Presiden Joko Widodo dan Menteri Retno Marsudi hadir.", ["Presiden Joko Widodo", "Menteri Retno Marsudi"]),
        ("Juru bicara KPK Budi Prasetyo hadir. Budi pulang.", ["Juru bicara KPK Budi Prasetyo"]),
        ("Menteri Keuangan hadir di Jakarta.", []),
        ("Warga Jakarta datang ke Jakarta.", []),
        ("Korban diketahui Desi.", []),
        ('"Ya," ujar Riri.', ["Riri"]),
        ("Bupati Girimulya, Ratna Puspita, hadir.", ["Bupati Girimulya, Ratna Puspita"]),
        (
            'Kepala Badan SAR (Basarnas) Laras, Hendra Wira, hadir. "Ya," kata Hendra.',
            ["Kepala Badan SAR (Basarnas) Laras, Hendra Wira"],
        ),
        ("Warga Desa Sumberwangi datang.", []),
        ("Bupati Girimulya datang dari Kabupaten Girimulya.", []),
        ("Ketua itu pulang.", []),
    ],
)
def test_people(text: str, who: list[str]) -> None:
    assert _texts(text, name="who") == who


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Inflasi naik menjadi 5,32% pada 2025.", ["5,32%"]),
        ("Pada 2025, Selasa (3/2), pukul 10.00, ia datang.", []),
        ("Bantuan US$ 2 juta dan 30 ton beras tiba.", ["US$ 2 juta", "30 ton beras"]),
        ("Ia tinggal di Jalan Mawar 7.", []),
        ("Sulastri, 41 tahun, warga setempat.", []),
    ],
)
def test_figures(text: str, figures: list[str]) -> None:
    assert [figure.split(" beras")[0] for figure in _texts(text, name="figures")] == [
        figure.split(" beras")[0] for figure in figures
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Ia tinggal di Medan, Sumatera Utara.", ["Medan, Sumatera Utara"]),
        ("Di Medan, Budi tinggal.", ["Medan"]),
        ("Ia menulis di Instagram, lalu di hadapan Budi.", []),
        ("Acara di Jakarta, Selasa (3/2).", ["Jakarta"]),
    ],
)
def test_places(text: str, where: list[str]) -> None:
    assert _texts(text, name="where") == where


def test_a_quotation_needs_a_named_speaker() -> None:
    assert _texts('"Kami akan datang lagi," katanya.', name="said") == []
    assert _texts('Budi mengatakan, "Kami akan datang lagi."', name="said") == ['"Kami akan datang lagi."']


def test_nothing_of_nothing() -> None:
    assert _facts() == KeyFacts()
    assert _facts("") == KeyFacts()


PAGES = sorted(
    path for path in (Path(__file__).parents[2] / "eval/data/news").glob("*.txt") if path.name.count(".") == 1
)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_all_of_it_is_copied(page: Path) -> None:
    article = clean(read_file(page))
    facts = find_facts(article)
    found = [fact for field in fields(facts) for fact in getattr(facts, field.name)]
    assert found
    for fact in found:
        paragraph = article.paragraphs[fact.paragraph]
        assert paragraph[fact.start :].startswith(fact.text)
        assert fact.text
        assert fact.context in paragraph
