"""The real engine, with a tiny model in its format."""

import shutil
import struct
from collections.abc import Iterable
from pathlib import Path

import pytest

from summarizer.errors import ModelError
from summarizer.models import Task, TextModel
from summarizer.models.catalogue import load_model
from tests.conftest import requests
from tests.models.firefox.tiny_model import write_model
from tests.models.seq2seq.checkpoints import INDONESIAN

fxtranslate = pytest.importorskip("fxtranslate")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("tiny"), tmp_path_factory.mktemp("scratch"))


@pytest.fixture(scope="module")
def model(folder: Path) -> TextModel:
    return load_model(str(folder))


def test_it_writes_what_the_engine_writes(model: TextModel, folder: Path) -> None:
    vocabulary = (folder / "vocab.iden.spm").read_bytes()
    engine = fxtranslate.Translator((folder / "model.iden.intgemm.alphas.bin").read_bytes(), vocabulary, vocabulary)
    advanced: list[int] = []
    written = model.generate(Task.TRANSLATE, requests(INDONESIAN), advance=advanced.append)
    assert [generation.text for generation in written] == [engine.translate(text) for text in INDONESIAN]
    assert len({generation.text for generation in written}) > 1
    assert sum(advanced) == len(INDONESIAN)
    lines = model.generate(Task.TRANSLATE, requests(["Presiden\nmembuka  rapat.", " \n"]))
    assert [line.text for line in lines] == [written[5].text, ""]
    assert not any(generation.others for generation in written)


def test_what_is_too_long_or_not_its_task_is_refused(model: TextModel, folder: Path) -> None:
    assert (model.max_input_tokens(Task.TRANSLATE), model.rank_sentences([])) == (128, None)
    with pytest.raises(ValueError, match="is longer than 128"):
        model.generate(Task.TRANSLATE, requests(["rapat " * 200]))
    with pytest.raises(ModelError, match="summarize"):
        model.generate(Task.SUMMARIZE, requests(INDONESIAN))
    with pytest.raises(ModelError, match="processor"):
        load_model(str(folder), device="cuda")


MODEL, VOCABULARY, SHORTLIST = "model.iden.intgemm.alphas.bin", "vocab.iden.spm", "lex.50.50.iden.s2t.bin"


def lex(words: int, offsets: Iterable[int] = range(161)) -> bytes:
    """A shortlist that allows each piece of the vocabulary one of the words, where its offset says."""
    head = struct.pack("<6Q", 0xF11A48D5013417F5, 0, 8, 1, 161, words)
    return head + struct.pack("<161Q", *offsets) + struct.pack("<I", 9) * words


def test_a_shortlist_limits_the_words(folder: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(folder, tmp_path / "model"))
    free = load_model(str(own)).generate(Task.TRANSLATE, requests(INDONESIAN))
    (own / SHORTLIST).write_bytes(lex(160))
    assert load_model(str(own)).generate(Task.TRANSLATE, requests(INDONESIAN)) != free


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *((name, content) for name in (MODEL, VOCABULARY) for content in (b"", b"damaged", b"\0" * 5000, "half")),
        # A panic of the engine.
        *((SHORTLIST, content) for content in (b"", b"damaged", "half", lex(1, [1 << 40] * 161))),
    ],
)
def test_a_damaged_file_is_one_line(folder: Path, tmp_path: Path, name: str, content: bytes | str) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / "model"))
    (broken / SHORTLIST).write_bytes(lex(160))
    whole = (broken / name).read_bytes()
    (broken / name).write_bytes(content if isinstance(content, bytes) else whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="is damaged") as caught:
        load_model(str(broken)).generate(Task.TRANSLATE, requests(INDONESIAN))
    assert "\n" not in str(caught.value)
