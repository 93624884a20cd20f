"""The real engine, with a tiny model in its format."""

import asyncio
import gc
import json
import os
import shutil
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from summarizer import Summarizer
from summarizer.errors import ModelError
from summarizer.models import Task, TextModel
from summarizer.models.catalogue import load_model
from summarizer.models.firefox.model import MAX_INPUT, max_output_tokens
from summarizer.writing.translation import split_pieces, translate_texts
from tests.conftest import FakeModel, python, requests
from tests.models.firefox.service import MODEL, SHORTLIST, VOCABULARY
from tests.models.firefox.tiny_model import write_model
from tests.models.seq2seq.checkpoints import INDONESIAN
from tests.web.desk import client

fxtranslate = pytest.importorskip("fxtranslate")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("tiny"), tmp_path_factory.mktemp("scratch"))


@pytest.fixture(scope="module")
def model(folder: Path) -> TextModel:
    return load_model(str(folder))


@pytest.fixture(scope="module")
def in_turn(model: TextModel) -> list[str]:
    """What the model writes for the Indonesian sentences when nobody else asks."""
    return [generation.text for generation in model.generate(Task.TRANSLATE, requests(INDONESIAN))]


def bare_engine(folder: Path) -> "fxtranslate.Translator":
    vocabulary = (folder / VOCABULARY).read_bytes()
    return fxtranslate.Translator((folder / MODEL).read_bytes(), vocabulary, vocabulary)


def test_it_writes_what_the_engine_writes(in_turn: list[str], folder: Path) -> None:
    engine = bare_engine(folder)
    assert in_turn == [engine.translate(text) for text in INDONESIAN]
    assert len(set(in_turn)) > 1


def test_each_text_is_reported_and_blanks_are_not_for_the_engine(model: TextModel, in_turn: list[str]) -> None:
    advanced: list[int] = []
    texts = ["Presiden\nmembuka  rapat.", " \n"]
    written = model.generate(Task.TRANSLATE, requests(texts), advance=advanced.append)
    assert [line.text for line in written] == [in_turn[5], ""]
    assert written[1].finished is True
    assert advanced == [1, 1]
    assert not any(generation.others for generation in written)


def test_what_is_too_long_or_not_its_task_is_refused(model: TextModel, folder: Path) -> None:
    assert model.max_input_tokens(Task.TRANSLATE) == 127
    assert model.rank_sentences([]) is None
    with pytest.raises(ValueError, match="is longer than 127"):
        model.generate(Task.TRANSLATE, requests(["rapat " * 200]))
    with pytest.raises(ModelError, match="summarize"):
        model.generate(Task.SUMMARIZE, requests(INDONESIAN))
    with pytest.raises(ModelError, match="processor"):
        load_model(str(folder), device="cuda")


@pytest.mark.parametrize("words", [1, 5, 20, 40, 100])
def test_the_engine_writes_as_many_tokens_as_it_is_said_to(words: int, model: TextModel, folder: Path) -> None:
    source = "rapat " * words
    written = model.count_tokens(bare_engine(folder).translate(source))
    # This model never ends. Read again, its text has a token in front for the space that a text begins with.
    assert written == max_output_tokens(model.count_tokens(source)) + 1


def test_the_longest_sentence_is_the_last_with_room_for_a_translation_twice_as_long() -> None:
    assert max_output_tokens(MAX_INPUT) == 2 * (MAX_INPUT + 1) == 256


def test_a_sentence_that_is_longer_is_split(model: TextModel) -> None:
    sentence = "Presiden membuka rapat, " * 30 + "warga menolak."
    assert model.count_tokens(sentence) > MAX_INPUT
    pieces = split_pieces(sentence, model)
    assert " ".join(pieces) == sentence
    assert all(model.count_tokens(piece) <= MAX_INPUT for piece in pieces)
    [translation] = translate_texts([[sentence]], model)
    assert translation.sentences[0].source == sentence


@pytest.mark.parametrize(("end_bias", "is_finished"), [(0.0, False), (12.0, True)])
def test_output_that_was_cut_off_is_noticed(end_bias: float, is_finished: bool, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    model = load_model(str(write_model(tmp_path / "model", tmp_path, end_bias=end_bias)))
    written = model.generate(Task.TRANSLATE, requests(INDONESIAN))
    assert {generation.finished for generation in written} == {is_finished}
    for text, generation in zip(INDONESIAN, written, strict=True):
        has_all = model.count_tokens(generation.text) >= max_output_tokens(model.count_tokens(text))
        assert has_all != is_finished


def test_a_translation_that_was_cut_off_is_doubtful(model: TextModel) -> None:
    [translation] = translate_texts([["Presiden membuka rapat."]], model)
    # The random model never ends, and repeats itself: whichever is found first is said.
    assert any("cut" in warning for warning in translation.warnings)


# Threads: the engine panics in any but its own.


def test_the_engine_itself_panics_in_another_thread(folder: Path) -> None:
    """If it no longer does, its own thread may go."""
    engine = bare_engine(folder)
    with ThreadPoolExecutor(1) as pool:
        error = pool.submit(engine.translate, "rapat").exception()
    assert type(error).__name__ == "PanicException"


def test_any_thread_may_ask(model: TextModel, in_turn: list[str]) -> None:
    def ask(place: int) -> str:
        return model.generate(Task.TRANSLATE, requests([INDONESIAN[place]]))[0].text

    places = [number % len(INDONESIAN) for number in range(200)]
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, places)) == [in_turn[place] for place in places]


