"""Firefox models are fetched whole or not at all, from a service on this machine."""

import sys
from functools import partial
from pathlib import Path

import pytest

from summarizer.errors import ModelError
from summarizer.models import Task
from summarizer.models.catalogue import check_model, find_model, fingerprint, prepare_model, remove_model
from tests.models.firefox.service import FILES, Service

NAME = "firefox-id-en"


def fails(cache: Path) -> str:
    with pytest.raises(ModelError) as caught:
        prepare_model(NAME)
    assert "\n" not in str(caught.value)
    # Nothing half-written is left, but for the lock.
    assert [file.name for file in cache.glob("*") if file.suffix != ".lock"] == []
    return str(caught.value)


def test_a_model_is_fetched_once(service: Service) -> None:
    folder = prepare_model(NAME)
    found = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert found == dict(FILES.values()) | {"complete": found["complete"]}
    service.requests.clear()
    assert prepare_model(NAME) == find_model(NAME) == prepare_model(NAME, offline=True) == folder
    assert service.requests == []


def test_the_newest_version_that_the_engine_reads_is_taken(service: Service, own_cache: Path) -> None:
    service.versions = ("1.0", "99.0")
    assert "none that this version of fxtranslate can read" in fails(own_cache)
    service.versions = ("1.0", "3.2", "3.10", "99.0")
    service.requests.clear()
    prepare_model(NAME)
    fetched = {path for path in service.requests if path.startswith("/cdn/")}
    assert fetched == {f"/cdn/files/3.10/{kind}.zst" for kind in FILES}


WRONG: list[tuple[dict[str, object], str]] = [
    ({"status": 503}, "503"),
    ({"broken": True}, "bytes"),
    ({"damaged": True}, ""),
    ({"unpacked_hash": "0" * 64}, ""),
    ({"unpacked_hash": None}, "can't be checked"),
    ({"files": FILES | {"vocab": ("../vocab.iden.spm", b"x")}}, "can't be checked"),
    ({"files": {kind: FILES[kind] for kind in ("model", "lex")}}, ""),
    ({"list": b"[]"}, ""),
    ({"list": b'{"data": [{"name": "x"}]}'}, ""),
    ({"list": b"<html>"}, ""),
]


@pytest.mark.parametrize(("state", "expected"), WRONG)
def test_what_is_wrong_is_one_line(state: dict[str, object], expected: str, service: Service, own_cache: Path) -> None:
    whole = {name: getattr(service, name) for name in state}
    vars(service).update(state)
    message = fails(own_cache)
    assert "id-en" in message
    assert expected in message
    vars(service).update(whole)
    assert prepare_model(NAME).is_dir()


def test_no_network_and_no_engine(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "can't be downloaded" in fails(own_cache)
    monkeypatch.setitem(sys.modules, "fxtranslate", None)
    assert "pip install fxtranslate" in fails(own_cache)


def test_what_was_damaged_is_found_fetched_again_and_removed(service: Service) -> None:
    for look in (partial(check_model, NAME, Task.TRANSLATE), partial(prepare_model, NAME)):
        with pytest.raises(ModelError, match="is not ready"):
            look(offline=True)
    assert service.requests == []
    folder = prepare_model(NAME)
    (folder / "vocab.iden.spm").write_bytes(b"x")
    with pytest.raises(ModelError, match="is not ready"):
        find_model(NAME)
    assert prepare_model(NAME) == folder
    assert remove_model(NAME) == folder
    assert not folder.exists()


def test_a_folder_of_ones_own(tmp_path: Path, own_cache: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for name, content in FILES.values():
        (folder / name).write_bytes(content)
    assert find_model(str(folder)) == folder
    check_model(str(folder), Task.TRANSLATE, offline=True)
    with pytest.raises(ModelError, match="translation only"):
        check_model(str(folder), Task.SUMMARIZE)
    (folder / "model.enid.bin").write_bytes(b"x")
    with pytest.raises(ModelError, match="incomplete"):
        check_model(str(folder), Task.TRANSLATE)
    (folder / "model.enid.bin").unlink()
    before = fingerprint(str(folder))
    (folder / "lex.50.50.iden.s2t.bin").unlink()
    assert fingerprint(str(folder)) != before
    (folder / "vocab.iden.spm").rename(folder / "srcvocab.iden.spm")
    with pytest.raises(ModelError, match="incomplete"):
        find_model(str(folder))
    (folder / "trgvocab.iden.spm").write_bytes(b"x")
    assert find_model(str(folder)) == folder
