"""Articles in mails: as mail programs save them, and as text that was copied out of one."""

import base64
import quopri
from email.message import EmailMessage

import pytest

from summarizer.article import Article
from summarizer.errors import InputError
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.decoding import decode
from summarizer.extraction.reading import read_text
from tests.conftest import ARTICLE
from tests.extraction.pages import cleaned

OTHER = f"“Senang sekali,” kata warga – ia tinggal di dekat situ. {ARTICLE.replace('taman', 'lapangan')}"
TITLE = "Taman Baru Dibuka di Girimulya"
HTML = f"<html><body><p>{ARTICLE}</p><p>{OTHER}</p></body></html>"


def mail(body: str, kind: str, encoding: str, subject: str = f"FW: {TITLE}") -> bytes:
    data = body.encode()
    encoded = quopri.encodestring(data) if encoding == "quoted-printable" else base64.encodebytes(data)
    head = (
        f"Received: from a by b; Tue, 3 May 2025 08:14:00 +0700\nFrom: Rina <rina@contoh.id>\nSubject: {subject}\n"
        f"MIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n"
    )
    return head.encode() + encoded


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
@pytest.mark.parametrize(("body", "kind"), [(f"{ARTICLE}\n\n{OTHER}\n", "text/plain"), (HTML, "text/html")])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_the_article_of_a_mail(body: str, kind: str, encoding: str, line_end: bytes) -> None:
    data = mail(body, kind, encoding).replace(b"\n", line_end)
    article = clean(read_text(decode(data, "a.eml"), "a.eml"))
    assert article.title == TITLE
    assert article.paragraphs == (ARTICLE, OTHER)


def article_of(data: bytes) -> Article:
    return clean(read_text(decode(data, "a.eml"), "a.eml"))


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        ("", "utf-8"),
        ("; charset=us-ascii", "utf-8"),
        ("; charset=x-unknown", "utf-8"),
        ("; charset=utf-8", "cp1252"),
        ("; charset=iso-8859-1", "cp1252"),
    ],
)
@pytest.mark.parametrize(("body", "kind"), [(f"{ARTICLE}\n\n{OTHER}\n", "text/plain"), (HTML, "text/html")])
def test_a_mail_that_says_a_wrong_encoding_or_none(said: str, encoding: str, body: str, kind: str) -> None:
    head = f"From: Rina <rina@contoh.id>\nSubject: {TITLE}\nMIME-Version: 1.0\nContent-Type: {kind}{said}\n"
    data = f"{head}Content-Transfer-Encoding: 8bit\n\n".encode() + body.encode(encoding)
    assert article_of(data).paragraphs == (ARTICLE, OTHER)


def letter(subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Rina <rina@contoh.id>"
    message["Subject"] = subject
    message.set_content(text)
    return message


def test_the_article_of_a_mail_that_is_attached_to_another() -> None:
    message = letter("Fwd: berita", "Lihat lampiran.\n")
    message.add_attachment(letter(f"Fwd: {TITLE}", f"{ARTICLE}\n\n{OTHER}\n"))
    article = article_of(message.as_bytes())
    assert article.title == TITLE
    assert article.paragraphs == (ARTICLE, OTHER)


def test_the_page_that_is_attached_to_a_mail() -> None:
    message = letter(TITLE, "Terlampir.\n")
    message.add_attachment(HTML.encode(), maintype="text", subtype="html", filename="berita.html")
    assert article_of(message.as_bytes()).paragraphs == (ARTICLE, OTHER)


def test_the_text_of_a_mail_whose_html_is_a_picture() -> None:
    message = letter(TITLE, f"{ARTICLE}\n\n{OTHER}\n")
    style = "p { margin: 0 } " * 99
    message.add_alternative(f"<html><style>{style}</style><body><img src='a.png'></body></html>", subtype="html")
    assert article_of(message.as_bytes()).paragraphs == (ARTICLE, OTHER)


def test_what_is_attached_to_an_article_is_left_out() -> None:
    message = letter(TITLE, f"{ARTICLE}\n\n{OTHER}\n")
    message.add_attachment(letter("Re: rapat", "Saya tidak bisa hadir besok.\n"))
    assert article_of(message.as_bytes()).paragraphs == (ARTICLE, OTHER)


def test_a_mail_with_pictures_alone_is_refused() -> None:
    with pytest.raises(InputError, match="mail without a text"):
        decode(mail("iVBORw0=", "image/png", "base64"), "a.eml")


@pytest.mark.parametrize("text", [f"Dari: warga\nKepada: lurah\n\n{ARTICLE}", f"From: Rina\nTo: Wira\n\n{ARTICLE}"])
def test_a_letter_is_no_mail(text: str) -> None:
    assert decode(text.encode(), "a") == text


QUOTED = f"> {TITLE}\n>\n> {ARTICLE}\n>\n> {OTHER}"
WROTE = "Pada Sel, 3 Mei 2025 pukul 08.14 Rina <rina@contoh.id> menulis:"


@pytest.mark.parametrize(
    "text",
    [
        QUOTED,
        f"Menarik, Bu. Tolong dibaca dulu sebelum rapat warga besok pagi.\n\n{WROTE}\n{QUOTED}",
        f"Subject: FW: {TITLE}\n\n{ARTICLE}\n\n{OTHER}",
        f"---------- Forwarded message ---------\nFrom: Rina <rina@contoh.id>\nDate: Tue, 3 May 2025 08:14\n"
        f"Subject: Fwd: {TITLE}\nTo: Wira <wira@contoh.id>\n\n{ARTICLE}\n\n{OTHER}",
    ],
)
def test_what_a_mail_program_added_goes(text: str) -> None:
    article = cleaned(text)
    assert article.title == TITLE
    assert article.paragraphs == (ARTICLE, OTHER)


def test_a_reply_that_goes_is_named() -> None:
    reply = "Menarik, Bu. Tolong dibaca dulu sebelum rapat warga besok pagi."
    assert reply in [piece.text for piece in cleaned(f"{reply}\n\n{WROTE}\n{QUOTED}").removed]


@pytest.mark.parametrize("line", ["Perihal: surat lurah itu belum dijawab sampai sekarang, kata warga.", "> 5 meter."])
def test_what_only_looks_like_a_mail_stays(line: str) -> None:
    assert line in cleaned(f"{ARTICLE}\n{line}\n{OTHER}").paragraphs


def test_marks_that_were_escaped_twice() -> None:
    escaped = OTHER.replace("“", "&amp;ldquo;").replace("”", "&amp;rdquo;").replace("–", "&amp;ndash;")
    html = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{ARTICLE}</p><p>{escaped}</p></body>"
    assert cleaned(html).paragraphs == (ARTICLE, OTHER)
    assert cleaned(f"{TITLE}\n{ARTICLE}\n{escaped.replace('&amp;', '&')}").paragraphs == (ARTICLE, OTHER)


def test_text_that_comes_again_stays_where_the_page_does_not() -> None:
    lines = (ARTICLE, OTHER, ARTICLE, "Warga itu lalu pulang ke rumahnya di tepi lapangan yang baru.")
    assert cleaned(TITLE, *lines).paragraphs == lines


@pytest.mark.parametrize("times", [2, 3])
def test_a_page_that_stands_in_a_file_more_than_once(times: int) -> None:
    html = (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{ARTICLE}</p><p>{OTHER}</p></body></html>"
    )
    for page in (f"{TITLE}\n{ARTICLE}\n{OTHER}\n", html):
        article = cleaned(page * times)
        assert article.title == TITLE
        assert article.paragraphs == (ARTICLE, OTHER)
