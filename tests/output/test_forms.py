from __future__ import annotations

import pytest

from summarizer.output.forms import escape_markdown


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("## Judul", r"\## Judul"),
        ("###### Judul", r"\###### Judul"),
        ("Satu.\n##", "Satu.\n\\##"),
        # These make a headline of the line in front of them.
        ("Satu.\n---\nDua.", "Satu.\n\\---\nDua."),
        ("Satu.\n=== ", "Satu.\n\\=== "),
        ("Satu.\n-", "Satu.\n\\-"),
        ("- - -", r"\- - -"),
        # And these are nothing but text.
        ("#Girimulya", "#Girimulya"),
        ("####### Judul", "####### Judul"),
        ("-5 derajat, 3 - 2 = 1", "-5 derajat, 3 - 2 = 1"),
    ],
)
def test_lines_that_markdown_would_take_for_marks_are_escaped(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped
