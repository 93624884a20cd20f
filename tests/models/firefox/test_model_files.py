"""A folder of one's own with the files of a model."""

import os
from pathlib import Path

import pytest

from summarizer.errors import ModelError
from summarizer.models import Task
from summarizer.models.catalogue import check_model, find_model, fingerprint, prepare_model
from summarizer.models.firefox.release import RemoteFile
from tests.models.firefox.service import MODEL, SHORTLIST, VOCABULARY, tiny_files


@pytest.fixture
def folder(tmp_path: Path, own_cache: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    for name, content in tiny_files().items():
        (folder / name).write_bytes(content)
    return folder


def test_a_list_names_files_of_a_model_and_nothing_else() -> None:
    for name, kind in (("model.iden.bin", "model"), ("vocab.iden.spm", "vocab"), ("lex.iden.bin", "")):
        assert RemoteFile(name, "https://a.id", "gzip").kind == kind
    for name in ("../model.iden.bin", "/model.iden.bin", "model.\0.bin", "model.\x1b[31m.bin", "model.\ud800.bin"):
        assert RemoteFile(name, "https://a.id", "gzip").kind == ""


def test_a_folder_is_used_as_it_is(folder: Path) -> None:
    assert find_model(str(folder)) == folder
    check_model(str(folder), Task.TRANSLATE, offline=True)
    with pytest.raises(ModelError, match="translation only"):
        check_model(str(folder), Task.SUMMARIZE)
    with pytest.raises(ModelError, match="no newest release"):
        prepare_model(str(folder), release="newest")


def test_two_models_in_a_folder_are_none(folder: Path) -> None:
    (folder / "model.enid.bin").write_bytes(b"x")
    with pytest.raises(ModelError, match="incomplete"):
        check_model(str(folder), Task.TRANSLATE)


def test_there_is_one_vocabulary_or_one_of_each_language(folder: Path) -> None:
    (folder / VOCABULARY).rename(folder / "srcvocab.iden.spm")
    with pytest.raises(ModelError, match="incomplete"):
        find_model(str(folder))
    (folder / "trgvocab.iden.spm").write_bytes(b"x")
    assert find_model(str(folder)) == folder


def test_the_fingerprint_is_of_what_is_used(folder: Path) -> None:
    before = fingerprint(str(folder))
    (folder / SHORTLIST).unlink()
    assert fingerprint(str(folder)) == before
    (folder / VOCABULARY).write_bytes(b"x")
    assert fingerprint(str(folder)) != before


@pytest.mark.parametrize("name", [MODEL, VOCABULARY])
@pytest.mark.skipif(os.name != "posix", reason="other systems have no such files")
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(folder: Path, name: str) -> None:
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(ModelError, match=f"{name} is no file"):
        find_model(str(folder))


@pytest.mark.parametrize("name", [MODEL, VOCABULARY])
def test_a_file_without_end_is_not_read(folder: Path, name: str) -> None:
    with open(folder / name, "r+b") as file:
        file.truncate(2**37)
    with pytest.raises(ModelError, match="larger than 500 MB"):
        find_model(str(folder))
