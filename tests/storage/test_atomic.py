from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from summarizer.errors import OutputError
from summarizer.storage.atomic import open_whole, require_writable, write_whole


def test_a_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    plain, target = tmp_path / "biasa", tmp_path / "hasil.txt"
    plain.touch()
    write_whole(target, "satu\n")
    assert target.read_bytes() == b"satu\n"
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_a_file_that_is_replaced_keeps_its_rights(tmp_path: Path) -> None:
    target, link, scratch = tmp_path / "hasil.txt", tmp_path / "pranala", tmp_path / "kerja"
    target.touch()
    target.chmod(0o640)
    link.symlink_to(target)
    scratch.mkdir()
    write_whole(link, "satu")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    write_whole(target, "dua", scratch)
    assert (stat.S_IMODE(target.stat().st_mode), target.read_bytes()) == (0o640, b"dua")


def test_a_write_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, link = tmp_path / "hasil.txt", tmp_path / "pranala"
    target.write_text("lama", encoding="utf-8")
    target.chmod(0o444)
    link.symlink_to(target)
    # Root may write to it all the same.
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK or path.stat().st_mode & 0o200 != 0)
    for write in (require_writable, lambda target: write_whole(target, "baru")):
        for name in (target, link):
            with pytest.raises(OutputError, match=rf"cannot write .*{name.name}: permission denied") as found:
                write(name)
            assert isinstance(found.value.__cause__, PermissionError)
    assert (target.read_text(encoding="utf-8"), stat.S_IMODE(target.stat().st_mode)) == ("lama", 0o444)
    assert sorted(tmp_path.iterdir()) == [target, link]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_leaves_the_old_file_alone(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "hasil.txt"
    target.write_text("lama", encoding="utf-8")

    def write() -> None:
        with open_whole(target) as file:
            file.write(b"baru")
            raise error

    with pytest.raises((OutputError, KeyboardInterrupt)):
        write()
    assert target.read_text(encoding="utf-8") == "lama"
    assert [path.name for path in tmp_path.iterdir()] == ["hasil.txt"]


def test_what_cannot_be_written_says_why(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot write .*ada\.txt: no such file or directory"):
        write_whole(tmp_path / "tidak" / "ada.txt", "x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=r"cannot write .*folder: is a directory"):
        write_whole(tmp_path / "folder", "x")
    for write in (require_writable, lambda target: write_whole(target, "x")):
        with pytest.raises(OutputError, match=r"cannot write .*nn\.txt: file name too long") as found:
            write(tmp_path / f"{'n' * 256}.txt")
        assert isinstance(found.value.__cause__, OSError)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_device_or_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipa", tmp_path / "pranala"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for target in (pipe, link):
        with pytest.raises(OutputError, match=r"cannot write .*: it is a device or a pipe, not a file"):
            write_whole(target, "x")
        with pytest.raises(OutputError, match=r"cannot write .*: it is a device or a pipe, not a file"):
            require_writable(target)
    assert pipe.is_fifo()
    assert link.is_symlink()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    folder, link, lost = tmp_path / "jauh", tmp_path / "pranala", tmp_path / "hilang"
    folder.mkdir()
    (folder / "hasil.txt").write_text("lama", encoding="utf-8")
    link.symlink_to(folder / "hasil.txt")
    require_writable(link)
    write_whole(link, "baru")
    assert link.is_symlink()
    assert (folder / "hasil.txt").read_text(encoding="utf-8") == "baru"
    lost.symlink_to(tmp_path / "tidak" / "ada.txt")
    with pytest.raises(OutputError, match="no such file or directory"):
        require_writable(lost)


def test_long_names_and_a_scratch_folder(tmp_path: Path) -> None:
    scratch, target = tmp_path / "kerja", tmp_path / ("n" * 250 + ".txt")
    scratch.mkdir()
    write_whole(target, "é", scratch)
    assert target.read_text(encoding="utf-8") == "é"
    assert not list(scratch.iterdir())
