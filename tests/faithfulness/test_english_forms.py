"""Times, points, ordinals, offices and set terms, in sentences."""

from __future__ import annotations

import pytest

from summarizer.faithfulness import check_translation, fix_dates, fix_numbers, fix_terms
from summarizer.text.glossary import Glossary
from tests.conftest import FakeModel
from tests.writing.test_translation import translate_paragraphs


def fix(source: str, translation: str) -> str:
    return fix_terms(source, fix_dates(source, fix_numbers(source, translation)))


@pytest.mark.parametrize(
    ("source", "written", "expected"),
    [
        # Times of day.
        ("Rapat mulai pukul 16.05 WIB.", "The meeting began at 16.05 WIB.", "The meeting began at 16:05 WIB."),
        ("Rapat mulai pukul 16.05 WIB.", "The meeting began at 4.05 p.m.", "The meeting began at 4:05 p.m."),
        ("Gempa terjadi pukul 05.12 WITA.", "The quake struck at 5.12 a.m.", "The quake struck at 5:12 a.m."),
        ("Acara pukul 09.00-11.30 WIB.", "It runs from 09.00-11.30 WIB.", "It runs from 09:00-11:30 WIB."),
        ("Laga mulai jam 19.30.", "The match starts at 19.30.", "The match starts at 19:30."),
        # Points of a percentage.
        ("Bunga naik 0,5 persen poin.", "Rates rose 0,5 percent.", "Rates rose 0.5 percentage points."),
        ("Bunga naik 0,5 persen poin.", "Rates rose 0.5 persen poin.", "Rates rose 0.5 percentage points."),
        ("Bunga naik 0,25 poin persentase.", "Rates rose 0.25 points.", "Rates rose 0.25 percentage points."),
        ("Bunga naik 1 persen poin.", "Rates rose 1%.", "Rates rose 1 percentage point."),
        # Ordinals and Roman numerals.
        ("Ia presiden ke-7.", "He is the ke-7 president.", "He is the 7th president."),
        ("Ia juara ke-3 dan ke-12.", "He was ke-3 and ke-12.", "He was 3rd and 12th."),
        ("Perang memasuki hari ke-1.000.", "It was the ke-1.000 day.", "It was the 1,000th day."),
        ("Perang memasuki hari ke-1.003.", "It was the ke-1,003 day.", "It was the 1,003rd day."),
        ("Raja ke-XV wafat.", "The ke-XV king died.", "The 15th king died."),
        ("Bab ke-V dibuka.", "The ke-V chapter opens.", "The 5th chapter opens."),
        # Offices.
        ("Wali Kota Surabaya hadir.", "Wali Kota Surabaya attended.", "Mayor Surabaya attended."),
        ("Gubernur Jawa Barat hadir.", "Gubernur West Java attended.", "Governor West Java attended."),
        ("Kapolres Cianjur hadir.", "Kapolres Cianjur attended.", "Police Chief Cianjur attended."),
        ("Kapolri Listyo hadir.", "Kapolri Listyo attended.", "National Police Chief Listyo attended."),
        ("Wakil Bupati Bima hadir.", "Wakil Bupati Bima attended.", "Deputy Regent Bima attended."),
    ],
)
def test_what_is_in_indonesian_form_becomes_english(source: str, written: str, expected: str) -> None:
    assert fix(source, written) == expected
    # Once is enough.
    assert fix(source, expected) == expected


