"""Where the headline of a teaser ends, and the sentence behind it begins; "|" stands between them."""

import pytest

from summarizer.extraction.teasers import sentence_start, teaser_end

# A page that names somebody twice.
PAGE = "Dede Yusuf datang. Dede Yusuf pulang."


@pytest.mark.parametrize(
    "marked",
    [
        # In title case, the first word in lower case tells, with the name in front of it that the page knows.
        "Warga Geger Elham Yahya | Dede Yusuf mengatakan hujan turun",
        "Harga Beras Naik Mulai Hari Ini | Sementara itu di tingkat petani",
        # In sentence case, only a word that begins sentences does, or a quotation mark.
        "Warga desa menolak rencana | Namun wali kota membuka taman",
        'Warga desa menolak rencana | "Kami lelah" kata warga',
    ],
)
def test_a_sentence_begins_behind_a_headline(marked: str) -> None:
    headline, sentence = marked.split(" | ")
    words = [*headline.split(), *sentence.split()]
    assert sentence_start(words, PAGE) == len(headline.split())


@pytest.mark.parametrize("text", ["warga desa menolak rencana pembangunan taman kota", "Kata " * 40])
def test_without_a_sign_nobody_knows_where_a_sentence_begins(text: str) -> None:
    assert sentence_start(text.split(), PAGE) is None


def test_a_text_that_begins_in_lower_case_has_no_headline() -> None:
    assert sentence_start(["warga", "pulang"], PAGE, fewest=0) is None


@pytest.mark.parametrize(
    "marked",
    [
        # A full stop, glued sentences, and another teaser end a headline.
        "Harga Beras Naik Lagi di Pasar |Warga pulang ke rumah mereka.",
        "Harga Beras Naik Lagi di Pasar|Warga desa pulang ke rumah mereka kemarin.",
        "Harga Beras Naik Lagi di Pasar| Baca juga: Wali Kota Buka Taman Baru",
        # Without any of these, all of it is the headline.
        "Harga Beras Naik Lagi di Pasar Girimulya|",
    ],
)
def test_a_headline_ends(marked: str) -> None:
    end = marked.index("|")
    paragraph = marked.replace("|", "", 1)
    assert teaser_end(paragraph, 0, PAGE, has_colon=True) == end


def test_what_no_colon_announces_and_reads_like_a_sentence_is_no_headline() -> None:
    paragraph = "Simak hujan yang turun di desa itu kemarin."
    assert teaser_end(paragraph, 6, PAGE, has_colon=False) == 6


def test_an_endless_text_without_a_sign_has_no_end() -> None:
    assert teaser_end("Kata Besar " * 200, 0, PAGE, has_colon=True) is None
