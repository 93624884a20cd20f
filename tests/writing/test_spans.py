"""The spans of a sentence that may go as a whole."""

from __future__ import annotations

import pytest

from summarizer.writing.spans import SpanKind, find_spans


def told(sentence: str, kind: SpanKind) -> set[str]:
    words = sentence.split()
    wanted = {kind, SpanKind.JOINED} if kind == SpanKind.JOINED else {kind}
    return {
        " ".join(words[start:end])
        for (start, end), kinds in find_spans(words).items()
        if wanted == kinds & {kind, SpanKind.JOINED}
    }


@pytest.mark.parametrize(
    ("sentence", "kind", "span"),
    [
        ("Badan Air Laras (BAL) membuka waduk.", SpanKind.BRACKET, "(BAL)"),
        ("Warga (baik tua maupun muda) datang.", SpanKind.BRACKET, "(baik tua maupun muda)"),
        ("Sari, wali kota, membuka taman.", SpanKind.APPOSITION, "wali kota,"),
        ("Setelah hujan reda, warga pulang.", SpanKind.OPENING, "Setelah hujan reda,"),
        ("Warga pulang, dengan selamat.", SpanKind.ENDING, "dengan selamat."),
        # Behind one that nothing opens.
        ("a) warga (tua dan muda) datang.", SpanKind.BRACKET, "(tua dan muda)"),
        ("Warga [tua dan muda] datang.", SpanKind.BRACKET, "[tua dan muda]"),
        ("Sementara itu, warga pulang.", SpanKind.LINK, "Sementara itu,"),
        ("Padahal warga sudah pulang.", SpanKind.LINK, "Padahal"),
        ("Terlebih lagi, warga pulang.", SpanKind.LINK, "Terlebih lagi,"),
        ("Maka dari itu, warga pulang.", SpanKind.LINK, "Maka dari itu,"),
        ("Sopir yang mabuk ditahan polisi.", SpanKind.RELATIVE, "yang mabuk"),
        ("Warga pulang karena hujan turun deras.", SpanKind.CLAUSE, "karena hujan turun deras."),
        ("Wali kota membuka taman di Laras pada Senin.", SpanKind.PHRASE, "di Laras"),
        ("Wali kota membuka taman dan sekolah.", SpanKind.CONJUNCT, "dan sekolah."),
        ("Taman dibuka Senin (3/2/2025) oleh Sari.", SpanKind.DATE, "Senin (3/2/2025)"),
        ("Kemarin Wali Kota Laras Sari Dewi datang.", SpanKind.TITLE, "Wali Kota Laras"),
        ("Harga itu sebesar tiga ribu.", SpanKind.FILLER, "sebesar"),
        ("Taman (baru) di Laras dibuka oleh Sari.", SpanKind.JOINED, "(baru) di Laras"),
    ],
)
def test_spans_are_found(sentence: str, kind: SpanKind, span: str) -> None:
    assert span in told(sentence, kind)


@pytest.mark.parametrize(
    ("sentence", "kind", "span"),
    [
        # A bracket that nothing closes.
        ("Badan Air Laras (BAL membuka waduk.", SpanKind.BRACKET, "(BAL"),
        ("Badan Air Laras [BAL membuka waduk.", SpanKind.BRACKET, "[BAL"),
        # A bracket that nothing opened takes none of those behind it.
        ("a) warga (BAL membuka waduk.", SpanKind.BRACKET, "a) warga (BAL"),
        # A phrase doesn't end with the word that opens another one.
        ("Warga yang akan datang pulang.", SpanKind.RELATIVE, "yang akan"),
        # A span doesn't reach past a pause.
        ("Sopir yang mabuk, kata polisi, ditahan.", SpanKind.RELATIVE, "yang mabuk, kata polisi,"),
        # Who says it stays.
        ("Taman itu ramai, kata Sari di Laras.", SpanKind.ENDING, "kata Sari di Laras."),
        ("Menurut Sari, taman itu ramai.", SpanKind.OPENING, "Menurut Sari,"),
        ("Dikutip dari Antara, taman itu ramai.", SpanKind.OPENING, "Dikutip dari Antara,"),
        # A name is no title.
        ("Kemarin Sari Dewi datang.", SpanKind.TITLE, "Sari"),
        # What is said of a noun may tell which one.
        ("Warga lewat jalur alternatif.", SpanKind.FILLER, "alternatif."),
        ("Warga, namun, pulang.", SpanKind.LINK, "namun,"),
    ],
)
def test_what_is_no_span(sentence: str, kind: SpanKind, span: str) -> None:
    assert span not in told(sentence, kind)


@pytest.mark.parametrize(
    "link",
    [
        "Terlebih lagi,",
        "Terlebih dahulu",
        "Sementara itu,",
        "Di sisi lain,",
        "Tak hanya itu,",
        "Bukan hanya itu,",
        "Lebih dari itu,",
        "Maka dari itu,",
        "Oleh sebab itu,",
        "Meski demikian,",
        "Kendati begitu,",
        "Hingga saat ini",
    ],
)
def test_a_link_goes_whole_or_not_at_all(link: str) -> None:
    size = len(link.split())
    spans = find_spans([*link.split(), "warga", "lainnya", "pulang", "pada", "malam", "hari."])
    assert (0, size) in spans
    assert all(start >= size or (start == 0 and end >= size) for start, end in spans)


@pytest.mark.parametrize("sentence", ["", "Ya.", "( ( )", "yang", "di di di", "Warga pulang,", '"'])
def test_the_whole_sentence_is_no_span(sentence: str) -> None:
    words = sentence.split()
    assert (0, len(words)) not in find_spans(words)
    assert all(0 <= start < end <= len(words) for start, end in find_spans(words))
