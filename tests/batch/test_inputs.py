"""How the inputs of a batch are found, on this machine and by a job on a cluster."""

import os
from pathlib import Path

import pytest

from summarizer.batch.cluster.sources import TABLES, find_files
from summarizer.batch.inputs import GLOBS, list_files, require_apart
from summarizer.batch.provenance import Settings
from summarizer.batch.reading import open_inputs, read_article, read_bytes
from summarizer.batch.results import STATE
from summarizer.errors import InputError, OutputError
from tests.conftest import ARTICLE


def names(paths: list[Path | str], globs: tuple[str, ...] = GLOBS, listed: bytes | None = None) -> list[str]:
    return [file.name for file in list_files(map(str, paths), listed, globs, [])]


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(ARTICLE, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "akar"
    touch(root, "b.txt", "a.html", "c/d.htm.gz", "c/e.jsonl", "c/.git/f.txt", ".g.txt", "c/gambar.png", "z/h.TXT")
    return root


@pytest.mark.parametrize(
    ("globs", "found"),
    [
        (GLOBS, ["a.html", "b.txt", "c/d.htm.gz", "c/e.jsonl", "z/h.TXT"]),
        (("*.png", "*.Txt"), ["b.txt", "c/gambar.png", "z/h.TXT"]),
        (("c/*",), ["c/d.htm.gz", "c/e.jsonl", "c/gambar.png"]),
        (("**/*.txt",), ["b.txt", "z/h.TXT"]),
    ],
)
def test_folders_give_the_files_that_the_globs_match(folder: Path, globs: tuple[str, ...], found: list[str]) -> None:
    assert names([folder], globs) == found


def test_a_mail_in_a_folder_is_an_article(tmp_path: Path) -> None:
    head = b"From: Rina <rina@contoh.id>\nSubject: FW: Taman Baru Dibuka\nMIME-Version: 1.0\n"
    head += b"Content-Type: text/plain; charset=utf-8\n\n"
    (tmp_path / "Surat.EML").write_bytes(head + ARTICLE.encode())
    [mail] = list_files([str(tmp_path)], None, GLOBS, [])
    article = read_article(mail, read_bytes(mail), Settings())
    assert (article.title, article.paragraphs) == ("Taman Baru Dibuka", (ARTICLE,))


def test_several_inputs_keep_apart_what_is_below_them(folder: Path) -> None:
    assert names([folder / "c", folder / "b.txt"]) == ["c/d.htm.gz", "c/e.jsonl", "b.txt"]
    assert names([folder / "b.txt"]) == ["b.txt"]
    assert names([folder, folder / "b.txt", folder]) == ["a.html", "b.txt", "c/d.htm.gz", "c/e.jsonl", "z/h.TXT"]


def test_a_list_names_files_and_folders_whatever_ends_its_lines(folder: Path) -> None:
    for end in (b"\n", b"\r\n", b"\0"):
        listed = end.join(os.fsencode(folder / name) for name in ("b.txt", "c"))
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            same = (listed + end).decode().encode(encoding)
            assert names(["-"], listed=same) == ["b.txt", "c/d.htm.gz", "c/e.jsonl"]
    assert names(["-"], listed=b"\n") == []


def test_the_output_is_no_input(folder: Path) -> None:
    skip = [folder / "c", folder / "a.html", folder / "tidak ada"]
    assert [file.name for file in list_files([str(folder)], None, GLOBS, skip)] == ["b.txt", "z/h.TXT"]
    assert [file.name for file in list_files([str(folder / "a.html")], None, GLOBS, skip)] == ["a.html"]
    with pytest.raises(OutputError, match="c would be both read and written to"):
        list_files([str(folder), str(folder / "c")], None, GLOBS, skip)


@pytest.mark.parametrize("page", ["a.html.json", "tautan/a.html.json", "c/e.jsonl/000001.json"])
def test_no_file_for_all_results_takes_the_place_of_an_article_s_own(folder: Path, tmp_path: Path, page: str) -> None:
    output = tmp_path / "keluar"
    output.mkdir()
    (output / "tautan").symlink_to(output)
    files = list_files([str(folder)], None, GLOBS, [output])
    with pytest.raises(OutputError, match="would be written to twice: choose another --csv"):
        require_apart(files, output, {"--csv": output / page}, "json")


def test_a_file_for_all_results_may_stand_beside_those_of_the_articles(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "keluar"
    files = list_files([str(folder)], None, GLOBS, [output])
    require_apart(files, output, {"--csv": output / "a.html.json", "--html": output / "a.html"}, "md")


def test_what_another_batch_wrote_is_no_input(folder: Path) -> None:
    (folder / "semua.html").write_text('<meta name="generator" content="Ringkas 0.1.0">', encoding="utf-8")
    (folder / "kosong.html").touch()
    assert {"kosong.html", "semua.html"} & set(names([folder])) == {"kosong.html"}
    (folder / "semua.html").unlink()
    (folder / "kosong.html").unlink()
    touch(folder, f"c/{STATE}/lock")
    assert names([folder]) == ["a.html", "b.txt", "z/h.TXT"]
    (folder / "c" / STATE).rename(folder / STATE)
    (folder / "failures.jsonl").write_text('{"input": "x"}\n', encoding="utf-8")
    written = [f'{{"input": "", "output": "{name}", "key": "", "sha256": ""}}' for name in ("b.txt", "c/e.jsonl")]
    (folder / "results.jsonl").write_text("\n".join(["[]", "{", *written, '{"lain": 1}']), encoding="utf-8")
    assert names([folder]) == ["a.html", "c/d.htm.gz", "z/h.TXT"]
    # What is named itself is taken at its word.
    assert names([folder / "b.txt"]) == ["b.txt"]


def test_the_parts_of_a_saved_page_are_no_pages(tmp_path: Path) -> None:
    touch(tmp_path, "a.html", "a_files/iklan.html", "a_files/b/c.html", "b_files/c.html")
    touch(tmp_path, "d.HTM", "d_files/e/f.html", "g.txt", "g_files/h.html")
    assert names([tmp_path]) == ["a.html", "b_files/c.html", "d.HTM", "g.txt", "g_files/h.html"]
    assert names([tmp_path / "a_files"]) == ["b/c.html", "iklan.html"]


@pytest.mark.parametrize("link", ["c/lingkar.html", "c/hilang.html", "lingkar"])
def test_a_link_that_leads_nowhere_spares_the_others(folder: Path, link: str) -> None:
    (folder / link).symlink_to("tidak ada" if "hilang" in link else Path(link).name)
    files = list_files([str(folder)], None, GLOBS, [folder / "keluar"])
    others = ["a.html", "b.txt", "c/d.htm.gz", "c/e.jsonl", "z/h.TXT"]
    assert [file.name for file in files] == sorted([*others, *([link] if link.endswith("html") else [])])
    for file in open_inputs(files):
        if file.name == link:
            with pytest.raises(InputError, match=f"cannot read {link}"):
                read_bytes(file)


@pytest.mark.parametrize(
    ("given", "globs", "message"),
    [
        ("akar", ("*.pdf",), "akar holds no file named *.pdf"),
        ("akar/tidak ada.txt", GLOBS, "cannot read tidak ada.txt: no such file or directory"),
        (b"https://contoh.id/a\nakar/b.txt", GLOBS, "https://contoh.id/a is a web address"),
    ],
)
def test_what_is_not_there_is_said_where_it_would_stand(
    folder: Path, given: str | bytes, globs: tuple[str, ...], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    path, listed = ("-", given) if isinstance(given, bytes) else (given, None)
    file, *others = list_files([path], listed, globs, [])
    assert str(file.error).startswith(message)
    assert all(other.error is None for other in others)


def test_a_folder_without_pages_is_told_of_in_a_short_line(folder: Path) -> None:
    empty = folder / "kosong"
    empty.mkdir()
    (nothing,) = list_files([str(empty)], None, GLOBS, [])
    message = str(nothing.error)
    assert message.startswith("kosong holds no file named *.txt, *.html, *.htm, ")
    assert message.endswith("*.wet (or these with .gz): --glob takes others")
    assert ".txt.gz" not in message


@pytest.mark.parametrize(("given", "message"), [("", "name of an input is empty"), ("https://contoh.id/a", "address")])
def test_paths_that_cannot_be_names_are_refused(folder: Path, given: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        list_files([str(folder), given], None, GLOBS, [])


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (b"a\xff.txt", "a%FF.txt"),
        (b"a\x1b[2J.txt", "a%1B%5B2J.txt"),
        ("\u200b../a.txt", "%E2%80%8B../a.txt"),
        ("c/\u200b", "c/%E2%80%8B"),
        # What is between the two would be the title of a terminal's window.
        ("c\x1b]/\u200b../d\x07/a.txt", "c%1B%5D/%E2%80%8B../d%07/a.txt"),
        ("c / a.txt", "c%20/%20a.txt"),
        ("Pasar Agung é.txt", "Pasar Agung é.txt"),
        # No two files have one name.
        ("a%0Ab.txt", "a%250Ab.txt"),
        ("a\nb.txt", "a%0Ab.txt"),
        ("a%20b.txt", "a%20b.txt"),
    ],
)
def test_what_cannot_be_shown_is_quoted(tmp_path: Path, path: str | bytes, name: str) -> None:
    path = os.fsdecode(path)
    touch(tmp_path, "b.txt", path)
    assert sorted(names([tmp_path], ("*",))) == sorted(["b.txt", name])
    assert names([tmp_path / path, tmp_path / "b.txt"]) == [name, "b.txt"]


def test_a_job_on_a_cluster_finds_what_a_batch_finds(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")

    def found(globs: tuple[str, ...] = GLOBS) -> list[str]:
        there = find_files([str(tmp_path)], globs)
        return [row["name"] for row in there.pages] + [Path(path).name for path in there.tables]

    touch(tmp_path, "a.html", "a_files/iklan.html", "d_files/e.html", "f.txt", ".g.txt", "h/i.jsonl")
    touch(tmp_path, "\u200b../a.txt", "f\u200b.txt")
    touch(tmp_path, "keluar/.ringkas/lock", "keluar/f.txt", ".ringkas/lock", "job=soto/c.txt")
    assert found() == names([tmp_path])
    # It passes over what jobs have written, and parts of what Spark has.
    before = found((*GLOBS, *TABLES))
    job = f"job={'0a' * 8}"
    touch(tmp_path, "_temporary/a.parquet", "_ringkas/0a.json", f"{job}/b.parquet", f"k/{job}/b.parquet", "k/a.parquet")
    assert found((*GLOBS, *TABLES)) == [*before, "a.parquet"]
    for inputs in ([str(tmp_path), "-"], [str(tmp_path), "mock://bucket"]):
        with pytest.raises(InputError, match=r"standard input|different file systems"):
            find_files(inputs, GLOBS)
