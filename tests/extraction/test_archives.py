import base64
import gzip
import io
import plistlib
import quopri
from unittest.mock import Mock

import pytest
from warcio.bufferedreaders import BufferedReader

from summarizer.errors import InputError
from summarizer.extraction.decoding import decode
from summarizer.extraction.reading import read_text
from summarizer.extraction.warc import warc_pages
from tests.conftest import ARTICLE
from tests.extraction.pages import lines_of

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


def webarchive(page: bytes, encoding: str, fmt: plistlib.PlistFormat = plistlib.FMT_BINARY) -> bytes:
    main = {"WebResourceData": page, "WebResourceMIMEType": "text/html", "WebResourceTextEncodingName": encoding}
    return plistlib.dumps({"WebMainResource": main, "WebSubresources": []}, fmt=fmt)


@pytest.mark.parametrize(
    "data",
    [
        mhtml(HTML.encode(), "quoted-printable"),
        mhtml(HTML.encode(), "base64"),
        mhtml(HTML.encode("cp1252"), "quoted-printable", "windows-1252"),
        mhtml(HTML.encode("cp1252"), "quoted-printable", "iso-8859-1"),
        webarchive(HTML.encode(), "UTF-8"),
        webarchive(HTML.encode(), "UTF-8", plistlib.FMT_XML),
        webarchive(HTML.encode("cp1252"), "iso-8859-1"),
        mhtml(HTML.encode(), "base64")[:-40],
        webarchive(HTML.encode(), "no-such-encoding"),
    ],
)
def test_the_page_in_an_archive_is_read(data: bytes) -> None:
    page = read_text(decode(data, "a"), "a")
    assert page.title == HEADLINE
    assert lines_of(page)[-2:] == (BODY, ARTICLE)


@pytest.mark.parametrize(
    "data",
    [
        mhtml(b"", "base64"),
        *(mhtml(HTML.encode(), encoding)[:-300] for encoding in ("base64", "quoted-printable")),
        webarchive(HTML.encode(), "UTF-8")[:200],
        plistlib.dumps(["a"], fmt=plistlib.FMT_BINARY),
        b"bplist00" + b"\xff" * 100,
        mhtml(HTML.encode(), "base64").replace(b"charset=utf-8", b"charset*=0*=utf-8''a; charset*1*=%ff"),
        mhtml(HTML.encode(), "base64").replace(b"charset=utf-8", b"charset*" + b"0" * 5_000 + b"=a"),
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/css\r\n\r\na\r\n--b--",
        b"".join(b'Content-Type: multipart/related; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(2000)),
    ],
)
def test_an_archive_without_a_page(data: bytes) -> None:
    with pytest.raises(InputError, match="web archive") as caught:
        decode(data, "a.mhtml")
    assert "\n" not in str(caught.value)


def test_what_is_no_archive_or_no_encoding() -> None:
    text = f"Dari: warga\nIsi: multipart/related\n\n{ARTICLE}"
    assert decode(text.encode(), "a") == text
    # Python takes hours to read so much Punycode.
    page = f"<html><p>{ARTICLE}</p></html><!---{'a' * 2_000_000}"
    assert decode(mhtml(page.encode(), "base64", "Punycode"), "a") == page


def record(head: str = "WARC-Target-URI: https://a.id/b", http: str = "", body: bytes = HTML.encode()) -> bytes:
    content = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{http}\r\n".encode() + body
    length = "" if "Content-Length" in head else f"Content-Length: {len(content)}\r\n"
    head = f"WARC/1.0\r\nWARC-Type: response\r\n{head}\r\n{length}Content-Type: application/http\r\n\r\n"
    return head.encode() + content + b"\r\n\r\n"


NO_LENGTH = record().replace(b"Content-Length", b"Contents")


@pytest.mark.parametrize(
    "odd", [record("WARC-Date: 2025-02-03"), NO_LENGTH, NO_LENGTH.replace(b"text/html", b"image/png")]
)
def test_a_record_without_what_it_must_have_ends_the_file(odd: bytes) -> None:
    pages = warc_pages(io.BytesIO(record() + odd), 1_000_000)
    assert next(pages)[-1] == HTML.encode()
    with pytest.raises(ValueError, match="no address or no length"):
        next(pages)


def test_a_record_with_a_length_beyond_all_files_ends_the_file() -> None:
    pages = warc_pages(
        io.BytesIO(record() + record(f"WARC-Target-URI: https://a.id/b\r\nContent-Length: {10**20}")), 1_000_000
    )
    assert next(pages)[-1] == HTML.encode()
    with pytest.raises(ValueError, match="longer than any file"):
        next(pages)


def test_a_page_that_cannot_be_unpacked_does_not_end_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    error = AttributeError("'brotli.Decompressor' object has no attribute 'unused_data'")
    monkeypatch.setitem(BufferedReader.DECOMPRESSORS, "br", Mock(side_effect=error))
    packed = record(http="Content-Encoding: br\r\n", body=b"\x1b+\x00")
    pages = warc_pages(io.BytesIO(packed + record()), 1_000_000)
    assert [(number, data) for number, _, data in pages] == [(1, b"\x1b+\x00"), (2, HTML.encode())]


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_is_cut_off_anywhere_is_said_to_be(packed: bool) -> None:
    first = record()
    second = record(body=b"Presiden membuka rapat.")
    if packed:
        first = gzip.compress(first)
        second = gzip.compress(second)
    # Of a record that ends within its head, nothing is missed; blank lines follow one that is whole already.
    for length in range(2, len(second)) if packed else range(second.index(b"Presiden"), len(second) - 4):
        file = io.BytesIO(first + second[:length])
        pages = warc_pages(gzip.GzipFile(fileobj=file) if packed else file, 1_000_000)
        assert next(pages)[-1] == HTML.encode()
        with pytest.raises(EOFError):
            list(pages)
