from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given, settings

from summarizer.text.normalise import beginning, counted, one_line, plain_text, tidy_lines
from tests.strategies import characters


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("satu\r\ndua\rtiga\u2028empat", "satu\ndua\ntiga\nempat"),
        ("harga\u00a0Rp5\t\tribu", "harga Rp5 ribu"),
        ("tiga\x0bwarga\x0cluka \x1c\x1f ringan\x85pulang", "tiga warga luka ringan\npulang"),
        ("\x1b[31mmerah\x1b[0m", "merah"),
        ("\x1b]0;judul palsu\x07teks", "teks"),
        ("\x1b]8;;http://contoh.id\x1b\\tautan\x1b]8;;\x1b\\", "tautan"),
        ("\x9b2Jteks", "teks"),
        ("kata\u200bkata \u202ebalik\u202c", "katakata balik"),
        ("a\x00b\x08c\x7f", "abc"),
        ("\ufeffawal", "awal"),
        ("ko\ud800ta\udfff", "kota"),
        ("cafe\u0301", "caf\u00e9"),
        ("[31m tetap teks", "[31m tetap teks"),
        ("\x1b]0;tanpa akhir\n\x1b[999999999\x1b", "0;tanpa akhir\n999999999"),
    ],
)
def test_markup_becomes_plain_text(raw: str, expected: str) -> None:
    assert plain_text(raw) == expected


def test_what_is_typed_is_tidied() -> None:
    typed = "  satu \t dua\r\n\n tiga  \n"
    assert tidy_lines(typed, one=False) == "satu dua\n\ntiga"
    assert tidy_lines(typed, one=True) == "satu dua tiga"
    assert tidy_lines(" \n", one=False) == ""
    assert tidy_lines("\x1b[31msatu\x00\n\u202edua", one=False) == "satu\ndua"
    assert one_line("  dua\n  baris ") == "dua baris"


@pytest.mark.parametrize(("number", "said"), [(0, "0 words"), (1, "1 word"), (2, "2 words")])
def test_one_thing_has_no_plural(number: int, said: str) -> None:
    assert counted(number, "word") == said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Satu dua.", "Satu dua."),
        (" satu\n dua ", "satu dua"),
        ("satu dua tiga", "satu dua…"),
        ("Satu dua. Tiga", "Satu dua…"),
        ("satu, dua, tiga", "satu, dua…"),
        ("(satu) dua (tiga)", "(satu) dua…"),
        ("satuduatigaempat", "satuduatig…"),
        ("", ""),
    ],
)
def test_a_text_is_known_by_its_beginning(text: str, expected: str) -> None:
    assert beginning(text, 11) == expected


@pytest.mark.parametrize("step", [plain_text, one_line, partial(tidy_lines, one=True), partial(tidy_lines, one=False)])
@settings(max_examples=100, deadline=None)
@given(characters)
def test_a_second_time_changes_nothing(step: Callable[[str], str], text: str) -> None:
    once = step(text)
    assert step(once) == once
