"""How the inputs of a batch are read: pages, JSON lines, WARC."""

import gzip
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from summarizer.article import Article
from summarizer.batch import reading
from summarizer.batch.inputs import GLOBS, list_files
from summarizer.batch.provenance import Settings
from summarizer.batch.reading import BatchInput, open_inputs, read_article, read_bytes
from summarizer.errors import InputError
from tests.conftest import ARTICLE

HTML = f"<!doctype html><html><head><title>Taman Baru Dibuka</title></head><body><p>{ARTICLE}</p></body></html>"
LINE = json.dumps({"text": ARTICLE}).encode()


def article(file: BatchInput, text_field: str = "text") -> Article:
    return read_article(file, read_bytes(file), Settings(text_field=text_field, force=True))


def read(file: BatchInput, text_field: str = "text") -> str:
    found = article(file, text_field)
    return "\n".join([found.title or "-", *found.paragraphs])


def inputs(tmp_path: Path, data: bytes, name: str = "x.jsonl") -> list[BatchInput]:
    (tmp_path / name).write_bytes(data)
    return list(open_inputs([BatchInput(name, str(tmp_path / name))]))


@pytest.mark.parametrize(
    ("name", "wrap"),
    [("x.jsonl", bytes), ("x.ndjson.gz", gzip.compress), ("y.JSONL", lambda data: b"\xef\xbb\xbf" + data)],
)
def test_each_line_of_json_is_an_article_with_its_headline(
    tmp_path: Path, name: str, wrap: Callable[[bytes], bytes]
) -> None:
    records = [
        {"text": ARTICLE},
        {"text": ARTICLE, "title": "Taman Baru Dibuka"},
        {"text": f"Taman Baru Dibuka\n{ARTICLE}", "title": "Taman Baru Dibuka"},
        {"text": ARTICLE, "title": 7},
        {"text": f"<html><p>{ARTICLE}</p><p>{ARTICLE} Lagi.</p></html>", "title": "Judul dari Redaksi"},
    ]
    found = inputs(tmp_path, wrap("\n\n".join(map(json.dumps, records)).encode()), name)
    assert [(file.name, file.line) for file in found] == [(f"{name}:{line}", line) for line in (1, 3, 5, 7, 9)]
    titles = [None, "Taman Baru Dibuka", "Taman Baru Dibuka", None, "Judul dari Redaksi"]
    assert [article(file).title for file in found] == titles
    assert all(article(file).paragraphs[0] == ARTICLE for file in found)


def test_the_name_of_the_text_field_and_half_a_surrogate_pair(tmp_path: Path) -> None:
    text = json.dumps({"isi": f"{ARTICLE} Hujan \ud83d turun.", "title": "Judul \udc00 yang Panjang"})
    [file] = inputs(tmp_path, text.encode())
    assert read(file, "isi") == f"Judul ? yang Panjang\n{ARTICLE} Hujan ? turun."


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"text": "Presiden', "is not JSON: unterminated string starting at character 10"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"text": "\xff"}', "is not JSON"),
        ('{"text": "Presiden"}'.encode("utf-16-le"), "is not JSON in UTF-8"),
        (b'["text"]', "has no text in a field 'text' (there is no object)"),
        (b'{"isi": "a", "judul": 1}', "has no text in a field 'text' (there is 'isi', 'judul')"),
        (b'{"text": 5}', "has no text in a field 'text'"),
        (b'{"text": " "}', "is empty"),
    ],
)
def test_json_lines_that_are_no_articles(tmp_path: Path, line: bytes, message: str) -> None:
    found = inputs(tmp_path, b"\r\n".join([LINE, line, LINE]))
    assert [file.line for file in found] == [1, 2, 3]
    assert found[0].data == found[2].data == LINE
    with pytest.raises(InputError) as caught:
        read(found[1])
    assert str(caught.value).startswith(f"x.jsonl:2 {message}")
    assert "\n" not in str(caught.value)


