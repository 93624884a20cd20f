"""Articles that were passed on in a chat, as WhatsApp and Telegram copy and export them."""

import pytest

from summarizer.extraction.plain_text import split_paragraphs
from tests.conftest import ARTICLE
from tests.extraction.pages import cleaned

OTHER = ARTICLE.replace("taman", "lapangan")
TITLE = "Taman Baru Dibuka di Girimulya"
ENCRYPTED = "Pesan dan panggilan dienkripsi secara end-to-end. Tidak seorang pun di luar chat ini dapat membacanya."


@pytest.mark.parametrize(
    "text",
    [
        f"[12/05/25 08.14] Pak RT: *{TITLE}*\n\n_Girimulya_ - {ARTICLE}\n\n{OTHER}\n\n_Diteruskan berkali-kali_\n"
        "[12/05/25 08.15] Bu Rina: Siap pak, terima kasih\n[12/05/25 08.16] Pak RT: Sama-sama",
        f"12/05/25 08.13 - {ENCRYPTED}\n12/05/25 08.14 - Pak RT: Diteruskan berkali-kali\n*{TITLE}*\n\n{ARTICLE}\n\n"
        f"*{OTHER}*\n12/05/25 08.15 - +62 812-3456-7890: <Media tidak disertakan>\n12/05/25 08.16 - Bu Rina: Waduh 😱",
        f"_Diteruskan berkali-kali_\n\n*{TITLE}*\n\n{ARTICLE}\n\n{OTHER.replace('lapangan', '*lapangan*')}",
        f"\u200e[12/05/25 08.14.22] ~ Pak RT: *_{TITLE}_*\n{ARTICLE}\n{OTHER}\n\u200e[12/05/25 08.15.02] Bu Rina: ok",
        f"[08.14, 12/5/2025] Pak RT: ```Info```\n*{TITLE}*\n{ARTICLE}\n{OTHER}",
        f"Pak RT, [12/05/2025 08:14]\n**{TITLE}**\n{ARTICLE}\n{OTHER}",
    ],
)
def test_an_article_that_was_passed_on_loses_what_the_chat_added(text: str) -> None:
    article = cleaned(text)
    assert article.title == TITLE
    assert article.paragraphs == (ARTICLE, OTHER)


def test_an_article_in_several_messages_is_whole_and_what_went_is_named() -> None:
    text = f"[12/05/25 08.14] Pak RT: {TITLE}\n{ARTICLE}\n[12/05/25 08.15] Pak RT: {OTHER}"
    article = cleaned(text)
    assert article.paragraphs == (ARTICLE, OTHER)
    assert [piece.text for piece in article.removed if piece.rule == "chat_stamp"] == [
        "[12/05/25 08.14] Pak RT:",
        "[12/05/25 08.15] Pak RT:",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Nilainya 3 * 4 * 5, katanya.",
        "Kata b*ngs*t itu disensor.",
        "Alamatnya https://laras.id/_a_b_ sudah mati.",
        "Ia menulis *penting* di papan.",
        "*) Penulis adalah dosen",
        "Pukul 08.14, 12/5/2025, Pak RT: warga diam.",
    ],
)
def test_what_is_no_mark_of_a_chat_stays(line: str) -> None:
    assert split_paragraphs(f"{ARTICLE}\n{line}") == (ARTICLE, line)
    assert f"*{TITLE}*" not in split_paragraphs(f"*{TITLE}*\n{line}")
