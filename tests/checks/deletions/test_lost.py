"""What goes and something far away needs, check by check; what goes stands between braces."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from summarizer.checks.deletions.abbreviations import find_lost_abbreviation
from summarizer.checks.deletions.main_clause import find_lost_main_clause, find_lost_predicate
from summarizer.checks.deletions.pairs import (
    count_dates,
    find_lost_date,
    find_lost_half,
    find_lost_number_in_brackets,
)
from summarizer.checks.deletions.speakers import find_lost_antecedent, find_lost_speaker
from summarizer.checks.deletions.word_forms import WordForm
from tests.checks.deletions.marked import forms

Check = Callable[[Sequence[WordForm], Sequence[bool]], Iterator[int]]


@pytest.mark.parametrize(
    ("check", "marked", "lost"),
    [
        (find_lost_half, "Banjir tidak hanya merendam sawah, {tetapi memutus jalan.}", "tetapi"),
        (find_lost_half, "Banjir {tidak hanya merendam sawah,} tetapi memutus jalan.", "tidak"),
        (find_lost_half, "Banjir {tidak hanya merendam sawah, tetapi} memutus jalan.", None),
        (find_lost_half, "Wali kota mendorong pegawai {untuk mundur} tahun ini.", "untuk"),
        (find_lost_half, "Wali kota mendorong pegawai untuk mundur {agar tenang}.", None),
        (find_lost_half, "{Baik} sawah maupun kebun terendam.", None),
        (find_lost_number_in_brackets, "Sari (40), Budi {(35)} datang.", "(35)"),
        (find_lost_number_in_brackets, "Sari {(40),} Budi {(35)} datang.", None),
        (find_lost_date, "Ia pulang Senin (3/2) {Rabu (5/2).}", "(5/2)."),
        (find_lost_date, "Ia pulang {Senin (3/2) Rabu (5/2)} malam.", None),
        (find_lost_antecedent, "{Sari datang,} menurut warga pihaknya pulang.", "Sari"),
        (find_lost_antecedent, "Sari {datang,} menurut warga pihaknya pulang.", None),
        (find_lost_main_clause, "Meski hujan turun, {warga pulang.}", "warga"),
        (find_lost_main_clause, "Meski hujan turun, warga {pulang.}", None),
        (find_lost_main_clause, "Warga pulang karena hujan, {kata Budi.}", None),
        (find_lost_predicate, "Wali kota {membuka taman} yang baru.", "membuka"),
        (find_lost_predicate, "Warga yang tinggal di Laras {menolak rencana.}", "menolak"),
        (find_lost_predicate, "Wali kota membuka taman {yang ditutup.}", None),
        (find_lost_speaker, "{Budi menilai} kebijakan itu baik.", "menilai"),
        (find_lost_speaker, "{Budi menyebut} harga harus turun.", "menyebut"),
        (find_lost_speaker, "{Budi menyebut} harga turun.", None),
        (find_lost_speaker, '"Hujan turun," {kata Budi} kemarin.', "kata"),
        (find_lost_speaker, "Harga harus turun, {kata Budi.}", "kata"),
        (find_lost_speaker, "{Menurut Sari,} jalan itu aman.", "Menurut"),
        (find_lost_speaker, "{Menurutnya,} jalan itu aman.", "Menurutnya,"),
        (find_lost_speaker, "{Menurut data kota,} jalan itu aman.", None),
        (find_lost_speaker, "Kata {tegas} itu harus dijaga.", None),
        (find_lost_speaker, "{Kata Budi,} harga turun.", None),
        (find_lost_speaker, "Budi, {yang menilai hal itu,} pulang.", None),
    ],
)
def test_what_is_needed_far_away_is_lost(check: Check, marked: str, lost: str | None) -> None:
    words, kept = forms(marked)
    found = [words[place].text for place in check(words, kept)]
    assert found == ([] if lost is None else [lost])


@pytest.mark.parametrize(
    ("marked", "after", "lost"),
    [
        ("Badan Air {(BAG)} menutup pintu air, kata BAG.", "", ["(BAG)"]),
        ("Badan Air {(BAG)} menutup pintu air.", "BAG menolak.", ["(BAG)"]),
        ("Badan Air {(BAG)} menutup pintu air.", "BAGUS menolak.", []),
        ("Badan Air {(air)} menutup air.", "", []),
        ("Badan Air (BAG) menutup {pintu} air, kata BAG.", "", []),
    ],
)
def test_an_abbreviation_is_lost_if_it_is_used_further_on(marked: str, after: str, lost: list[str]) -> None:
    words, kept = forms(marked)
    found = [words[place].text for place in find_lost_abbreviation(words, kept, after)]
    assert found == lost


@pytest.mark.parametrize(("text", "dates"), [("Senin (3/2) dan 6/1/2016", 2), ("3 Februari", 0), ("1/2345", 0)])
def test_dates_in_digits_are_counted(text: str, dates: int) -> None:
    assert count_dates(text) == dates
