from __future__ import annotations

import gzip
import io
import json
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from summarizer.batch import inputs
from summarizer.batch.inputs import GLOBS, Item, count, list_files, open_files, read_bytes, read_item
from summarizer.errors import InputError
from summarizer.extraction.archives import WarcPage
from summarizer.extraction.boilerplate import clean
from tests.conftest import ARTICLE


def names(paths: list[Path | str], globs: tuple[str, ...] = GLOBS, listed: bytes | None = None) -> list[str]:
    return [item.name for item in list_files(map(str, paths), listed, globs, [])]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "akar"
    for name in ("b.txt", "a.html", "c/d.htm.gz", "c/e.jsonl", "c/.git/f.txt", ".g.txt", "c/gambar.png", "z/h.TXT"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(ARTICLE, encoding="utf-8")
    return root


def test_folders(folder: Path) -> None:
    assert names([folder]) == ["a.html", "b.txt", "c/d.htm.gz", "c/e.jsonl", "z/h.TXT"]
    assert names([folder], ("*.png", "*.Txt")) == ["b.txt", "c/gambar.png", "z/h.TXT"]
    assert names([folder], ("c/*",)) == ["c/d.htm.gz", "c/e.jsonl", "c/gambar.png"]
    assert names([folder], ("**/*.txt",)) == ["b.txt", "z/h.TXT"]


def test_several_inputs_keep_apart_what_is_below_them(folder: Path) -> None:
    assert names([folder / "c", folder / "b.txt"]) == ["c/d.htm.gz", "c/e.jsonl", "b.txt"]
    assert names([folder / "b.txt"]) == ["b.txt"]
    assert names([folder, folder / "b.txt", folder]) == ["a.html", "b.txt", "c/d.htm.gz", "c/e.jsonl", "z/h.TXT"]


def test_a_list(folder: Path) -> None:
    for end in (b"\n", b"\r\n", b"\0"):
        listed = end.join(os.fsencode(folder / name) for name in ("b.txt", "c"))
        assert names(["-"], listed=listed + end) == ["b.txt", "c/d.htm.gz", "c/e.jsonl"]
    assert names(["-"], listed=b"\n") == []


def test_the_output_is_no_input(folder: Path) -> None:
    skip = [folder / "c", folder / "a.html", folder / "tidak ada"]
    assert [item.name for item in list_files([str(folder)], None, GLOBS, skip)] == ["b.txt", "z/h.TXT"]
    assert [item.name for item in list_files([str(folder / "a.html")], None, GLOBS, skip)] == ["a.html"]
    with pytest.raises(InputError, match="c would be both read and written to"):
        list_files([str(folder), str(folder / "c")], None, GLOBS, skip)


def test_what_another_batch_wrote_is_no_input(folder: Path) -> None:
    (folder / "c" / inputs.STATE).mkdir()
    assert names([folder]) == ["a.html", "b.txt", "z/h.TXT"]


def test_what_a_batch_wrote_into_a_folder_of_pages_is_no_input(folder: Path) -> None:
    (folder / inputs.STATE).mkdir()
    (folder / "failures.jsonl").write_text('{"input": "x"}\n', encoding="utf-8")
    written = [{"output": "b.txt"}, {"output": "c/e.jsonl"}, {"lain": 1}]
    (folder / "results.jsonl").write_text("\n".join(["[]", "{", *map(json.dumps, written)]), encoding="utf-8")
    assert names([folder]) == ["a.html", "c/d.htm.gz", "z/h.TXT"]
    # What is named itself is taken at its word.
    assert names([folder / "b.txt"]) == ["b.txt"]


def test_a_link_to_itself_spares_the_others(folder: Path) -> None:
    (folder / "c" / "k.html").symlink_to("k.html")
    items = list_files([str(folder)], None, GLOBS, [folder / "keluar"])
    assert [item.name for item in items] == ["a.html", "b.txt", "c/d.htm.gz", "c/e.jsonl", "c/k.html", "z/h.TXT"]
    with pytest.raises(InputError, match=r"cannot read c/k\.html: too many levels of symbolic links"):
        read_bytes(items[4])


def test_a_folder_without_such_files(folder: Path) -> None:
    [item] = list_files([str(folder)], None, ("*.pdf",), [])
    assert str(item.error) == "akar holds no file named *.pdf"
    with pytest.raises(InputError):
        read_bytes(item)


def test_links_that_lead_to_themselves(folder: Path) -> None:
    before = [item.path for item in list_files([str(folder)], None, GLOBS, [])]
    for name in ("lingkar.html", "lingkar"):
        (folder / name).symlink_to(name)
    found = list_files([str(folder)], None, GLOBS, [folder / "lingkar"])
    assert {item.path for item in found} - set(before) == {str(folder / "lingkar.html")}
    [item] = [item for item in open_files(found) if item.name == "lingkar.html"]
    with pytest.raises(InputError, match=r"cannot read lingkar\.html: too many levels of symbolic links"):
        read_bytes(item)


def test_an_empty_name_is_not_the_current_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(InputError, match="the name of an input is empty"):
        list_files(["a.html", ""], None, GLOBS, [])


def test_an_address_is_no_file() -> None:
    with pytest.raises(InputError, match=r"https://contoh\.id/a is a web address: save the page first"):
        list_files(["https://contoh.id/a"], None, GLOBS, [])


def test_an_address_in_a_list_does_not_keep_the_others_from_being_read(folder: Path) -> None:
    listed = b"https://contoh.id/a\n" + os.fsencode(folder / "b.txt")
    address, page = list_files(["-"], listed, GLOBS, [])
    assert (address.name, page.name, page.error) == ("https://contoh.id/a", "b.txt", None)
    assert str(address.error) == "https://contoh.id/a is a web address: save the page first, then name its file"
    assert len(list_files(["-"], b"https://contoh.id/a", GLOBS, [])) == 1


def test_names_that_cannot_be_shown(tmp_path: Path) -> None:
    for name in (b"a\xff.txt", b"a\x1b[2J.txt", b"a.txt", "a\u200b.txt".encode()):
        (tmp_path / os.fsdecode(name)).touch()
    assert sorted(names([tmp_path])) == ["a.txt", "a.txt (2)", "a.txt (3)", "a\\udcff.txt"]
    (tmp_path / "a.txt (2)").touch()
    assert len(set(names([tmp_path], ("*",)))) == 5


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("\u200b../a.txt", "_../a.txt"),
        ("c/\u200b./a.txt", "c/_./a.txt"),
        ("\u200b/tmp/a.txt", "_/tmp/a.txt"),
        ("c/\u200b\x7f/a.txt", "c/_/a.txt"),
        ("c/\u200b", "c/_"),
        # What is between the two would be the title of a terminal's window.
        ("c\x1b]/\u200b../d\x07/a.txt", "c/_../d/a.txt"),
        ("c \u200b/ a.txt", "c/a.txt"),
    ],
)
def test_names_of_which_little_can_be_shown_stay_below_their_folder(tmp_path: Path, path: str, name: str) -> None:
    for file in (tmp_path / "b.txt", tmp_path / path):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert sorted(names([tmp_path], ("*",))) == sorted(["b.txt", name])
    assert names([tmp_path / path, tmp_path / "b.txt"]) == [name, "b.txt"]


