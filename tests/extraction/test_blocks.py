"""What the lines of a page are, by their shape and their neighbours."""

import pytest

from summarizer.extraction.blocks import Kind, make_blocks

CAPTIONS = [
    f"Warga desa ke-{number} melintas di jembatan yang rusak setelah hujan deras turun. (ANTARA FOTO/Rina)"
    for number in range(3)
]


def kinds(*lines: str) -> list[Kind]:
    return [block.kind for block in make_blocks(lines)]


def test_the_captions_of_a_gallery_are_its_text() -> None:
    assert kinds(*CAPTIONS) == [Kind.TEXT] * 3


def test_two_captions_make_no_gallery() -> None:
    assert Kind.TEXT not in kinds(*CAPTIONS[:2])


def test_captions_beside_more_text_are_none_of_it() -> None:
    story = "Jembatan itu ambruk setelah banjir menerjang desa pada hari Senin, dan warga mengungsi ke sekolah. " * 3
    assert kinds(story, *CAPTIONS).count(Kind.TEXT) == 1


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Jembatan Ambruk Diterjang Banjir", Kind.LABEL),
        ("7 jembatan Ambruk", Kind.ROW),
        ("7 Kursi Laras", Kind.ROW),
        ("Laras 7 Kursi", Kind.LABEL),
        ("Laras 2 kursi", Kind.ROW),
        ("Warga desa mengungsi ke sekolah setelah hujan deras turun.", Kind.TEXT),
    ],
)
def test_a_line_is_told_by_its_shape(line: str, kind: Kind) -> None:
    assert kinds(line) == [kind]


def test_labels_below_a_colon_are_rows() -> None:
    opening = "Inilah hasil pemilihan kepala desa yang diumumkan panitia:"
    assert kinds(opening, "Girimulya", "Laras", "Warga pulang ke rumah setelah panitia mengumumkan hasil itu.") == [
        Kind.TEXT,
        Kind.ROW,
        Kind.ROW,
        Kind.TEXT,
    ]
