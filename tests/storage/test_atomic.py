import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.errors import OutputError
from summarizer.storage.atomic import open_whole, require_writable, write_whole


def write(target: Path) -> None:
    write_whole(target, "baru")


def test_a_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    plain = tmp_path / "biasa"
    target = tmp_path / "hasil.txt"
    plain.touch()
    write_whole(target, "satu é\n")
    assert target.read_text(encoding="utf-8") == "satu é\n"
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_a_file_that_is_replaced_keeps_its_rights_and_a_link_stays(tmp_path: Path) -> None:
    target = tmp_path / "jauh" / "hasil.txt"
    link = tmp_path / "pranala"
    scratch = tmp_path / "kerja"
    target.parent.mkdir()
    scratch.mkdir()
    target.touch()
    target.chmod(0o640)
    link.symlink_to(target)
    require_writable(link)
    write(link)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "baru"
    write_whole(target, "dua", scratch)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert target.read_text(encoding="utf-8") == "dua"
    write_whole(tmp_path / ("n" * 250 + ".txt"), "lama", scratch)
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_leaves_the_old_file_alone(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "hasil.txt"
    target.write_text("lama", encoding="utf-8")

    def fail() -> None:
        with open_whole(target) as file:
            file.write(b"baru")
            raise error

    with pytest.raises((OutputError, KeyboardInterrupt)):
        fail()
    assert target.read_text(encoding="utf-8") == "lama"
    assert [path.name for path in tmp_path.iterdir()] == ["hasil.txt"]


@pytest.mark.parametrize("attempt", [write, require_writable])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("tidak/ada.txt", "no such file"),
        ("folder", "is a directory"),
        ("n" * 256, "name too long"),
        ("pipa", "a device or a pipe"),
        ("ke pipa", "a device or a pipe"),
        ("hilang", "no such file"),
        ("terkunci.txt", "permission denied"),
        ("ke terkunci", "permission denied"),
    ],
)
def test_what_cannot_be_written_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, reason: str, attempt: Callable[[Path], None]
) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipa")
    (tmp_path / "ke pipa").symlink_to("pipa")
    (tmp_path / "hilang").symlink_to("tidak/ada.txt")
    (tmp_path / "terkunci.txt").write_text("lama", encoding="utf-8")
    (tmp_path / "terkunci.txt").chmod(0o444)
    (tmp_path / "ke terkunci").symlink_to("terkunci.txt")
    # Root may write to it all the same.
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK or path.stat().st_mode & 0o200 != 0)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(OutputError, match=f"cannot write .*{name}: .*{reason}") as found:
        attempt(tmp_path / name)
    assert isinstance(found.value.__cause__, OSError) or "pipe" in reason
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "terkunci.txt").read_text(encoding="utf-8") == "lama"
    assert (tmp_path / "pipa").is_fifo()