def test_folders_that_cannot_be_told_apart(tmp_path: Path) -> None:
    for folder in ("c", "c\u200b", "c/\u200b", "c/_"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "a.txt").touch()
    assert sorted(names([tmp_path])) == ["c/_/a.txt", "c/_/a.txt (2)", "c/a.txt", "c/a.txt (2)"]


def read(item: Item, text_field: str = "text") -> str:
    article = clean(read_item(item, read_bytes(item), text_field))
    return "\n".join([article.title or "-", *article.paragraphs])


def lines(tmp_path: Path, data: bytes, name: str = "x.jsonl") -> list[Item]:
    file = tmp_path / name
    file.write_bytes(data)
    return list(open_files([Item(name, str(file))]))


def test_json_lines(tmp_path: Path) -> None:
    records = [
        {"text": ARTICLE},
        {"text": ARTICLE, "title": "Taman Baru Dibuka"},
        {"text": f"Taman Baru Dibuka\n{ARTICLE}", "title": "Taman Baru Dibuka"},
        {"text": ARTICLE, "title": 7},
        {"text": f"<html><p>{ARTICLE}</p><p>{ARTICLE}</p></html>"},
    ]
    data = "\n\n".join(map(json.dumps, records)).encode()
    for name, packed in (("x.jsonl", data), ("x.ndjson.gz", gzip.compress(data)), ("y.JSONL", b"\xef\xbb\xbf" + data)):
        items = lines(tmp_path, packed, name)
        assert [item.name for item in items] == [f"{name}:{line}" for line in (1, 3, 5, 7, 9)]
        assert [item.stem for item in items][:2] == [f"{name}/000001", f"{name}/000003"]
        assert [read(item).partition("\n")[0] for item in items] == [
            "-",
            "Taman Baru Dibuka",
            "Taman Baru Dibuka",
            "-",
            "-",
        ]
        assert inputs.count([Item(name, str(tmp_path / name))]) == 5


