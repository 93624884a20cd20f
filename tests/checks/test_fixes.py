"""Numbers, times, dates, offices and terms that a translation has in Indonesian form."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings

from summarizer.checks import fix_dates, fix_numbers, fix_terms
from summarizer.lexicon.glossary import Glossary
from tests.strategies import english_sentences, paragraphs


def fix(source: str, translation: str) -> str:
    return fix_terms(source, fix_dates(source, fix_numbers(source, translation)))


@pytest.mark.parametrize(
    ("source", "written", "expected"),
    [
        ("Lompatannya 16,05 meter.", "His jump was 16,05 meters.", "His jump was 16.05 meters."),
        ("Ada 1.250 warga.", "There were 1.250 residents.", "There were 1,250 residents."),
        ("pada Rabu (12/3) malam", "on Wednesday (12/3) night", "on Wednesday (12 March) night"),
        ("pada Rabu (12/3) malam", "on Wednesday (3/12) night", "on Wednesday (12 March) night"),
        ("Senin, 5/6/2017", "Monday, 5/6/2017", "Monday, 5 June 2017"),
        ("Warga Korea Selatan datang.", "Citizens of Korea Selatan came.", "Citizens of South Korea came."),
        ("Di Jepang ia tinggal.", "In Jepang he lives.", "In Japan he lives."),
        ("Ia ke Jerman pada Oktober.", "He went to Jerman in Oktober.", "He went to Germany in October."),
        ("Naik 5 ribu pada Jumat, 2 Agustus.", "Up 5 ribu on Jumat, 2 Agustus.", "Up 5 thousand on Friday, 2 August."),
        ("Pusat kecamatan sepi.", "The centre of the kecamatan was quiet.", "The centre of the district was quiet."),
        ("Beberapa kabupaten terendam.", "Several kabupaten were flooded.", "Several regencies were flooded."),
        ("Rabu (12/3), Senin (3/12)", "Wed. (12/3), Mon. (3/12)", "Wed. (12 March), Mon. (3 December)"),
        ("Rapat mulai pukul 16.05 WIB.", "The meeting began at 16.05 WIB.", "The meeting began at 16:05 WIB."),
        ("Gempa terjadi pukul 05.12 WITA.", "The quake struck at 5.12 a.m.", "The quake struck at 5:12 a.m."),
        ("Wali Kota Surabaya hadir.", "Wali Kota Surabaya attended.", "Mayor Surabaya attended."),
        ("Wakil Bupati Bima hadir.", "Wakil Bupati Bima attended.", "Deputy Regent Bima attended."),
        # What is right or unknown stays.
        ("Harganya 1,250.", "It costs 1,250.", "It costs 1,250."),
        ("Tidak ada.", "It is 3,5.", "It is 3,5."),
        ("dua pertiga (2/3) warga", "two thirds (2/3) of the residents", "two thirds (2/3) of the residents"),
        ("pada Rabu (12/3)", "on Wednesday (13/3)", "on Wednesday (13/3)"),
        ("Rabu, 12/3/45/6", "Wednesday, 12/3/45/6", "Wednesday, 12/3/45/6"),
        ("Ia pulang Minggu.", "He went home on Minggu.", "He went home on Minggu."),
        ("Koran Jawa Pos terbit.", "The newspaper Jawa Pos is out.", "The newspaper Jawa Pos is out."),
        ("Warga AS datang.", "AS citizens came.", "AS citizens came."),
        ("Skornya 16.05.", "The score is 16.05.", "The score is 16.05."),
        ("Pada pukul 29.75 ia datang.", "At 29.75 he came.", "At 29.75 he came."),
        ("Pukul 16.05 naik 16,05 persen.", "At 16:05 it rose 16.05 percent.", "At 16:05 it rose 16.05 percent."),
        ("Versi 4.05.2 rilis pukul 16.05.", "Version 4.05.2 came at 16:05.", "Version 4.05.2 came at 16:05."),
        ("Ia tinggal di Jalan Gubernuran.", "He lives in Gubernuran Street.", "He lives in Gubernuran Street."),
    ],
)
def test_what_is_in_indonesian_form_becomes_english(source: str, written: str, expected: str) -> None:
    assert fix(source, written) == expected
    # Once is enough.
    assert fix(source, expected) == expected


def test_a_backslash_in_a_glossary_means_itself() -> None:
    glossary = Glossary({"Menko": (r"Minister\1",)}, frozenset({"Menko"}))
    assert fix_terms("Menko datang.", "Menko came.", glossary) == r"Minister\1 came."


@pytest.mark.parametrize("step", [fix_numbers, fix_dates, fix_terms, fix])
@settings(max_examples=100, deadline=None)
@given(paragraphs | english_sentences, english_sentences)
def test_a_second_time_changes_nothing(step: Callable[[str, str], str], source: str, translation: str) -> None:
    once = step(source, translation)
    assert step(source, once) == once
