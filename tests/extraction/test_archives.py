import base64
import plistlib
import quopri

import pytest

from summarizer.errors import InputError
from summarizer.extraction.decoding import decode
from summarizer.extraction.reading import read_text
from tests.conftest import ARTICLE

HEADLINE = "Taman Baru Dibuka di Girimulya"
BODY = f"“Senang sekali,” kata warga – ia tinggal di dekat situ. {ARTICLE}"
HTML = (
    f"<!DOCTYPE html><html><head><title>{HEADLINE}</title></head><body><h1>{HEADLINE}</h1>"
    f"<p>{BODY}</p><p>{ARTICLE}</p></body></html>"
)


def mhtml(page: bytes, encoding: str, charset: str = "utf-8") -> bytes:
    encoded = quopri.encodestring(page) if encoding == "quoted-printable" else base64.encodebytes(page)
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://contoh.id/taman\r\n"
        "Subject: =?utf-8?Q?Taman?=\r\n =?utf-8?Q?Baru?=\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----b"\r\n\r\n\r\n'
        f"------b\r\nContent-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    tail = (
        "\r\n------b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0=\r\n------b--\r\n"
    )
    return head.encode() + encoded.replace(b"\n", b"\r\n") + tail.encode()


def webarchive(page: bytes, encoding: str) -> bytes:
    main = {"WebResourceData": page, "WebResourceMIMEType": "text/html", "WebResourceTextEncodingName": encoding}
    return plistlib.dumps({"WebMainResource": main, "WebSubresources": []}, fmt=plistlib.FMT_BINARY)


@pytest.mark.parametrize(
    "data",
    [
        mhtml(HTML.encode(), "quoted-printable"),
        mhtml(HTML.encode(), "base64"),
        mhtml(HTML.encode("cp1252"), "quoted-printable", "windows-1252"),
        webarchive(HTML.encode(), "UTF-8"),
        webarchive(HTML.encode("cp1252"), "windows-1252"),
        webarchive(HTML.encode(), ""),
        webarchive(HTML.encode(), "no-such-encoding"),
    ],
)
def test_the_page_in_an_archive_is_read(data: bytes) -> None:
    article = read_text(decode(data, "a"), "a")
    assert article.title == HEADLINE
    assert article.paragraphs[-2:] == (BODY, ARTICLE)


@pytest.mark.parametrize(
    "data",
    [
        mhtml(b"", "base64"),
        webarchive(b" ", "UTF-8"),
        webarchive(HTML.encode(), "UTF-8")[:200],
        plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY),
        plistlib.dumps(["a"], fmt=plistlib.FMT_BINARY),
        b"bplist00" + b"\xff" * 100,
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/css\r\n\r\na\r\n--b--",
        b"".join(
            f'Content-Type: multipart/related; boundary="b{depth}"\r\n\r\n--b{depth}\r\n'.encode()
            for depth in range(2000)
        ),
    ],
)
def test_an_archive_without_a_page(data: bytes) -> None:
    with pytest.raises(InputError, match="web archive") as caught:
        decode(data, "a.mhtml")
    assert "\n" not in str(caught.value)


def test_text_that_speaks_of_mail_is_no_archive() -> None:
    text = f"Dari: warga\nIsi: multipart/related\n\n{ARTICLE}"
    assert decode(text.encode(), "a") == text
