"""Tiny checkpoints of every architecture, each with a sentencepiece tokenizer, saved as a user's folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers
from sentencepiece import SentencePieceProcessor, SentencePieceTrainer
from tokenizers import ByteLevelBPETokenizer

INDONESIAN = (
    "Pemerintah Kota Girimulya membuka taman baru seluas 12 hektare di tepi Sungai Laras pada Minggu.",
    "Wali Kota Ratna Puspita mengatakan taman itu menelan biaya Rp7,5 miliar.",
    "Warga boleh masuk tanpa membayar sampai akhir tahun.",
    "Hujan deras mengguyur kawasan hulu sungai selama enam jam.",
    "Jembatan penghubung dua desa ambrol diterjang banjir.",
    "Presiden membuka rapat.",
)
ENGLISH = (
    "The city of Girimulya has opened a new park of 12 hectares on the banks of the Laras river on Sunday.",
    "Mayor Ratna Puspita said that the park cost 7.5 billion rupiah.",
    "Residents may enter without paying until the end of the year.",
    "Heavy rain poured over the upper reaches of the river for six hours.",
    "A bridge between two villages collapsed in the flood.",
    "The president opened the meeting.",
)
# Standard deviation of the noise on weights in training, as a part of the largest weight: weights that are learnt under
# noise keep what they know in 8 bits too.
NOISE = 0.01

_Rows = tuple[list[list[int]], list[list[int]]]


def train_spm(
    folder: Path, name: str, lines: tuple[str, ...] = INDONESIAN + ENGLISH, size: int = 160, **options: Any
) -> Path:
    corpus = folder / f"{name}.txt"
    corpus.write_text("\n".join(lines * 3), encoding="utf-8")
    own = {"vocab_size": size, "hard_vocab_limit": False, "minloglevel": 2, **options}
    SentencePieceTrainer.train(input=str(corpus), model_prefix=str(folder / name), **own)
    return folder / f"{name}.model"


@torch.no_grad()
def _add(model: torch.nn.Module, noise: list[torch.Tensor], sign: int) -> None:
    for weight, change in zip(model.parameters(), noise, strict=True):
        weight.add_(change, alpha=sign)


def _save(
    model_class: Any, config: Any, tokenizer: Any, folder: Path, rows: _Rows | None = None, **generation: Any
) -> Path:
    """Teach a model the sentences by heart, so that it stops where a translation ends, and save it."""
    torch.manual_seed(5)
    model = model_class(config).eval()  # without dropout, it learns faster
    pad = config.pad_token_id
    kind = config.model_type
    inputs, labels = (
        torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in side], batch_first=True, padding_value=fill)
        for side, fill in zip(rows or _rows(tokenizer), (pad, pad if kind == "mbart" else -100), strict=True)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005 if kind == "t5" else 0.01)
    for _ in range(1200):
        noise = [torch.randn_like(weight) * weight.detach().abs().max() * NOISE for weight in model.parameters()]
        _add(model, noise, 1)
        loss = model(input_ids=inputs, attention_mask=(inputs != pad).long(), labels=labels).loss
        loss.backward()
        _add(model, noise, -1)
        optimizer.step()
        optimizer.zero_grad()
        if kind == "marian":
            # What a Marian model starts from is all zeros, as in the checkpoints of OPUS-MT.
            with torch.no_grad():
                model.get_input_embeddings().weight[pad] = 0
        if loss.item() < (0.002 if kind == "marian" else 0.01):
            break
    for key, value in generation.items():
        setattr(model.generation_config, key, value)
    model.save_pretrained(folder)
    if tokenizer is not None:
        tokenizer.save_pretrained(folder)
    return folder


def _rows(tokenizer: Any, english: tuple[str, ...] = ENGLISH) -> _Rows:
    return tokenizer(list(INDONESIAN))["input_ids"], tokenizer(text_target=list(english))["input_ids"]


_PARTS = {"layers": 1, "attention_heads": 2, "ffn_dim": 64}
_SIZES = {"d_model": 32, "max_position_embeddings": 128}
_SIZES |= {f"{side}_{part}": size for side in ("encoder", "decoder") for part, size in _PARTS.items()}
_T5_SIZES = {"d_model": 32, "d_kv": 16, "d_ff": 64, "num_layers": 1, "num_decoder_layers": 1, "num_heads": 2}
_BPE = "sentencepiece.bpe.model"
_FAIRSEQ = {"bos_id": 1, "eos_id": 2, "unk_id": 0}
_FAIRSEQ_IDS = {"pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2, "decoder_start_token_id": 2}
_T5 = {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1}
_T5_IDS = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0}


def _vocabulary(pieces: list[str], scratch: Path) -> str:
    file = scratch / "vocabulary.json"
    file.write_text(json.dumps({piece: at for at, piece in enumerate(pieces)}), encoding="utf-8")
    return str(file)


def _tokenizer(kind: Any, scratch: Path, file: str, options: dict[str, Any], **settings: Any) -> Any:
    """Make a tokenizer as transformers makes it of the only file that a repository has."""
    (scratch / "files").mkdir()
    train_spm(scratch, "spm", **options).rename(scratch / "files" / file)
    return kind.from_pretrained(scratch / "files", **settings)


def marian(folder: Path, scratch: Path) -> Path:
    source = train_spm(scratch, "id", INDONESIAN)
    target = train_spm(scratch, "en", ENGLISH)
    pieces = ["</s>", "<unk>"]
    for file in (source, target):
        spm = SentencePieceProcessor(model_file=str(file))
        pieces += [spm.id_to_piece(at) for at in range(len(spm)) if not spm.is_control(at) and not spm.is_unknown(at)]
    pieces = [*dict.fromkeys(pieces), ">>eng<<", "<pad>"]
    vocabulary = _vocabulary(pieces, scratch)
    pad = len(pieces) - 1
    tokenizer = transformers.MarianTokenizer(str(source), str(target), vocabulary, source_lang="id")
    ids = {"pad_token_id": pad, "eos_token_id": 0, "forced_eos_token_id": 0, "decoder_start_token_id": pad}
    settings = {"scale_embedding": True, "static_position_embeddings": True, **ids, **_SIZES}
    config = transformers.MarianConfig(vocab_size=len(pieces), **settings)
    return _save(transformers.MarianMTModel, config, tokenizer, folder, bad_words_ids=[[pad]], num_beams=4)


def m2m100(folder: Path, scratch: Path) -> Path:
    spm_file = train_spm(scratch, "m2m", **_FAIRSEQ)
    spm = SentencePieceProcessor(model_file=str(spm_file))
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *(spm.id_to_piece(at) for at in range(3, len(spm)))]
    vocabulary = _vocabulary(pieces, scratch)
    tokenizer = transformers.M2M100Tokenizer(vocabulary, str(spm_file), src_lang="id", tgt_lang="en")
    return _save_m2m(tokenizer, folder, len(pieces) + 100 + 8)


def nllb(folder: Path, scratch: Path) -> Path:
    settings = {"src_lang": "ind_Latn", "tgt_lang": "eng_Latn"}
    codes = ["eng_Latn", "ind_Latn", "zsm_Latn"]
    options = {**_FAIRSEQ, "model_type": "bpe"}
    kind = transformers.NllbTokenizer
    tokenizer = _tokenizer(kind, scratch, _BPE, options, additional_special_tokens=codes, **settings)
    return _save_m2m(tokenizer, folder, len(tokenizer))


def _save_m2m(tokenizer: Any, folder: Path, size: int) -> Path:
    config = transformers.M2M100Config(vocab_size=size, scale_embedding=True, **_FAIRSEQ_IDS, **_SIZES)
    return _save(transformers.M2M100ForConditionalGeneration, config, tokenizer, folder, max_length=200)


def mbart50(folder: Path, scratch: Path) -> Path:
    languages = {"src_lang": "id_ID", "tgt_lang": "en_XX"}
    tokenizer = _tokenizer(transformers.MBart50Tokenizer, scratch, _BPE, _FAIRSEQ, **languages)
    settings = {"forced_eos_token_id": 2, "tokenizer_class": "MBart50Tokenizer", **_FAIRSEQ_IDS, **_SIZES}
    config = transformers.MBartConfig(vocab_size=len(tokenizer), **settings)
    return _save(transformers.MBartForConditionalGeneration, config, tokenizer, folder, num_beams=5)


def bart(folder: Path, scratch: Path) -> Path:
    trainer = ByteLevelBPETokenizer()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer.train_from_iterator(INDONESIAN + ENGLISH, vocab_size=500, special_tokens=special, show_progress=False)
    trainer.save_model(str(scratch))
    tokenizer = transformers.BartTokenizer.from_pretrained(scratch)
    config = transformers.BartConfig(vocab_size=len(tokenizer), forced_eos_token_id=2, **_FAIRSEQ_IDS, **_SIZES)
    generation = {"num_beams": 4, "forced_bos_token_id": 0, "early_stopping": True}
    return _save(transformers.BartForConditionalGeneration, config, tokenizer, folder, **generation)


def t5(folder: Path, scratch: Path) -> Path:
    tokenizer = _tokenizer(transformers.T5Tokenizer, scratch, "spiece.model", _T5, extra_ids=10)
    config = transformers.T5Config(vocab_size=len(tokenizer), n_positions=96, **_T5_IDS, **_T5_SIZES)
    return _save(transformers.T5ForConditionalGeneration, config, tokenizer, folder)


def mt5(folder: Path, scratch: Path) -> Path:
    """Has nothing but spiece.model, as on the hub, and byte pieces in the vocabulary."""
    spm_file = train_spm(scratch, "mt5", byte_fallback=True, size=420, **_T5)
    spm = SentencePieceProcessor(model_file=str(spm_file))
    settings = {"feed_forward_proj": "gated-gelu", "tie_word_embeddings": False, **_T5_IDS, **_T5_SIZES}
    config = transformers.MT5Config(vocab_size=len(spm), **settings)
    sources, targets = ([[*spm.encode(text), 1] for text in side] for side in (INDONESIAN, ENGLISH))
    kind = transformers.MT5ForConditionalGeneration
    _save(kind, config, None, folder, (sources, targets), no_repeat_ngram_size=2, max_length=84)
    spm_file.rename(folder / "spiece.model")
    own = '{"tokenizer_class": "T5Tokenizer", "extra_ids": 0}'
    (folder / "tokenizer_config.json").write_text(own, encoding="utf-8")
    return folder


def pegasus(folder: Path, scratch: Path) -> Path:
    """Writes lower case only."""
    options = {**_T5, "user_defined_symbols": ["<n>"]}
    tokenizer = _tokenizer(transformers.PegasusTokenizer, scratch, "spiece.model", options, offset=5)
    settings = {"forced_eos_token_id": 1, "scale_embedding": True, **_T5_IDS, **_SIZES}
    config = transformers.PegasusConfig(vocab_size=len(tokenizer), **settings)
    generation = {"num_beams": 4, "length_penalty": 0.8, "early_stopping": True}
    rows = _rows(tokenizer, tuple(text.lower() for text in ENGLISH))
    return _save(transformers.PegasusForConditionalGeneration, config, tokenizer, folder, rows, **generation)


BUILDERS: dict[str, Callable[[Path, Path], Path]] = {
    builder.__name__: builder for builder in (marian, m2m100, nllb, mbart50, bart, t5, mt5, pegasus)
}
