"""Times, offices and set terms, in sentences."""

from __future__ import annotations

import pytest

from summarizer.checks import check_translation, fix_dates, fix_numbers, fix_terms
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
        ("Gempa terjadi pukul 05.12 WITA.", "The quake struck at 5.12 a.m.", "The quake struck at 5:12 a.m."),
        ("Laga mulai jam 19.30.", "The match starts at 19.30.", "The match starts at 19:30."),
        # Offices.
        ("Wali Kota Surabaya hadir.", "Wali Kota Surabaya attended.", "Mayor Surabaya attended."),
        ("Gubernur Jawa Barat hadir.", "Gubernur West Java attended.", "Governor West Java attended."),
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
        ("Bupati Bima hadir.", "The mayor of Bima attended.", "“Bupati” is not said"),
        ("Timnas lolos dari fase grup.", "The team qualified for the group stage.", "“lolos dari fase” is not said"),
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
        ("Gubernur Jawa Barat hadir.", "The governor of West Java attended."),
        ("Kapolres Cianjur hadir.", "The Cianjur police chief attended."),
        ("Ia lolos dari maut.", "He escaped death."),
        ("Ia mundur dari jabatannya.", "He stepped down."),
        ("Rapat ke-XXXIV digelar.", "The 34th meeting was held."),
        ("Rapat mulai pukul 16.05.", "The meeting began at 4:05 p.m."),
    ],
)
def test_what_is_right_is_no_fault(source: str, written: str) -> None:
    assert check_translation(source, written) == []


def test_a_backslash_in_a_glossary_means_itself() -> None:
    glossary = Glossary({"Menko": (r"Minister\1",)}, frozenset({"Menko"}))
    assert fix_terms("Menko datang.", "Menko came.", glossary) == r"Minister\1 came."


def test_a_translator_puts_them_right() -> None:
    source = "Wali Kota Surabaya membuka rapat pada pukul 16.05 WIB."
    model = FakeModel(lambda task, text: "Wali Kota Surabaya opened the meeting at 16.05 WIB.")
    translation = translate_paragraphs([source], model)
    assert translation.paragraphs == ("Mayor Surabaya opened the meeting at 16:05 WIB.",)
    assert translation.warnings == ()
    assert [repair.how for repair in translation.repairs] == ["form"]
