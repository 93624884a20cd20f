"""Texts to tokens and back, safe against texts that hold a tokenizer's own control tokens."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from summarizer.errors import ModelError
from summarizer.models.seq2seq.checkpoint import read_json
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# What control tokens look like: "</s>", "<extra_id_0>", "<2en>", ">>id<<", "__en__". Some tokenizers hold them as
# ordinary pieces, so being registered as special isn't enough to go by.
_CONTROL = re.compile(r"<[^<>\s▁]+>|>>[^<>\s]+<<|__\w+__")
_BYTE = re.compile(r"<0x[0-9A-F]{2}>")
# Marian takes whatever stands between these at a text's beginning for a language code, known or not.
_MARIAN_CODE = r">>(?=[^<]*<<)"
_INDONLG = "IndoNLGTokenizer"
_NEWLINE = "<n>"
"""How Pegasus writes a line break."""


class Tokens(Protocol):
    """A checkpoint's tokenizer."""

    prefix: list[int]
    """The special tokens in front of every input."""
    suffix: list[int]
    """The special tokens behind every input."""
    end: str
    """How the vocabulary spells the token that ends an output."""

    def encode(self, text: str, *, target: bool = False) -> list[int]:
        """Return the tokens of a text of the source language, or of the target language, without special tokens.

        No text is turned into a control token, whatever it holds.
        """

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of tokens; special tokens are left out."""

    def pieces(self, ids: Sequence[int], *, target: bool = False) -> list[str]:
        """Return how the vocabulary of the source language, or of the target language, spells tokens."""

    def ids(self, pieces: Sequence[str]) -> list[int]:
        """Do the reverse of `pieces`."""

    def token(self, code: str) -> int:
        """Return the token of a language code or another control token.

        Raises:
            ModelError: the vocabulary doesn't hold it.
        """


class _Guard:
    """Keeps a text from being read as control tokens."""

    def __init__(self, special: Iterable[str], vocabulary: dict[str, int], extra: str = "") -> None:
        special = {token for token in special if len(token) > 2}
        alike = {token for token in vocabulary if _CONTROL.fullmatch(token)}
        patterns = [re.escape(token) for token in sorted(special | alike, key=len, reverse=True)]
        self._pattern = re.compile("|".join([*([extra] if extra else []), *patterns]) or r"(?!)")
        control = {token for token in special | alike if not _BYTE.fullmatch(token) and token != _NEWLINE}
        self._ids = {vocabulary[token] for token in control & vocabulary.keys()}

    def escape(self, text: str) -> str:
        """Break every control token in a text by a space behind its first character."""
        return self._pattern.sub(lambda match: f"{match[0][0]} {match[0][1:]}", text)

    def drop(self, ids: Iterable[int], keep: int | None = None) -> list[int]:
        """Drop control tokens; a normalizer makes some out of look-alikes, such as full-width brackets."""
        return [token for token in ids if token not in self._ids or token == keep]


class HubTokens:
    """The tokenizer of a checkpoint in the format of transformers."""

    def __init__(self, folder: Path, language: str = "") -> None:
        """Load it.

        Args:
            folder: the checkpoint.
            language: code of the source language; empty where the model knows but one.

        Raises:
            ModelError: the tokenizer is missing, damaged, of an unknown kind, or doesn't know the language.
        """
        from transformers import AutoTokenizer

        try:
            with warnings.catch_warnings():
                # Marian recommends a package that normalizes punctuation; what it was trained on did without.
                warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
                self._tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
                    folder, local_files_only=True, trust_remote_code=False
                )
        except Exception as error:  # tokenizers and sentencepiece raise errors of their own
            raise ModelError(f"the tokenizer in {folder} can't be loaded: {one_line(str(error))}") from error
        vocabulary: dict[str, int] = self._tokenizer.get_vocab()
        added = [str(token) for token in self._tokenizer.added_tokens_decoder.values() if token.special]
        codes = getattr(self._tokenizer, "lang_code_to_token", {})
        self._guard = _Guard(
            [*self._tokenizer.all_special_tokens, *added, *codes.values()],
            vocabulary | getattr(self._tokenizer, "lang_token_to_id", {}),
            _MARIAN_CODE if type(self._tokenizer).__name__.startswith("Marian") else "",
        )
        if language:
            self.token(language)
            self._tokenizer.src_lang = language
        # Not all tokenizers tell what they put around a text.
        probe, bare = self._ids("a", special=True), self._ids("a", special=False)
        start = next(at for at in range(len(probe)) if probe[at : at + len(bare)] == bare)
        self.prefix, self.suffix = probe[:start], probe[start + len(bare) :]
        self.end = str(self._tokenizer.eos_token)

    def encode(self, text: str, *, target: bool = False) -> list[int]:
        """Return the tokens of a text, none of them a control token."""
        ids = self._ids(self._guard.escape(text), special=False, target=target)
        return self._guard.drop(ids, self._tokenizer.unk_token_id)

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of tokens."""
        # Not all checkpoints register their language codes as special.
        text = self._tokenizer.decode(
            self._guard.drop(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return one_line(str(text).replace(_NEWLINE, " "))

    def pieces(self, ids: Sequence[int], *, target: bool = False) -> list[str]:  # noqa: ARG002 - it knows but one
        """Return how the vocabulary spells tokens."""
        return [str(piece) for piece in self._tokenizer.convert_ids_to_tokens(list(ids))]

    def ids(self, pieces: Sequence[str]) -> list[int]:
        """Do the reverse of `pieces`."""
        ids = self._tokenizer.convert_tokens_to_ids(list(pieces))
        return [ids] if isinstance(ids, int) else ids

    def token(self, code: str) -> int:
        """Return the token of a language code, or of another control token."""
        codes: dict[str, str] = getattr(self._tokenizer, "lang_code_to_token", {})
        token = self._tokenizer.convert_tokens_to_ids(codes.get(code, code))
        if not isinstance(token, int) or token == self._tokenizer.unk_token_id:
            raise ModelError(f"the tokenizer of {Path(self._tokenizer.name_or_path).name} doesn't know {code!r}")
        return token

    def _ids(self, text: str, *, special: bool, target: bool = False) -> list[int]:
        # Marian has another vocabulary for its target language; only a keyword of its call leads there.
        field = {"text_target" if target else "text": text}
        encoded = self._tokenizer(**field, add_special_tokens=special, split_special_tokens=True)
        ids: list[int] = encoded["input_ids"]
        return ids


class SentencePieceTokens:
    """A vocabulary of sentencepiece alone, one for each language."""

    def __init__(self, source: Path, target: Path, *, lower: bool = False, extra: Sequence[str] = ()) -> None:
        """Load it.

        Args:
            source: sentencepiece model of the source language.
            target: that of the target language; may be the same.
            lower: the vocabulary holds lower-case text alone.
            extra: control tokens behind the last piece.

        Raises:
            ModelError: a file is missing or damaged.
        """
        from sentencepiece import SentencePieceProcessor

        try:
            self._source = SentencePieceProcessor(model_file=str(source))
            self._target = self._source if target == source else SentencePieceProcessor(model_file=str(target))
        except (OSError, RuntimeError) as error:
            raise ModelError(f"the tokenizer in {source.parent} can't be loaded: {one_line(str(error))}") from error
        self._lower = lower
        size = self._source.get_piece_size()
        self._extra = {token: size + at for at, token in enumerate(extra)}
        vocabulary = {self._source.id_to_piece(at): at for at in range(size)} | self._extra
        special = [piece for piece, at in vocabulary.items() if at < size and self._source.is_control(at)]
        self._guard = _Guard([*special, *extra], vocabulary)
        self.prefix: list[int] = []
        self.suffix: list[int] = []
        self.end = self._target.id_to_piece(self._target.eos_id()) if self._target.eos_id() >= 0 else "</s>"

    def encode(self, text: str, *, target: bool = False) -> list[int]:
        """Return the tokens of a text, none of them a control token."""
        model = self._target if target else self._source
        text = self._guard.escape(text)
        return self._guard.drop(model.encode(text.lower() if self._lower else text), model.unk_id())

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of tokens."""
        size = self._target.get_piece_size()
        return one_line(self._target.decode([token for token in ids if token < size]))

    def pieces(self, ids: Sequence[int], *, target: bool = False) -> list[str]:
        """Return how the vocabulary of the source language, or of the target language, spells tokens."""
        model = self._target if target else self._source
        extra = {at: token for token, at in self._extra.items()}
        return [extra[token] if token in extra else model.id_to_piece(token) for token in ids]

    def ids(self, pieces: Sequence[str]) -> list[int]:
        """Return the tokens of pieces of the target vocabulary."""
        return [self._extra.get(piece, self._target.piece_to_id(piece)) for piece in pieces]

    def token(self, code: str) -> int:
        """Return the token of a control token."""
        token: int = self._extra.get(code, self._source.piece_to_id(code))
        if token == self._source.unk_id():
            raise ModelError(f"the tokenizer doesn't know {code!r}")
        return token


def load_tokens(folder: Path, language: str = "") -> Tokens:
    """Load the tokenizer of a checkpoint in the format of transformers.

    IndoBART's has no class in transformers: its files name one of the indobenchmark toolkit, which stopped at
    transformers 4. It is a sentencepiece model of lower-case text, with four tokens behind its last piece; an input
    is ``<s> text </s> [indonesian]`` (``IndoNLGTokenizer`` of indobenchmark-toolkit).

    Args:
        folder: the checkpoint.
        language: code of the source language; empty where the model knows but one.

    Raises:
        ModelError: as for `HubTokens`.
    """
    file = folder / "tokenizer_config.json"
    if not file.is_file() or read_json(file).get("tokenizer_class") != _INDONLG or (folder / "tokenizer.json").exists():
        return HubTokens(folder, language)
    model = folder / "sentencepiece.bpe.model"
    tokens = SentencePieceTokens(
        model, model, lower=True, extra=("[javanese]", "[sundanese]", "[indonesian]", "<mask>")
    )
    tokens.prefix = [tokens.token("<s>")]
    tokens.suffix = [tokens.token("</s>"), tokens.token(language or "[indonesian]")]
    return tokens


def load_piece_tokens(folder: Path) -> Tokens:
    """Load the tokenizer of a quickmt model: ``src.spm.model`` and ``tgt.spm.model``, or ``joint.spm.model``.

    CTranslate2 itself puts special tokens around its inputs, as the model's ``config.json`` says.

    Raises:
        ModelError: a file is missing or damaged.
    """
    joint = folder / "joint.spm.model"
    if joint.exists():
        return SentencePieceTokens(joint, joint)
    return SentencePieceTokens(folder / "src.spm.model", folder / "tgt.spm.model")