@pytest.mark.parametrize("data", [b"", b"\n \n", gzip.compress(b"\n")], ids=["empty", "blank", "packed"])
def test_json_lines_without_an_article(tmp_path: Path, data: bytes) -> None:
    [item] = lines(tmp_path, data)
    assert str(item.error) == "x.jsonl holds no article"
    assert (item.name, item.stem, item.line) == ("x.jsonl", "x.jsonl", None)
    assert inputs.count([Item("x.jsonl", str(tmp_path / "x.jsonl"))]) == 1


def test_the_name_of_the_text_field(tmp_path: Path) -> None:
    [item] = lines(tmp_path, json.dumps({"isi": ARTICLE, "title": "Judul yang Panjang"}).encode())
    assert read(item, "isi") == f"Judul yang Panjang\n{ARTICLE}"


@pytest.mark.parametrize(
    "text", [f"<p>{ARTICLE}</p>", f"<p>{ARTICLE}</p>\n" * 6, f"<!doctype html><h1>Lain</h1><p>{ARTICLE}</p>"]
)
def test_html_with_a_headline_of_its_own(tmp_path: Path, text: str) -> None:
    [item] = lines(tmp_path, json.dumps({"text": text, "title": "Judul dari Redaksi"}).encode())
    article = clean(read_item(item, read_bytes(item), "text"))
    assert article.title == "Judul dari Redaksi"
    assert ARTICLE in article.paragraphs
    assert not any("<" in paragraph for paragraph in article.paragraphs)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"text": "\xff"}', "is not JSON"),
        (b'["text"]', "has no text in a field 'text' (there is no object)"),
        (b'{"isi": "a", "judul": 1}', "has no text in a field 'text' (there is 'isi', 'judul')"),
        (b'{"text": 5}', "has a number in the field 'text', not text"),
        (b'{"text": true}', "has a truth value in the field 'text', not text"),
        (b'{"text": ["a"]}', "has a list in the field 'text', not text"),
        (b'{"text": null}', "has no text in a field 'text'"),
        (b'{"text": " "}', "is empty"),
    ],
)
def test_json_lines_that_are_no_articles(tmp_path: Path, line: bytes, message: str) -> None:
    good = json.dumps({"text": ARTICLE}).encode()
    items = lines(tmp_path, b"\n".join([good, line, good]))
    assert [item.line for item in items] == [1, 2, 3]
    with pytest.raises(InputError) as caught:
        read(items[1])
    assert message in str(caught.value)
    assert str(caught.value).startswith("x.jsonl:2 ")
    assert "\n" not in str(caught.value)
    assert ARTICLE in read(items[2])


def test_a_line_is_the_same_with_and_without_its_end(tmp_path: Path) -> None:
    line = json.dumps({"text": ARTICLE}).encode()
    for end in (b"", b"\n", b"\r\n"):
        [item] = lines(tmp_path, line + end)
        assert item.data == line
    items = lines(tmp_path, b'{"text": "Presiden\n' + line)
    with pytest.raises(InputError, match=r"x\.jsonl:1 is not JSON: unterminated string starting at character 10$"):
        read(items[0])


