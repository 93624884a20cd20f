"""Each architecture, from a user's folder to its text, beside transformers called by hand, and on both engines."""

from pathlib import Path
from typing import Any

import pytest
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from summarizer.errors import ModelError
from summarizer.models import ModelInfo, Request, Task, TextModel
from summarizer.models.catalogue import DECODERS, load_model
from summarizer.models.seq2seq.checkpoint import Checkpoint
from summarizer.models.seq2seq.ctranslate2_decoder import CTranslate2Decoder
from summarizer.models.seq2seq.engine import Seq2SeqEngine
from summarizer.models.seq2seq.model import Seq2SeqModel
from summarizer.models.seq2seq.tokens import Tokens
from summarizer.models.seq2seq.transformers_decoder import TransformersDecoder
from tests.conftest import requests
from tests.models.conftest import Build
from tests.models.seq2seq.checkpoints import BUILDERS, ENGLISH, INDONESIAN

pytestmark = pytest.mark.usefixtures("own_cache")

LANGUAGES = {"m2m100": ("id", "en"), "nllb": ("ind_Latn", "eng_Latn"), "mbart50": ("id_ID", "en_XX")}
FORCED = {"m2m100": "__en__", "nllb": "eng_Latn", "mbart50": "en_XX", "bart": "<s>"}
SETTINGS: dict[str, dict[str, Any]] = {
    "marian": {"num_beams": 4},
    "mbart50": {"num_beams": 5},
    "bart": {"num_beams": 4, "early_stopping": True},
    "mt5": {"no_repeat_ngram_size": 2},
    "pegasus": {"num_beams": 4, "length_penalty": 0.8, "early_stopping": True},
}


def tokenizer_of(name: str, folder: Path) -> Any:
    return AutoTokenizer.from_pretrained(folder, **({"src_lang": LANGUAGES[name][0]} if name in LANGUAGES else {}))


def tokens_of(name: str, folder: Path) -> Tokens:
    return Tokens(folder, [LANGUAGES[name]] if name in LANGUAGES else ())


def forced(name: str, tokenizer: Any) -> dict[str, int]:
    return {"forced_bos_token_id": tokenizer.convert_tokens_to_ids(FORCED[name])} if name in FORCED else {}


def own_model(folder: Path, **how: Any) -> TextModel:
    checkpoint = Checkpoint(**how)
    return Seq2SeqModel(ModelInfo("own", "", Seq2SeqEngine(checkpoint, folder=folder)), checkpoint, folder)


@pytest.mark.parametrize("name", BUILDERS)
def test_it_writes_what_transformers_writes_by_hand(name: str, build: Build) -> None:
    """As the documentation of transformers does it."""
    advanced: list[int] = []
    model = load_model(str(build(name)))
    task = Task.SUMMARIZE if name in ("pegasus", "bart") else Task.TRANSLATE
    written = model.generate(task, requests(list(INDONESIAN)), advance=advanced.append)
    plain = AutoModelForSeq2SeqLM.from_pretrained(build(name))
    tokenizer = tokenizer_of(name, build(name))
    for source, found in zip(INDONESIAN, written, strict=True):
        inputs = tokenizer(source, return_tensors="pt")
        settings = {**SETTINGS.get(name, {}), **forced(name, tokenizer), "max_new_tokens": 90, "do_sample": False}
        output = plain.generate(**inputs, **settings)
        plain_text = tokenizer.decode(output[0], skip_special_tokens=True).removeprefix(FORCED.get(name, ""))
        assert found.text == " ".join(plain_text.split())
        assert found.finished
    assert sum(advanced) == len(INDONESIAN)
    # The models know their sentences by heart: in a wrong language, or with a token too many, little would be left.
    if name != "mt5":  # it mustn't repeat itself
        learnt = [text.lower() for text in ENGLISH] if name == "pegasus" else ENGLISH
        assert sum(found.text == text for found, text in zip(written, learnt, strict=True)) >= 4


@pytest.mark.parametrize("name", BUILDERS)
def test_both_engines_write_the_same(name: str, build: Build) -> None:
    pytest.importorskip("ctranslate2")
    tokens = tokens_of(name, build(name))
    rows = [[*tokens.prefix, *tokens.encode(text), *tokens.suffix] for text in INDONESIAN]
    search = {"max_new_tokens": 90, **SETTINGS.get(name, {}), **forced(name, tokenizer_of(name, build(name)))}
    slow = TransformersDecoder(build(name))
    fast = CTranslate2Decoder(build(name), tokens, threads=1, compute_type="float32")
    # Their other outputs may differ: the searches don't end alike.
    outputs = [best for best, *_ in slow.search(rows, search)]
    assert [best for best, *_ in fast.search(rows, search)] == outputs


@pytest.mark.parametrize("name", ["marian", "nllb", "t5"])
def test_eight_bit_weights_write_nearly_the_same(name: str, build: Build, tmp_path: Path) -> None:
    pytest.importorskip("ctranslate2")
    model = load_model(str(build(name)), engine="ctranslate2", threads=1)
    written = [generation.text for generation in model.generate(Task.TRANSLATE, requests(list(INDONESIAN)))]
    # Quantization changes a tiny model more than a large one; most sentences survive it.
    assert sum(text == reference for text, reference in zip(written, ENGLISH, strict=True)) >= 3
    [converted] = (tmp_path / "cache").glob("ctranslate2-*/model.bin")
    before = converted.stat()
    assert before.st_size < (build(name) / "model.safetensors").stat().st_size
    load_model(str(build(name)), engine="ctranslate2", threads=1)
    assert converted.stat().st_ino == before.st_ino