def warc(*records: tuple[str, str, bytes], packed: bool = False, status: str = "200 OK") -> bytes:
    """Write a WARC file, of each record's kind, type of content and content."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("a", {"software": "a"}))
    for number, (kind, content, payload) in enumerate(records):
        headers = [("Content-Type", content)]
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1") if kind == "response" else None
        record = writer.create_warc_record(
            f"https://contoh.id/{number}", kind, io.BytesIO(payload), http_headers=http, warc_content_type=content
        )
        writer.write_record(record)
    return file.getvalue()


PAGE = ("response", "text/html; charset=utf-8", HTML.encode())


@pytest.mark.parametrize("form", ["plain", "gzip", "gzip as a whole"])
def test_of_warc_the_pages_are_taken_with_their_addresses(tmp_path: Path, form: str) -> None:
    records = (
        PAGE,
        ("response", "image/png", b"\x89PNG"),
        ("response", "text/plain", b"User-agent: *"),
        ("resource", "text/html", HTML.encode("cp1252")),
        ("request", "application/http", b"GET / HTTP/1.1\r\n\r\n"),
        ("conversion", "text/plain", ARTICLE.encode()),
    )
    data = warc(*records, packed=form == "gzip")
    name = "x.warc" if form == "plain" else "x.warc.gz"
    found = inputs(tmp_path, gzip.compress(data) if form == "gzip as a whole" else data, name)
    assert [(file.name, file.line) for file in found] == [(f"{name}:{number}", number) for number in (2, 5, 7)]
    assert [read(file) for file in found] == [f"Taman Baru Dibuka\n{ARTICLE}"] * 2 + [f"-\n{ARTICLE}"]
    assert article(found[1]).url == "https://contoh.id/3"
    assert article(found[1]).site == "contoh.id"


def test_a_page_of_warc_whose_address_is_none() -> None:
    found = article(BatchInput("x.warc:1", "x.warc", 1, HTML.encode(), "http://[::1/taman"))
    assert found.url == "http://[::1/taman"
    assert found.site is None
    assert found.paragraphs == (ARTICLE,)


@pytest.mark.parametrize(
    ("data", "whole", "message"),
    [
        (warc(PAGE, status="404 Not Found"), 0, "x.warc holds no article"),
        (warc(PAGE, PAGE)[:-200], 1, "x.warc after record 2 is cut off"),
        (warc(PAGE, ("response", "image/png", b"a" * 999))[:-200], 1, "is cut off"),
        (warc(PAGE) + b"WARC/1.0\r\nWARC-Type: resp", 1, "after record 2 is damaged"),
        (warc(PAGE).replace(b"<body>", b"<body>" + b"rusak " * 99), 1, "is damaged"),
        (warc(PAGE, PAGE).replace(b"WARC/1.0", b"CRAW/1.0"), 0, "is damaged"),
        (warc(PAGE, packed=True)[:300] + b"rusak" * 9 + warc(PAGE, packed=True)[300:], 0, "is damaged"),
        (warc(PAGE, PAGE).replace(b"WARC-Target-URI: https://contoh.id/1\r\n", b""), 1, "is damaged"),
        (ARTICLE.encode(), 0, "x.warc is damaged"),
        (b"", 0, "x.warc is cut off"),
        (b"", 0, "x.jsonl holds no article"),
        (b"\n \n", 0, "x.jsonl holds no article"),
        (gzip.compress(b"\n", mtime=0), 0, "x.jsonl holds no article"),
        (gzip.compress(LINE + b"\n") + gzip.compress(LINE)[:-40], 1, "x.jsonl after line 1 is cut off"),
    ],
)
def test_files_that_hold_less_than_they_should(
    tmp_path: Path, data: bytes, whole: int, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    name = "x.jsonl" if "x.jsonl" in message else "x.warc"
    found = inputs(tmp_path, data, name)
    assert [file.error is None for file in found] == [True] * whole + [False]
    assert message in str(found[-1].error)
    assert "\n" not in str(found[-1].error)
    assert found[-1].name == name
    assert found[-1].line is None
    assert capfd.readouterr() == ("", "")


def test_what_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 10_000)
    big = ("response", "text/html", b"a" * 100_000)
    for name, data, numbers in (
        ("x.warc.gz", warc(big, PAGE, packed=True), [2, 3]),
        ("x.jsonl", b"{" * 50_000 + b"\n" + LINE, [1, 2]),
    ):
        large, other = inputs(tmp_path, data, name)
        assert [large.line, other.line] == numbers
        assert read_bytes(other) != b""
        with pytest.raises(InputError, match=f"^{name}:{numbers[0]} is larger than"):
            read_bytes(large)
    for size in (10_000, 10_001):
        (tmp_path / f"{size}.txt").write_bytes(b"a" * size)
    assert len(read_bytes(BatchInput("10000.txt", str(tmp_path / "10000.txt")))) == 10_000
    for data in (None, b"a" * 10_001):
        with pytest.raises(InputError, match=r"^10001\.txt is larger than"):
            read_bytes(BatchInput("10001.txt", str(tmp_path / "10001.txt"), data=data))


WHOLE = gzip.compress(ARTICLE.encode(), mtime=0)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (WHOLE[:-30], "is cut off"),
        (WHOLE[:40] + b"rusak" * 9 + WHOLE[40:], "is damaged"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (gzip.compress(b"a" * 30_000_000), "larger than 20 MB"),
    ],
    ids=["cut", "damaged", "empty", "bomb"],
)
def test_a_gzipped_page_is_unpacked_and_a_damaged_one_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    [whole] = inputs(tmp_path, WHOLE, "a.txt.gz")
    [file] = inputs(tmp_path, data, "b.txt.gz")
    assert read(whole) == f"-\n{ARTICLE}"
    with pytest.raises(InputError, match=message):
        read(file)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("hilang.txt", "no such file"),
        ("hilang.jsonl", "no such file"),
        ("pipa.txt", "not a regular file"),
        (".", "not a regular file"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, message: str) -> None:
    os.mkfifo(tmp_path / "pipa.txt")
    [file] = open_inputs([BatchInput(name, str(tmp_path / name))])
    with pytest.raises(InputError, match=message):
        read_bytes(file)


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder that everyone may look into, and this process without root's rights."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for part in ("a.txt", "b.jsonl", "c"):
            (folder / part).mkdir(0) if part == "c" else (folder / part).touch(0)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        yield folder
        os.seteuid(user)
        (folder / "c").chmod(0o700)


def test_a_file_that_may_not_be_read_is_named(as_nobody: Path) -> None:
    files = list_files([str(as_nobody / part) for part in ("a.txt", "b.jsonl", "c")], None, GLOBS, [])
    for file in open_inputs(files):
        with pytest.raises(InputError, match=rf"cannot read {file.name}: permission denied"):
            read_bytes(file)