def test_half_a_surrogate_pair_is_no_character(tmp_path: Path) -> None:
    [item] = lines(tmp_path, b'{"text": "Hujan \\ud83d turun.", "title": "Judul \\udc00 itu"}')
    assert read(item).encode() == b"Judul ? itu\nHujan ? turun."


def test_json_lines_that_end_too_early(tmp_path: Path) -> None:
    data = gzip.compress(b"".join(json.dumps({"text": os.urandom(99).hex()}).encode() + b"\n" for _ in range(99)))
    items = lines(tmp_path, data[: len(data) // 2], "x.jsonl.gz")
    assert 1 < len(items) < 99
    assert all(item.error is None for item in items[:-1])
    assert str(items[-1].error).startswith(
        f"x.jsonl.gz after line {items[-2].line} is cut off: its gzip data ends early"
    )


def test_a_line_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MAX_BYTES", 1000)
    items = lines(tmp_path, b"{" * 5000 + b"\n" + json.dumps({"text": ARTICLE}).encode())
    assert [(item.line, item.error is None) for item in items] == [(1, False), (2, True)]


HTML = f"<!doctype html><html><head><title>Taman Baru Dibuka</title></head><body><p>{ARTICLE}</p></body></html>"


def warc(*records: tuple[str, str, bytes], packed: bool = False, status: str = "200 OK") -> bytes:
    """Write a WARC file, of each record's kind, type of content and content."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("a", {"software": "a"}))
    for number, (kind, content, payload) in enumerate(records):
        http = (
            StatusAndHeaders(status, [("Content-Type", content)], protocol="HTTP/1.1") if kind == "response" else None
        )
        record = writer.create_warc_record(
            f"https://contoh.id/{number}", kind, io.BytesIO(payload), http_headers=http, warc_content_type=content
        )
        writer.write_record(record)
    return file.getvalue()


PAGE = ("response", "text/html; charset=utf-8", HTML.encode())


@pytest.mark.parametrize("form", ["plain", "gzip", "gzip as a whole"])
def test_warc(tmp_path: Path, form: str) -> None:
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
    items = lines(tmp_path, gzip.compress(data) if form == "gzip as a whole" else data, name)
    assert [item.name for item in items] == [f"{name}:{number}" for number in (2, 5, 7)]
    assert items[0].stem == f"{name}/000002"
    assert [read(item) for item in items] == [f"Taman Baru Dibuka\n{ARTICLE}"] * 2 + [f"-\n{ARTICLE}"]
    article = clean(read_item(items[1], read_bytes(items[1]), "text"))
    assert (article.url, article.site) == ("https://contoh.id/3", "contoh.id")
    assert inputs.count([Item(name, str(tmp_path / name))]) == 3
    assert names([tmp_path]) == [name]


def test_a_page_of_warc_whose_address_is_none() -> None:
    item = Item("x.warc:1", "x.warc", 1, HTML.encode(), "http://[::1/taman")
    article = clean(read_item(item, read_bytes(item), "text"))
    assert (article.url, article.site) == ("http://[::1/taman", None)
    assert ARTICLE in article.paragraphs


def test_pages_of_warc_that_were_not_there(tmp_path: Path) -> None:
    [item] = lines(tmp_path, warc(PAGE, status="404 Not Found"), "x.warc")
    assert str(item.error) == "x.warc holds no article"


@pytest.mark.parametrize(
    ("data", "whole", "message"),
    [
        (warc(PAGE, PAGE)[:-200], 1, "x.warc after record 2 is cut off: its last record ends early"),
        (warc(PAGE, ("response", "image/png", b"a" * 999))[:-200], 1, "is cut off: its last record ends early"),
        (warc(PAGE, PAGE, packed=True)[:-30], 1, "is cut off: its gzip data ends early"),
        (warc(PAGE).replace(b"<body>", b"<body>" + b"rusak " * 99), 1, "holds damaged WARC data: a record is longer"),
        (warc(PAGE, PAGE).replace(b"WARC/1.0", b"CRAW/1.0"), 0, "holds damaged WARC data: Unknown archive format"),
        (warc(PAGE, packed=True)[:300] + b"rusak" * 9 + warc(PAGE, packed=True)[300:], 0, "x.warc holds damaged gzip"),
        (warc(PAGE, PAGE).replace(b"WARC-Target-URI: https://contoh.id/1\r\n", b""), 1, "holds damaged WARC data: "),
        (ARTICLE.encode(), 0, "x.warc holds damaged WARC data: "),
        (b"", 0, "x.warc is cut off"),
        (os.urandom(2000), 0, "x.warc holds damaged WARC data: "),
    ],
)
def test_damaged_warc(tmp_path: Path, data: bytes, whole: int, message: str, capfd: pytest.CaptureFixture[str]) -> None:
    items = lines(tmp_path, data, "x.warc")
    assert [item.error is None for item in items] == [True] * whole + [False]
    assert message in str(items[-1].error)
    assert "\n" not in str(items[-1].error)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("satu\ndua"), "x.warc after record 2 holds damaged WARC data: satu dua"),
        (EOFError(), "x.warc after record 2 is cut off: its last record ends early"),
    ],
)
def test_what_comes_before_a_record_that_cannot_be_read_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    def pages(file: BinaryIO, most: int) -> Iterator[WarcPage]:
        yield WarcPage(2, "https://contoh.id/2", HTML.encode())
        raise error

    monkeypatch.setattr(inputs, "warc_pages", pages)
    for name in ("x.warc", "y.txt"):
        (tmp_path / name).touch()
    files = [Item(name, str(tmp_path / name)) for name in ("x.warc", "y.txt")]
    page, broken, other = open_files(files)
    assert (page.name, page.error, other) == ("x.warc:2", None, files[1])
    assert str(broken.error) == message
    assert inputs.count(files) == 2


def test_huge_records_of_warc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MAX_BYTES", 10_000)
    items = lines(tmp_path, warc(("response", "text/html", b"a" * 1_000_000), PAGE, packed=True), "x.warc.gz")
    assert [(item.line, item.error is None, item.data is None) for item in items] == [
        (2, False, True),
        (3, True, False),
    ]
    assert str(items[0].error).startswith("x.warc.gz:2 is larger than")


def test_the_parts_of_a_saved_page_are_no_pages(tmp_path: Path) -> None:
    for name in (
        "a.html",
        "a_files/iklan.html",
        "b_files/c.html",
        "d.HTM",
        "d_files/e/f.html",
        "g.txt",
        "g_files/h.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(HTML, encoding="utf-8")
    assert names([tmp_path]) == ["a.html", "d.HTM", "g.txt", "b_files/c.html", "g_files/h.html"]
    assert names([tmp_path / "a_files"]) == ["iklan.html"]


def test_gzip(tmp_path: Path) -> None:
    file = tmp_path / "a.txt.gz"
    file.write_bytes(gzip.compress(ARTICLE.encode()))
    item = Item("a.txt.gz", str(file))
    assert read(item) == f"-\n{ARTICLE}"
    for damage, message in (
        (file.read_bytes()[:-30], "is cut off: its gzip data ends early"),
        (file.read_bytes()[:40] + b"rusak" * 9 + file.read_bytes()[40:], "damaged gzip data"),
        (gzip.compress(b""), "is empty"),
        (gzip.compress(b"a" * 30_000_000), "larger than 20 MB"),
    ):
        file.write_bytes(damage)
        with pytest.raises(InputError, match=message):
            read(item)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa.txt")
    for name, message in (("hilang.txt", "no such file"), ("pipa.txt", "not a regular file"), (".", "directory")):
        with pytest.raises(InputError, match=message):
            read_bytes(Item(name, str(tmp_path / name)))
    for name in ("hilang.jsonl", "pipa.jsonl"):
        if name.startswith("pipa"):
            os.mkfifo(tmp_path / name)
        [item] = open_files([Item(name, str(tmp_path / name))])
        assert str(item.error).startswith(f"cannot read {name}: no")


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


def test_no_permission(as_nobody: Path) -> None:
    [page, records, below] = list_files([str(as_nobody / part) for part in ("a.txt", "b.jsonl", "c")], None, GLOBS, [])
    with pytest.raises(InputError, match=r"cannot read a\.txt: permission denied") as caught:
        read_bytes(page)
    assert caught.value.advice == "make it readable: chmod u+r"
    [item] = open_files([records])
    assert str(item.error) == "cannot read b.jsonl: permission denied"
    assert str(below.error) == "cannot read c: permission denied"


class Growing:
    """A file that someone else writes to whenever it is read."""

    def __init__(self, path: str, file: BinaryIO) -> None:
        self.path, self.file = path, file

    def read(self, size: int) -> bytes:
        data = self.file.read(size)
        with open(self.path, "ab") as other:
            other.write(b"lagi ")
        return data

    def fileno(self) -> int:
        return self.file.fileno()

    def __enter__(self) -> Growing:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


def test_a_file_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    file.write_text(ARTICLE, encoding="utf-8")
    original = inputs._open
    left = 2

    def grow(path: str) -> BinaryIO:
        nonlocal left
        left -= 1
        return cast(BinaryIO, Growing(path, original(path))) if left >= 0 else original(path)

    monkeypatch.setattr(inputs, "_open", grow)
    monkeypatch.setattr(inputs, "_PAUSE", 0)
    # It is tried again until it stands still.
    assert read_bytes(Item("a.txt", str(file))).endswith(b"lagi lagi ")
    left = 99
    with pytest.raises(InputError, match=r"a\.txt changed while it was read") as caught:
        read_bytes(Item("a.txt", str(file)))
    assert "run the same command again" in caught.value.advice


def test_json_lines_that_change_while_they_are_read(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(json.dumps({"text": ARTICLE}) + "\n", encoding="utf-8")
    items = open_files([Item("x.jsonl", str(file))])
    assert next(items).line == 1
    with open(file, "a", encoding="utf-8") as other:
        other.write(json.dumps({"text": ARTICLE}) + "\n")
    assert str(list(items)[-1].error) == "x.jsonl changed while it was read"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    [item] = list_files([str(tmp_path / "tidak ada.txt")], None, GLOBS, [])
    assert str(item.error) == "cannot read tidak ada.txt: no such file or directory"
    (tmp_path / "a.txt").symlink_to(tmp_path / "tidak ada.txt")
    [link] = list_files([str(tmp_path)], None, GLOBS, [])
    with pytest.raises(InputError, match=r"cannot read a\.txt: no such file"):
        read_bytes(link)


def test_a_page_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MAX_BYTES", 100)
    for size in (100, 101):
        (tmp_path / f"{size}.txt").write_bytes(b"a" * size)
    assert len(read_bytes(Item("100.txt", str(tmp_path / "100.txt")))) == 100
    with pytest.raises(InputError, match=r"101\.txt is larger than"):
        read_bytes(Item("101.txt", str(tmp_path / "101.txt")))


def test_what_cannot_be_taken_apart_counts_as_one(tmp_path: Path) -> None:
    records = gzip.compress(b"".join(b'{"text": "%d"}\n' % number for number in range(5000)))
    (tmp_path / "utuh.jsonl.gz").write_bytes(records)
    (tmp_path / "rusak.jsonl.gz").write_bytes(records[:5] + b"rusak" * 99)
    items = [Item(name, str(tmp_path / name)) for name in ("utuh.jsonl.gz", "rusak.jsonl.gz", "hilang.jsonl", "a.txt")]
    assert [count([item]) for item in items] == [5000, 1, 1, 1]
    assert count([*items, Item("salah", "", error=InputError("salah"))]) == 5004


def test_a_file_that_vanishes_after_it_was_listed(folder: Path) -> None:
    items = list_files([str(folder)], None, GLOBS, [])
    threading.Thread(target=(folder / "b.txt").unlink).run()
    with pytest.raises(InputError, match=r"cannot read b\.txt: no such file") as caught:
        read_bytes(items[1])
    assert "not there" in caught.value.advice