@pytest.mark.parametrize(
    ("source", "written"),
    [
        # Not a time: no clock in front of it, no such hour, an amount, a version.
        ("Skornya 16.05.", "The score is 16.05."),
        ("Pada pukul 29.75 ia datang.", "At 29.75 he came."),
        ("Pukul 16.05 indeks naik 16,05 persen.", "At 16:05 the index rose 16.05 percent."),
        ("Versi 4.05.2 dirilis pukul 16.05.", "Version 4.05.2 was released at 16:05."),
        # Percent, and points of something else.
        ("Harga naik 0,5 persen.", "Prices rose 0.5 percent."),
        ("Bunga naik 25 basis poin.", "Rates rose 25 basis points."),
        ("Bunga naik 0,5 persen poin.", "Rates made a 0.5-percentage-point jump."),
        # The same number twice, and no telling which is which.
        ("Naik 0,5 persen poin menjadi 0,5 persen.", "It rose 0.5 percent to 0.5 percent."),
        # Neither an ordinal nor a numeral.
        ("Koke-7 adalah nama.", "Koke-7 is a name."),
        ("Ruang ke-IXI.", "Room ke-IXI."),
        ("Pasal ke-1.2 dicabut.", "Article ke-1.2 was dropped."),
        # An office that the source doesn't have.
        ("Ia tinggal di Jalan Gubernuran.", "He lives in Gubernuran Street."),
    ],
)
def test_what_is_right_or_unknown_stays(source: str, written: str) -> None:
    assert fix(source, written) == written


@pytest.mark.parametrize(
    ("source", "written", "found"),
    [
        ("Wali Kota Surabaya hadir.", "The governor of Surabaya attended.", "“Wali Kota” is not said"),
        ("Gubernur Jabar hadir.", "The mayor of West Java attended.", "“Gubernur” is not said"),
        ("Bupati Bima hadir.", "The mayor of Bima attended.", "“Bupati” is not said"),
        ("Timnas lolos dari fase grup.", "The team qualified for the group stage.", "“lolos dari fase” is not said"),
        ("Ia lolos dari maut.", "He passed away.", "“lolos dari maut” is not said"),
        ("Ia mundur dari jabatannya.", "He moved back from his post.", "“mundur dari jabatannya” is not said"),
        ("Muktamar ke-XXXIV digelar.", "The 24th congress was held.", "“XXXIV” is missing"),
    ],
)
def test_another_office_or_outcome_is_a_fault(source: str, written: str, found: str) -> None:
    assert found in map(str, check_translation(source, written))


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("Wali Kota Surabaya hadir.", "The mayor of Surabaya attended."),
        ("Bupati Bima hadir.", "The regent of Bima attended."),
        ("Gubernur Jawa Barat hadir.", "The governor of West Java attended."),
        ("Kapolres Cianjur hadir.", "The Cianjur police chief attended."),
        ("Timnas lolos dari fase grup.", "The national team advanced from the group stage."),
        ("Ia lolos dari maut.", "He escaped death."),
        ("Ia mundur dari jabatannya.", "He stepped down."),
        ("Rapat ke-XXXIV digelar.", "The 34th meeting was held."),
        ("Rapat ke-XXXIV digelar.", "The XXXIV meeting was held."),
        ("Rapat mulai pukul 16.05.", "The meeting began at 4:05 p.m."),
        ("Bunga naik 0,5 persen poin.", "Rates rose 0.5 percentage points."),
    ],
)
def test_what_is_right_is_no_fault(source: str, written: str) -> None:
    assert check_translation(source, written) == []


def test_a_backslash_in_a_glossary_means_itself() -> None:
    glossary = Glossary({"Menko": (r"Minister\1",)}, frozenset({"Menko"}))
    assert fix_terms("Menko datang.", "Menko came.", glossary) == r"Minister\1 came."


def test_a_translator_puts_them_right() -> None:
    source = "Wali Kota Surabaya membuka rapat ke-XV pada pukul 16.05 WIB."
    model = FakeModel(lambda task, text: "Wali Kota Surabaya opened the ke-XV meeting at 16.05 WIB.")
    translation = translate_paragraphs([source], model)
    assert translation.paragraphs == ("Mayor Surabaya opened the 15th meeting at 16:05 WIB.",)
    assert translation.warnings == ()
    assert [repair.how for repair in translation.repairs] == ["form"]
