"""Texts to tokens and back, safe against texts that hold a tokenizer's own control tokens."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import ModelError, is_out_of_memory
from summarizer.models.seq2seq.quiet import quiet
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# What control tokens look like: "</s>", "<extra_id_0>", "<2en>", ">>id<<", "__en__". Some tokenizers hold them as
# ordinary pieces, so being registered as special isn't enough to go by.
_CONTROL = re.compile(r"<(?!0x[0-9A-F]{2}>)[^<>\s▁]+>|>>[^<>\s]+<<|__\w+__")
# What transformers and sentencepiece say where a tokenizer lacks a file.
_SIGNS_OF_MISSING_FILES = ("os.PathLike object, not NoneType", "Either model_file or model_proto must be specified")
# How Pegasus writes a line break.
_NEWLINE = "<n>"


class Tokens:
    """The tokenizer of a checkpoint, and what it puts around texts.

    Attributes:
        codes: the control tokens of the languages of source and target; None where the model knows only one pair.
        prefix: the special tokens in front of every input.
        suffix: those behind it.
        end: the token that ends a text.
    """

    def __init__(self, folder: Path, languages: Sequence[Sequence[str]] = ()) -> None:
        """Load it; of the pairs of codes of two languages, the first that the vocabulary knows is used.

        Raises:
            ModelError: it is missing, or damaged.
        """
        from transformers import AutoTokenizer

        try:
            with warnings.catch_warnings(), quiet():
                # Marian recommends a package that normalizes punctuation; what it was trained on did without.
                warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
                self._tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
                    folder, local_files_only=True, trust_remote_code=False
                )
        except Exception as error:  # tokenizers and sentencepiece raise errors of their own
            raise ModelError(f"the tokenizer in {folder} can't be loaded: {_why_unloadable(error)}") from error
        # It would warn of longer texts, which are never read as a whole: see `TextModel.max_input_tokens`.
        self._tokenizer.model_max_length = sys.maxsize
        self._folder = folder
        self._control = self._find_control()
        self.codes = self._choose_languages(languages)
        # Not all tokenizers tell which tokens they put around an input.
        whole = self._ids("a", special=True)
        bare = self._ids("a", special=False)
        start = _find_part(whole, bare)
        # What a template for special tokens doesn't name is gone.
        if start is None or not bare:
            raise ModelError(f"the tokenizer in {folder} is damaged: it leaves out the text between special tokens")
        self.prefix = whole[:start]
        self.suffix = whole[start + len(bare) :]
        end = self._tokenizer.eos_token_id
        if not isinstance(end, int):
            raise ModelError(f"the tokenizer in {folder} has no token that ends a text (eos_token)")
        self.end = end

    def _choose_languages(self, pairs: Sequence[Sequence[str]]) -> tuple[int, int] | None:
        """Make the first pair of codes that the vocabulary knows that of the tokenizer, and return its tokens."""
        for source, target in pairs:
            source_token = self.token(source)
            target_token = self.token(target)
            if source_token is not None and target_token is not None:
                # Names the language of the tokens that the tokenizer puts around an input.
                self._tokenizer.src_lang = source
                return source_token, target_token
        return None

    def _find_control(self) -> set[int]:
        """Return the tokens that no text may spell."""
        tokenizer = self._tokenizer
        vocabulary: dict[str, int] = tokenizer.get_vocab() | getattr(tokenizer, "lang_token_to_id", {})
        special = {str(token) for token in tokenizer.added_tokens_decoder.values() if token.special}
        special.update(tokenizer.all_special_tokens, getattr(tokenizer, "lang_code_to_token", {}).values())
        control = set()
        for token, number in vocabulary.items():
            looks_like_control = token in special or _CONTROL.fullmatch(token)
            # What is as short as that may as well be a sign of the text.
            is_short = len(token) <= 2
            if looks_like_control and token != _NEWLINE and not is_short:
                control.add(number)
        return control

    def require_known(self, size: int) -> None:
        """Make sure that weights for so many tokens know all that a text may become.

        Raises:
            ModelError: they don't.
        """
        most = max(set(self._tokenizer.get_vocab().values()) - self._control, default=0)
        if most >= size:
            raise ModelError(
                f"the model in {self._folder} has a tokenizer that doesn't belong to it: its tokens go up to {most}, "
                f"the weights know those below {size}"
            )

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a source text; control tokens that it spells are left out."""
        # A text may hold what the vocabulary doesn't know.
        forbidden = self._control - {self._tokenizer.unk_token_id}
        return [token for token in self._ids(text, special=False) if token not in forbidden]

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of tokens; control tokens are left out.

        Raises:
            ModelError: the vocabulary doesn't hold one of them.
        """
        # Not all checkpoints register their language codes as special.
        kept = [token for token in ids if token not in self._control]
        try:
            text = self._tokenizer.decode(kept, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        except IndexError as error:
            raise ModelError(
                f"the model in {self._folder} has a tokenizer that doesn't belong to it: it doesn't know a token that "
                "the model wrote"
            ) from error
        return one_line(str(text).replace(_NEWLINE, " "))

    def pieces(self, ids: Sequence[int]) -> list[str]:
        """Return how the vocabulary spells tokens."""
        return list(map(str, self._tokenizer.convert_ids_to_tokens(list(ids))))

    def ids(self, pieces: Sequence[str]) -> list[int]:
        """Do the reverse of `pieces`."""
        ids = self._tokenizer.convert_tokens_to_ids(list(pieces))
        return [ids] if isinstance(ids, int) else ids

    def token(self, code: str) -> int | None:
        """Return the token of a language code or another control token; None if the vocabulary doesn't hold it."""
        codes: dict[str, str] = getattr(self._tokenizer, "lang_code_to_token", {})
        token = self._tokenizer.convert_tokens_to_ids(codes.get(code, code))
        if not isinstance(token, int) or token == self._tokenizer.unk_token_id:
            return None
        return token

    def _ids(self, text: str, *, special: bool) -> list[int]:
        ids: list[int] = self._tokenizer(text, add_special_tokens=special, split_special_tokens=True)["input_ids"]
        return ids


def _why_unloadable(error: Exception) -> str:
    """Return in one line why a tokenizer can't be loaded."""
    if is_out_of_memory(error):
        return "there is not enough memory"
    reason = one_line(str(error))
    if any(sign in reason for sign in _SIGNS_OF_MISSING_FILES):
        return "one of its files is missing"
    if reason.startswith("Couldn't instantiate the backend tokenizer"):
        # What it advises to install is there.
        return "its files are missing, or its class (tokenizer_class) is unknown"
    return reason[:300]


def _find_part(whole: Sequence[int], part: Sequence[int]) -> int | None:
    """Return where some tokens in a row first stand among others; None if they don't."""
    for start in range(len(whole) - len(part) + 1):
        if whole[start : start + len(part)] == part:
            return start
    return None
