import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.quotations import QuotationPart, cut_quotations, join_quotations


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            '"Ini belum selesai. Kita masih menunggu laporan. Nanti kami sampaikan," kata Budi.',
            ['"Ini belum selesai."', "Kita masih menunggu laporan.", '"Nanti kami sampaikan," kata Budi.'],
        ),
        (
            "Budi berkata, “Ini selesai. Nanti,” katanya, “kami ke rumah Dr. Amir. Tunggu.”",
            ["Budi berkata, “Ini selesai.”", "“Nanti,” katanya, “kami ke rumah Dr. Amir.”", "“Tunggu.”"],
        ),
        (
            '"Sel sangat mendasar. Sel dijuluki "blok penyusun kehidupan"."',
            ['"Sel sangat mendasar."', '"Sel dijuluki "blok penyusun kehidupan"."'],
        ),
        ('"Apa? Ya!" katanya.', ['"Apa?"', '"Ya!" katanya.']),
        ('"Saya baca “Juni” kemarin. Bagus," katanya.', ['"Saya baca “Juni” kemarin."', '"Bagus," katanya.']),
        # A sentence that begins with a mark is not torn from it.
        ('"Ini," kata dia. "Itu lain. Bukan ini."', ['"Ini," kata dia. "Itu lain."', '"Bukan ini."']),
    ],
)
def test_a_quotation_is_cut_behind_each_sentence(sentence: str, expected: list[str]) -> None:
    parts = cut_quotations(sentence)
    assert [part.text for part in parts] == expected
    assert join_quotations(parts, expected) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "Tanpa kutipan.",
        '"Satu kalimat saja," kata Budi.',
        '"Rumah Dr. Amir di Jl. Melati No. 5," kata Budi.',
        '"Ini," kata dia. "Itu.',
        'Ia berkata "pergi. Lalu ia pulang.',
        "Kata Budi: “Pergi. Lalu pulang.",
    ],
)
def test_nothing_else_is_cut(sentence: str) -> None:
    assert cut_quotations(sentence) == [QuotationPart(sentence)]


PIECES = st.sampled_from(['"', "“", "”", " ", ". ", "Kata", "lurah itu", "Dr. ", "? ", "Amir", ","])


@pytest.mark.parametrize(
    ("translations", "joined"),
    [
        # Marks that were put there go again, but stay where the quotation moved behind other words.
        ('"It is over."|We wait.|"We will tell," said Budi.', '"It is over. We wait. We will tell," said Budi.'),
        ('"It is over."|We wait.|Budi said, "We will tell."', '"It is over." "We wait." Budi said, "We will tell."'),
        ('"It is over."||"We will," he said.', '"It is over. We will," he said.'),
        ("||", ""),
    ],
)
def test_translations_of_the_parts_are_put_together(translations: str, joined: str) -> None:
    parts = cut_quotations('"Ini sudah selesai. Kita menunggu. Nanti kami sampaikan," kata Budi.')
    assert join_quotations(parts, translations.split("|")) == joined


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_word_is_lost_or_doubled(sentence: str) -> None:
    def letters(text: str) -> str:
        return "".join(filter(str.isalnum, text))

    parts = cut_quotations(sentence)
    own = [part.text for part in parts]
    assert letters("".join(own)) == letters(sentence)
    assert letters(join_quotations(parts, own)) == letters(sentence)
    assert sum(part.opened for part in parts) == sum(part.closed for part in parts)
    first = next((character for character in sentence if character in '"“”'), "")
    kind = '"' if first == '"' else "“”"
    if len(own) > 1:
        assert all(sum(map(text.count, kind)) % 2 == 0 for text in own)
