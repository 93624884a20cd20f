"""A tiny model in the format of Firefox's translators, with random weights, for the real engine.

The format is Marian's (``src/common/binary.cpp`` of marian-dev): a version, for each tensor the length of its name, its
type, and the lengths of its shape and data, then all names, all shapes, and all data from a multiple of 256 on. The
tensor ``special:model.yml`` describes the architecture: here as that of Mozilla's "tiny" models, an encoder of
self-attention and a decoder of SSRU cells (Kim et al. 2019, https://aclanthology.org/D19-5632/).
"""

import struct
from pathlib import Path

import numpy as np
import sentencepiece

from tests.models.seq2seq.checkpoints import train_spm

_INT8 = 0x0101
_FLOAT32 = 0x0404
_INTGEMM8 = 0x4101
_DIM = 64
_FFN = 128
_ALIGNMENT = 256

_Tensor = tuple[int, tuple[int, ...], bytes]

# What the engine reads of a description; all else is the same in every model that it takes.
_DESCRIPTION = f"dec-depth: 1\ndim-emb: {_DIM}\nenc-depth: 1\ntransformer-heads: 2\n".encode() + b"\0"


class _Weights(dict[str, _Tensor]):
    """Random tensors by their names in Marian."""

    def __init__(self, vocabulary: int, seed: int, end_bias: float) -> None:
        super().__init__()
        self._rng = np.random.default_rng(seed)
        self["special:model.yml"] = (_INT8, (len(_DESCRIPTION),), _DESCRIPTION)
        self.matrix("Wemb", vocabulary, _DIM)
        self.scalar("none_QuantMultA", 127 / 3)
        self.vector("decoder_ff_logit_out_b", vocabulary, first=end_bias)
        for name in ("encoder_l1_self", "decoder_l1_context"):
            for part in "qkvo":
                self.matrix(f"{name}_W{part}", _DIM, _DIM)
                self.vector(f"{name}_b{part}", _DIM)
            self.norm(f"{name}_Wo_ln")
        for name in ("encoder_l1_ffn", "decoder_l1_ffn"):
            for part, rows, columns in (("1", _DIM, _FFN), ("2", _FFN, _DIM)):
                self.matrix(f"{name}_W{part}", rows, columns)
                self.vector(f"{name}_b{part}", columns)
            self.norm(f"{name}_ffn_ln")
        self.matrix("decoder_l1_rnn_W", _DIM, _DIM)
        self.matrix("decoder_l1_rnn_Wf", _DIM, _DIM)
        self.vector("decoder_l1_rnn_bf", _DIM)
        self.norm("decoder_l1_rnn_ffn_ln")

    def matrix(self, name: str, rows: int, columns: int) -> None:
        values = self._rng.integers(-127, 128, (rows, columns)).astype(np.int8).tobytes()
        # The factor that the weights were multiplied with comes after them.
        self[name] = (_INTGEMM8, (rows, columns), values + struct.pack("<f", 127 / 0.5))
        self.scalar(f"{name}_QuantMultA", 127 / 3)

    def vector(self, name: str, size: int, first: float = 0.0) -> None:
        values = self._rng.standard_normal(size).astype(np.float32) / 4
        values[0] += np.float32(first)
        self[name] = (_FLOAT32, (1, size), values.tobytes())

    def scalar(self, name: str, value: float) -> None:
        self[name] = (_FLOAT32, (1, 1), struct.pack("<f", value))

    def norm(self, name: str) -> None:
        self[f"{name}_scale"] = (_FLOAT32, (1, _DIM), np.ones(_DIM, np.float32).tobytes())
        self.vector(f"{name}_bias", _DIM)


def _pack(tensors: dict[str, _Tensor]) -> bytes:
    headers = names = shapes = contents = b""
    for name, (kind, shape, values) in tensors.items():
        own = name.encode() + b"\0"
        values += b"\0" * (-len(values) % _ALIGNMENT)
        headers += struct.pack("<4Q", len(own), kind, len(shape), len(values))
        names += own
        shapes += struct.pack(f"<{len(shape)}i", *shape)
        contents += values
    head = struct.pack("<2Q", 1, len(tensors)) + headers + names + shapes
    padding = -(len(head) + 8) % _ALIGNMENT
    return head + struct.pack("<Q", padding) + b"\0" * padding + contents


def write_model(folder: Path, scratch: Path, *, seed: int = 1, end_bias: float = 0.0) -> Path:
    """Write the files of a model into a folder, and return it; with another seed, those of another model.

    With random weights it never comes to an end; a bias for the mark of the end makes it.
    """
    vocabulary = train_spm(scratch, "vocab", unk_id=1, eos_id=0, bos_id=-1, pad_id=-1)
    size = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary)).get_piece_size()
    (folder / "model.iden.intgemm.alphas.bin").write_bytes(_pack(_Weights(size, seed, end_bias)))
    (folder / "vocab.iden.spm").write_bytes(vocabulary.read_bytes())
    return folder