def test_it_may_be_loaded_in_one_thread_and_used_in_others(folder: Path, in_turn: list[str]) -> None:
    with ThreadPoolExecutor(1) as pool:
        model = pool.submit(load_model, str(folder)).result()
    # That thread is gone.
    assert [generation.text for generation in model.generate(Task.TRANSLATE, requests(INDONESIAN))] == in_turn


def test_tasks_of_asyncio_may_ask(model: TextModel, in_turn: list[str]) -> None:
    async def ask() -> list[str]:
        calls = (asyncio.to_thread(model.generate, Task.TRANSLATE, requests([text])) for text in INDONESIAN)
        return [generation.text for [generation] in await asyncio.gather(*calls)]

    assert asyncio.run(ask()) == in_turn


# Translates, and prints what a process that was forked after that makes of the same.
_FORKING = """
import sys
from multiprocessing import get_context
from summarizer.models.base import Request, Task
from summarizer.models.catalogue import load_model
model = load_model(sys.argv[1])
write = lambda: model.generate(Task.TRANSLATE, [Request(sys.argv[2])])[0].text
write()
context = get_context("fork")
answers = context.Queue()
child = context.Process(target=lambda: answers.put(write()))
child.start()
try:
    print(answers.get(timeout=60))
finally:
    child.kill()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="other systems have no forks")
def test_a_process_that_was_forked_may_ask(folder: Path, in_turn: list[str]) -> None:
    """It has no thread but the one that forked."""
    assert python("-c", _FORKING, folder, INDONESIAN[5]).stdout == f"{in_turn[5]}\n"


def test_several_models_have_an_engine_each(folder: Path, in_turn: list[str]) -> None:
    models = [load_model(str(folder)) for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        futures = [pool.submit(model.generate, Task.TRANSLATE, requests(INDONESIAN)) for model in models * 4]
        for future in futures:
            assert [generation.text for generation in future.result()] == in_turn


def engine_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("firefox")]


def test_its_thread_ends_with_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    gc.collect()
    before = set(engine_threads())
    model = load_model(str(folder))
    [own] = set(engine_threads()) - before
    model.generate(Task.TRANSLATE, requests(["rapat"]))
    del model
    gc.collect()
    own.join(10)
    assert own.is_alive() is False
    assert complaints == []


def test_the_server_translates_two_hundred_requests_through_one_engine(folder: Path) -> None:
    before = set(engine_threads())
    ringkas = Summarizer(FakeModel(), translation_model=str(folder), confidence=False, progress=False)
    with client(ringkas) as desk, ThreadPoolExecutor(16) as pool:

        def ask(number: int) -> str:
            answer = desk.post("/api/translate", json={"text": INDONESIAN[number % len(INDONESIAN)], "force": True})
            assert answer.status_code == 200, answer.text
            return json.dumps(answer.json()["sentences"])

        answers = list(pool.map(ask, range(200)))
        engines = set(engine_threads()) - before
    assert len(engines) == 1
    # Each text got the same answer each time, and each another.
    by_text = [set(answers[place :: len(INDONESIAN)]) for place in range(len(INDONESIAN))]
    assert {len(same) for same in by_text} == {1}
    assert len(set(answers)) == len(INDONESIAN)


# What is damaged.


def test_a_shortlist_is_not_used(folder: Path, tmp_path: Path, in_turn: list[str]) -> None:
    own = Path(shutil.copytree(folder, tmp_path / "model"))
    (own / SHORTLIST).write_bytes(b"not even one")
    written = load_model(str(own)).generate(Task.TRANSLATE, requests(INDONESIAN))
    assert [generation.text for generation in written] == in_turn


@pytest.mark.parametrize("name", [MODEL, VOCABULARY])
@pytest.mark.parametrize("content", [b"", b"damaged", b"\0" * 5000, None], ids=["empty", "short", "zeros", "half"])
def test_a_damaged_file_is_one_line(folder: Path, tmp_path: Path, name: str, content: bytes | None) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / "model"))
    whole = (broken / name).read_bytes()
    (broken / name).write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(ModelError, match="is damaged") as caught:
        load_model(str(broken)).generate(Task.TRANSLATE, requests(INDONESIAN))
    assert "\n" not in str(caught.value)
