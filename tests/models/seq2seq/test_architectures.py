"""Each architecture, from a user's folder to its text, beside transformers called by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from summarizer.errors import ModelError
from summarizer.models.base import Request, Task
from summarizer.models.catalogue import load_model
from summarizer.models.info import Checkpoint
from summarizer.models.seq2seq.decoding import Hypothesis, Search
from summarizer.models.seq2seq.model import Seq2SeqModel
from tests.conftest import requests
from tests.models.seq2seq.checkpoints import ENGLISH, INDONESIAN
from tests.models.seq2seq.conftest import Build

ARCHITECTURES = ["marian", "m2m100", "nllb", "mbart50", "bart", "t5", "mt5", "pegasus", "indobart"]
CONVERTIBLE = [name for name in ARCHITECTURES if name != "indobart"]
LANGUAGES = {"m2m100": ("id", "en"), "nllb": ("ind_Latn", "eng_Latn"), "mbart50": ("id_ID", "en_XX")}
FORCED = {"m2m100": "__en__", "nllb": "eng_Latn", "mbart50": "en_XX", "bart": "<s>"}
SETTINGS: dict[str, dict[str, Any]] = {
    "marian": {"num_beams": 4},
    "mbart50": {"num_beams": 5},
    "bart": {"num_beams": 4, "early_stopping": True},
    "mt5": {"no_repeat_ngram_size": 2},
    "pegasus": {"num_beams": 4, "length_penalty": 0.8, "early_stopping": True},
    "indobart": {"num_beams": 5},
}


def task_of(name: str) -> Task:
    return Task.SUMMARIZE if name in ("pegasus", "indobart", "bart") else Task.TRANSLATE


class Recorder:
    """Keeps what a decoder was asked and what it wrote."""

    def __init__(self, model: Seq2SeqModel) -> None:
        self._decoder = model._decoder
        self.sources: list[list[int]] = []
        self.written: list[list[Hypothesis]] = []
        model._decoder = self

    def search(self, sources: Any, search: Search) -> list[list[Hypothesis]]:
        written = self._decoder.search(sources, search)
        self.sources += [list(source) for source in sources]
        self.written += written
        return written

    def score(self, sources: Any, outputs: Any) -> list[tuple[float, ...]]:
        return self._decoder.score(sources, outputs)


def load(folder: Path, **options: Any) -> Seq2SeqModel:
    model = load_model(str(folder), **options)
    assert isinstance(model, Seq2SeqModel)
    return model


def by_hand(name: str, folder: Path, text: str) -> tuple[list[int], list[int]]:
    """Return the input and the output tokens of transformers alone, as its documentation does it."""
    model = AutoModelForSeq2SeqLM.from_pretrained(folder)
    if name == "indobart":
        from sentencepiece import SentencePieceProcessor

        spm = SentencePieceProcessor(model_file=str(folder / "sentencepiece.bpe.model"))
        ids = torch.tensor([[0, *spm.encode(text.lower()), 2, len(spm) + 2]])
        inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    else:
        source = {"src_lang": LANGUAGES[name][0]} if name in LANGUAGES else {}
        tokenizer = AutoTokenizer.from_pretrained(folder, **source)
        inputs = tokenizer(text, return_tensors="pt")
    forced = {"forced_bos_token_id": tokenizer.convert_tokens_to_ids(FORCED[name])} if name in FORCED else {}
    output = model.generate(**inputs, **SETTINGS.get(name, {}), **forced, max_new_tokens=90, do_sample=False)
    return inputs["input_ids"][0].tolist(), output[0].tolist()


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_same_tokens_as_transformers_by_hand(name: str, build: Build) -> None:
    folder = build(name)
    model = load(folder)
    recorder = Recorder(model)
    advanced: list[int] = []
    written = model.generate(task_of(name), requests(list(INDONESIAN)), advance=advanced.append)
    assert sum(advanced) == len(INDONESIAN)
    eos = AutoModelForSeq2SeqLM.from_pretrained(folder).config.eos_token_id
    found = {tuple(source): best for source, (best, *_) in zip(recorder.sources, recorder.written, strict=True)}
    for text in INDONESIAN:
        source, target = by_hand(name, folder, text)
        best = found[tuple(source)]
        assert best.finished
        # Behind the decoder's start token, up to the end token.
        assert best.ids == target[1 : target.index(eos, 1)]
    assert len({generation.text for generation in written}) == len(INDONESIAN)
    assert all(generation.finished for generation in written)
    # The models know their sentences by heart: in a wrong language, or with a token too many, little would be left.
    if name not in ("mt5", "indobart"):  # one mustn't repeat itself, the other writes beginnings
        assert sum(found.text == text for found, text in zip(written, ENGLISH, strict=True)) >= 4


@pytest.mark.parametrize("name", CONVERTIBLE)
def test_ctranslate2_writes_the_same(name: str, build: Build) -> None:
    pytest.importorskip("ctranslate2")
    from summarizer.models.seq2seq import ctranslate2_decoder

    model, recorder = (loaded := load(build(name))), Recorder(loaded)
    converted = ctranslate2_decoder.convert(build(name), "float32")
    fast = load(build(name))
    fast._decoder = ctranslate2_decoder.CTranslate2Decoder(converted, fast._tokens, threads=1, compute_type="float32")
    fast_recorder = Recorder(fast)
    for sources in (list(INDONESIAN), [INDONESIAN[1]]):
        assert fast.generate(task_of(name), requests(sources)) == model.generate(task_of(name), requests(sources))
    # Their other hypotheses may differ: the searches don't end alike.
    assert [best for best, *_ in fast_recorder.written] == [best for best, *_ in recorder.written]


@pytest.mark.parametrize("name", ["marian", "nllb", "t5"])
def test_eight_bit_weights(name: str, build: Build) -> None:
    pytest.importorskip("ctranslate2")
    model = load(build(name), engine="ctranslate2", threads=1)
    written = [generation.text for generation in model.generate(Task.TRANSLATE, requests(list(INDONESIAN)))]
    # Quantization changes a tiny model more than a large one; most sentences survive it.
    assert sum(text == reference for text, reference in zip(written, ENGLISH, strict=True)) >= 3


def test_a_text_beyond_the_last_position_is_a_fault_of_the_model(build: Build) -> None:
    pytest.importorskip("ctranslate2")
    model = load(build("marian"), engine="ctranslate2", threads=1)
    search = replace(model._search(Task.TRANSLATE, 10), max_new_tokens=200, min_new_tokens=190)
    with pytest.raises(ModelError, match=r"CTranslate2 stopped writing: .*position"):
        model._decoder.search([model._encode(Task.TRANSLATE, INDONESIAN[0])], search)


def test_a_conversion_is_kept(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ctranslate2")
    from summarizer.models.seq2seq import ctranslate2_decoder

    first = ctranslate2_decoder.convert(build("marian"))
    monkeypatch.setattr(ctranslate2_decoder, "_converter", lambda folder: pytest.fail("converted twice"))
    assert ctranslate2_decoder.convert(build("marian")) == first
    assert (first / "model.bin").stat().st_size < (build("marian") / "model.safetensors").stat().st_size


@pytest.mark.parametrize("engine", ["transformers", "ctranslate2"])
@pytest.mark.parametrize("name", ["marian", "nllb", "t5", "bart"])
def test_candidates(name: str, engine: str, build: Build) -> None:
    if engine == "ctranslate2":
        pytest.importorskip("ctranslate2")
    model, task = load(build(name), engine=engine, threads=1), task_of(name)
    sources = list(INDONESIAN[1:3])
    found = model.candidates(task, requests(sources), 3)
    assert [len(texts) for texts in found] == [3, 3]
    assert all(len({generation.text for generation in texts}) > 1 for texts in found)
    assert found == model.candidates(task, requests(sources), 3)
    assert found[1:] == model.candidates(task, requests(sources[1:]), 3)
    assert model.candidates(task, requests(sources), 0) == [[], []]


@pytest.mark.parametrize("engine", ["transformers", "ctranslate2"])
@pytest.mark.parametrize("name", ["marian", "m2m100", "mbart50", "t5", "bart"])
def test_candidates_without_a_string(name: str, engine: str, build: Build) -> None:
    if engine == "ctranslate2":
        pytest.importorskip("ctranslate2")
    model, task = load(build(name), engine=engine, threads=1), task_of(name)
    [plain] = model.candidates(task, requests([INDONESIAN[1]]), 2)
    assert any("Ratna" in generation.text for generation in plain)
    [found] = model.candidates(task, [Request(INDONESIAN[1], forbidden=("Ratna", "Puspita"))], 2)
    assert not any("Ratna" in generation.text or "Puspita" in generation.text for generation in found)


def test_results_do_not_depend_on_the_batch(build: Build) -> None:
    model = load(build("marian"))
    alone = [model.generate(Task.TRANSLATE, requests([text]))[0] for text in INDONESIAN]
    assert model.generate(Task.TRANSLATE, requests(list(INDONESIAN) * 4)) == alone * 4
    assert model.generate(Task.TRANSLATE, requests([])) == []


def test_batches_are_sorted_by_length(build: Build) -> None:
    model = load(build("marian"))
    recorder = Recorder(model)
    model.generate(Task.TRANSLATE, requests([*INDONESIAN * 4, "Rapat."]))
    lengths = list(map(len, recorder.sources))
    assert lengths == sorted(lengths)


def test_the_input_limit_is_the_configuration_s(build: Build) -> None:
    # 96 positions less the end token.
    assert load(build("t5")).max_input_tokens(Task.SUMMARIZE) == 95
    assert load(build("mbart50")).max_input_tokens(Task.SUMMARIZE) == 126
    model = load(build("marian"))
    assert model.count_tokens(INDONESIAN[0]) == model.count_tokens(f"  {INDONESIAN[0]}\n")
    with pytest.raises(ValueError, match="longer than 127"):
        model.generate(Task.TRANSLATE, requests(["Presiden membuka rapat. " * 99]))


def test_titles_and_lengths_are_passed_over(build: Build) -> None:
    model, titled = load(build("t5")), Request("Rapat dibuka.", "Rapat", "short")
    usual = model.generate(Task.SUMMARIZE, requests(["Rapat dibuka."]))
    assert model.generate(Task.SUMMARIZE, [titled]) == usual
    assert model.max_input_tokens(Task.SUMMARIZE, "Rapat") == model.max_input_tokens(Task.SUMMARIZE)
    others = model.candidates(Task.SUMMARIZE, requests(["Rapat dibuka."]), 2)
    assert model.candidates(Task.SUMMARIZE, [titled], 2) == others


def test_a_control_token_stands_in_front(build: Build) -> None:
    from summarizer.models.seq2seq.load import load as load_folder

    tokenizer = AutoTokenizer.from_pretrained(build("t5"))
    source = Checkpoint(source_token="<extra_id_3>")
    model = load_folder("m", source, build("t5"))
    recorder = Recorder(model)
    model.generate(Task.SUMMARIZE, requests(["<extra_id_3> Rapat."]))
    [source] = recorder.sources
    token = tokenizer.convert_tokens_to_ids("<extra_id_3>")
    assert source[0] == token
    assert token not in source[1:]
    assert source[1:] == tokenizer("< extra_id_3> Rapat.")["input_ids"]


def test_a_lower_casing_model_gets_its_names_back(build: Build) -> None:
    from summarizer.models.seq2seq.load import load as load_folder

    source = Checkpoint(loses_case=True, generation={"num_beams": 5})
    [written] = load_folder("m", source, build("indobart")).generate(Task.SUMMARIZE, requests([INDONESIAN[1]]))
    assert written.text.startswith("Wali Kota Ratna Puspita")


@pytest.mark.parametrize("engine", ["transformers", "ctranslate2"])
@pytest.mark.parametrize("name", ["marian", "nllb", "m2m100", "mbart50", "t5"])
def test_scores_are_those_of_transformers(name: str, engine: str, build: Build) -> None:
    model = load(build(name))
    if engine == "ctranslate2":
        pytest.importorskip("ctranslate2")
        from summarizer.models.seq2seq import ctranslate2_decoder

        folder = ctranslate2_decoder.convert(build(name), "float32")
        model._decoder = ctranslate2_decoder.CTranslate2Decoder(
            folder, model._tokens, threads=1, compute_type="float32"
        )
    recorder = Recorder(model)
    written = model.generate(Task.TRANSLATE, requests(list(INDONESIAN)))
    plain = AutoModelForSeq2SeqLM.from_pretrained(build(name))
    start, eos = plain.generation_config.decoder_start_token_id, plain.config.eos_token_id
    pairs = zip(recorder.sources, recorder.written, strict=True)
    found = {model._tokens.decode(hypotheses[0].ids): (source, hypotheses) for source, hypotheses in pairs}
    for generation in written:
        source, (best, *_) = found[generation.text]
        with torch.inference_mode():
            target = [*best.ids, eos]
            logits = plain(torch.tensor([source]), decoder_input_ids=torch.tensor([[start, *target[:-1]]])).logits[0]
        expected = logits.log_softmax(-1)[range(len(target)), target].tolist()[name in FORCED :]
        assert generation.token_scores == pytest.approx(expected, abs=1e-3)
        assert generation.score == pytest.approx(sum(expected) / len(expected), abs=1e-3)
        assert generation.tokens is not None
        assert "".join(generation.tokens).strip() == generation.text
        assert generation.tokens[-1] == ""


def test_a_cut_off_text_shows(build: Build) -> None:
    from summarizer.models.seq2seq.load import load as load_folder

    source = Checkpoint(generation={"max_new_tokens": 5})
    # BART's own configuration would write an end token at the limit.
    [written] = load_folder("m", source, build("bart")).generate(Task.SUMMARIZE, requests([INDONESIAN[0]]))
    assert not written.finished
    assert written.text == ENGLISH[0][: len(written.text)]
