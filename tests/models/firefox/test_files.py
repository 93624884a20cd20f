"""Firefox models are fetched whole or not at all, from a service on this machine."""

from __future__ import annotations

import errno
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer.errors import ModelError
from summarizer.models import (
    Task,
    check_model,
    find_model,
    fingerprint,
    prepare_model,
    remove_model,
    verify_model,
)
from summarizer.models.firefox import files
from tests.models.firefox.service import FILES, Service, serve

NAME = "firefox-id-en"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RINGKAS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", "http://127.0.0.1:9/v1/buckets/main/records")
    return tmp_path / "cache"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with serve() as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


def fails(cache: Path) -> str:
    with pytest.raises(ModelError) as caught:
        prepare_model(NAME)
    assert "\n" not in str(caught.value)
    # Nothing half-written is left, but for the lock.
    assert [file.name for file in cache.glob("*") if file.suffix != ".lock"] == []
    return str(caught.value)


def test_a_model_is_fetched_once(service: Service) -> None:
    folder = prepare_model(NAME)
    assert {name: (folder / name).read_bytes() for name, _ in FILES.values()} == dict(FILES.values())
    service.requests.clear()
    assert prepare_model(NAME) == find_model(NAME) == prepare_model(NAME, offline=True) == folder
    assert service.requests == []


def test_the_newest_version_that_the_engine_reads_is_taken(service: Service) -> None:
    service.versions = ("1.0", "3.2", "3.10", "99.0")
    prepare_model(NAME)
    assert {path for path in service.requests if path.startswith("/cdn/")} == {
        f"/cdn/files/3.10/{kind}.zst" for kind in FILES
    }


def test_no_version_that_the_engine_reads(service: Service, own_cache: Path) -> None:
    service.versions = ("1.0", "99.0")
    assert fails(own_cache) == "Firefox has no model id-en that this version of fxtranslate can read"


@pytest.mark.parametrize("status", [404, 503])
def test_a_service_that_fails(service: Service, own_cache: Path, status: int) -> None:
    service.status = status
    assert fails(own_cache) == (
        f"the Firefox model id-en can't be downloaded: the service answers {status}; try again later"
    )


def test_no_network(own_cache: Path) -> None:
    assert fails(own_cache).startswith("the Firefox model id-en can't be downloaded: ")


def test_a_download_that_breaks_off(service: Service, own_cache: Path, caplog: pytest.LogCaptureFixture) -> None:
    service.broken = True
    message = fails(own_cache)
    assert message.startswith("the Firefox model id-en can't be downloaded: ")
    # The library has its say in a log of its own.
    assert [record for record in caplog.records if record.name.startswith("huggingface_hub")] == []
    service.broken = False
    assert prepare_model(NAME).is_dir()


def test_a_wrong_digest(service: Service, own_cache: Path) -> None:
    service.damaged = True
    assert fails(own_cache) == "model.iden.intgemm.alphas.bin arrived damaged: try again later"
    service.damaged, service.unpacked_hash = False, "0" * 64
    assert fails(own_cache).startswith("the Firefox model id-en arrived damaged: try again later (")


def test_a_file_without_a_digest_is_not_taken(service: Service, own_cache: Path) -> None:
    service.unpacked_hash = None
    assert fails(own_cache) == "the list of models names files of id-en that can't be checked"


@pytest.mark.parametrize("name", ["../model.iden.bin", "model.iden.bin/../../x.bin", "other.bin"])
def test_a_name_cannot_reach_out_of_the_folder(service: Service, own_cache: Path, name: str) -> None:
    service.files["model"] = (name, b"x")
    assert fails(own_cache) == "the list of models names files of id-en that can't be checked"


def test_a_full_disk(service: Service, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(path: Path, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write)
    assert fails(own_cache) == (
        f"cannot write the model to the cache at {own_cache}: no space left on device; free some space there, or set "
        "RINGKAS_CACHE to another folder"
    )


def test_offline_asks_nobody(service: Service) -> None:
    with pytest.raises(ModelError, match="downloads are off: run 'ringkas models fetch firefox-id-en'"):
        check_model(NAME, Task.TRANSLATE, offline=True)
    with pytest.raises(ModelError, match="is not ready on this machine"):
        prepare_model(NAME, offline=True)
    assert service.requests == []


def test_a_file_that_was_removed_is_fetched_again(service: Service) -> None:
    folder = prepare_model(NAME)
    (folder / "vocab.iden.spm").unlink()
    with pytest.raises(ModelError, match="is not ready"):
        find_model(NAME)
    assert (prepare_model(NAME) / "vocab.iden.spm").is_file()


def test_damage_is_named_and_a_removed_model_is_gone(service: Service) -> None:
    folder = prepare_model(NAME)
    assert verify_model(NAME) == []
    (folder / "vocab.iden.spm").write_bytes(b"x")
    assert verify_model(NAME) == ["vocab.iden.spm"]
    assert remove_model(NAME) == folder
    assert not folder.exists()
    for do in (verify_model, remove_model):
        with pytest.raises(ModelError, match="firefox-id-en is not ready on this machine: run 'ringkas models fetch"):
            do(NAME)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"[]", "the list of models is not in the expected format"),
        (b'{"data": [{"name": "x"}]}', "the list of models is not in the expected format"),
        (b"<html>", "try again later"),
    ],
)
def test_a_service_that_speaks_of_something_else(
    service: Service, own_cache: Path, answer: bytes, expected: str
) -> None:
    service.answer = answer
    message = fails(own_cache)
    assert message.startswith("the Firefox model id-en can't be downloaded: ")
    assert expected in message


def test_without_the_engine(service: Service, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "fxtranslate" else real(name))
    assert fails(own_cache) == "Firefox's translator is not installed: run 'pip install fxtranslate'"
    assert service.requests == []


def test_it_is_no_model_for_abstracts(service: Service) -> None:
    with pytest.raises(ModelError, match="firefox-id-en is made for translation only"):
        check_model(NAME, Task.SUMMARIZE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "model"
    made.mkdir()
    for name, content in FILES.values():
        (made / name).write_bytes(content)
    return made


def test_a_folder_of_ones_own(folder: Path) -> None:
    found = files.find_files(folder)
    assert found is not None
    assert found.source_vocabulary == found.target_vocabulary == folder / "vocab.iden.spm"
    assert found.shortlist == folder / "lex.50.50.iden.s2t.bin"
    assert find_model(str(folder)) == folder
    check_model(str(folder), Task.TRANSLATE, offline=True)
    before = fingerprint(str(folder))
    (folder / "lex.50.50.iden.s2t.bin").unlink()
    assert fingerprint(str(folder)) != before


def test_a_vocabulary_for_each_language(folder: Path) -> None:
    (folder / "vocab.iden.spm").rename(folder / "srcvocab.iden.spm")
    assert files.find_files(folder) is None
    (folder / "trgvocab.iden.spm").write_bytes(b"x")
    found = files.find_files(folder)
    assert found is not None
    assert (found.source_vocabulary.name, found.target_vocabulary.name) == ("srcvocab.iden.spm", "trgvocab.iden.spm")


@pytest.mark.parametrize("added", ["model.enid.bin", "vocab.enid.spm", "lex.enid.bin"])
def test_a_folder_with_two_models(folder: Path, added: str) -> None:
    (folder / added).write_bytes(b"x")
    with pytest.raises(ModelError, match=r"is incomplete: it needs one model\.\*\.bin"):
        check_model(str(folder), Task.TRANSLATE)