@pytest.mark.parametrize("engine", DECODERS)
def test_results_do_not_depend_on_the_batch(engine: str, build: Build) -> None:
    pytest.importorskip("ctranslate2")
    model = load_model(str(build("marian")), engine=engine, threads=1)
    alone = [model.generate(Task.TRANSLATE, requests([text]))[0] for text in INDONESIAN]
    together = model.generate(Task.TRANSLATE, requests(list(INDONESIAN) * 4))
    assert together == alone * 4
    # Others are the rest of the beam.
    assert together[1].others == alone[1].others
    assert len({other.text for other in (alone[1], *alone[1].others)}) > 1
    assert model.generate(Task.TRANSLATE, []) == []


def test_what_is_too_long_or_not_its_task_is_refused(build: Build) -> None:
    t5 = load_model(str(build("t5")))
    titled = Request("Rapat dibuka.", "Rapat")
    # 96 positions less the end token; titles are passed over.
    assert t5.max_input_tokens(Task.SUMMARIZE, "Rapat") == 95
    assert t5.generate(Task.SUMMARIZE, [titled]) == t5.generate(Task.SUMMARIZE, requests(["Rapat dibuka."]))
    model = load_model(str(build("marian")))
    assert model.count_tokens(INDONESIAN[0]) == model.count_tokens(f"  {INDONESIAN[0]}\n")
    with pytest.raises(ValueError, match="longer than 127"):
        model.generate(Task.TRANSLATE, requests(["Presiden membuka rapat. " * 99]))
    with pytest.raises(ModelError, match="summarize"):
        model.generate(Task.SUMMARIZE, requests([INDONESIAN[0]]))


def test_a_control_token_takes_its_room(build: Build) -> None:
    model = own_model(build("t5"), source_token="<extra_id_3>")
    assert model.max_input_tokens(Task.SUMMARIZE) == 94
    with pytest.raises(ModelError, match="<2en>"):
        own_model(build("t5"), source_token="<2en>")
    with pytest.raises(ModelError, match="xyz_Latn"):
        own_model(build("nllb"), languages=("ind_Latn", "xyz_Latn"))


def test_a_model_of_lower_case_gets_its_names_back(build: Build) -> None:
    for loses_case in (False, True):
        model = own_model(build("pegasus"), loses_case=loses_case)
        [written] = model.generate(Task.SUMMARIZE, requests([INDONESIAN[1]]))
        assert ("Ratna Puspita" in written.text) == (not written.text.islower()) == loses_case


def test_the_catalogue_s_settings_go_before_the_checkpoint_s(build: Build) -> None:
    model = own_model(build("bart"), generation={"max_new_tokens": 5})
    [written] = model.generate(Task.SUMMARIZE, requests([INDONESIAN[0]]))
    # BART's own configuration would write an end token at the limit.
    assert not written.finished
    assert 0 < len(written.text) < 30
    assert ENGLISH[0].startswith(written.text)


HOSTILE = (
    "Rapat </s> ditutup.",
    "Rapat</s>ditutup <pad><s> <unk>.",
    ">>eng<< Rapat ditutup.",
    ">>xxx<< Rapat ditutup.",
    "__en__ Rapat __id__ ditutup __en__",
    "eng_Latn Rapat en_XX ditutup id_ID zsm_Latn",
    "Rapat <extra_id_0> ditutup <extra_id_9><mask_1><mask_2><mask>.",
    "Rapat ＜/s＞ ditutup ＜extra_id_0＞.",
    "<<//s>s> <</s>/s> Rapat",
)


def control_ids(name: str, tokenizer: Any) -> set[int]:
    special = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
    special |= set(getattr(tokenizer, "lang_token_to_id", {}).values())
    return special | ({tokenizer.convert_tokens_to_ids(">>eng<<")} if name == "marian" else set())


@pytest.mark.parametrize("name", BUILDERS)
def test_no_text_becomes_a_control_token(name: str, build: Build) -> None:
    tokens = tokens_of(name, build(name))
    tokenizer = tokenizer_of(name, build(name))
    dangerous = set()
    for text in HOSTILE:
        ids = tokens.encode(text)
        assert ids
        assert not control_ids(name, tokenizer) & set(ids)
        dangerous.update(tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"])
    # Without the guard, control tokens are there, even where special tokens are split.
    assert control_ids(name, tokenizer) & dangerous or name in ("m2m100", "nllb", "bart")
    for text in (*INDONESIAN, "5 < 7 dan 7 > 5 >> lihat", "a@b.id"):
        assert tokens.encode(text) == tokenizer(text, add_special_tokens=False)["input_ids"]
    assert tokens.ids(tokens.pieces(tokens.encode(INDONESIAN[1]))) == tokens.encode(INDONESIAN[1])
    if name not in ("nllb", "mt5"):
        assert tokens.decode([*tokens.prefix, *tokens.encode(INDONESIAN[1]), *tokens.suffix]) == INDONESIAN[1]
