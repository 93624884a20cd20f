"""Texts to tokens and back, safe against texts that hold a tokenizer's own control tokens."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import ModelError
from summarizer.text.normalise import one_line

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

# What control tokens look like: "</s>", "<extra_id_0>", "<2en>", ">>id<<", "__en__". Some tokenizers hold them as
# ordinary pieces, so being registered as special isn't enough to go by.
_CONTROL = re.compile(r"<(?!0x[0-9A-F]{2}>)[^<>\s▁]+>|>>[^<>\s]+<<|__\w+__")
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
            with warnings.catch_warnings():
                # Marian recommends a package that normalizes punctuation; what it was trained on did without.
                warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
                self._tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
                    folder, local_files_only=True, trust_remote_code=False
                )
        except Exception as error:  # tokenizers and sentencepiece raise errors of their own
            raise ModelError(f"the tokenizer in {folder} can't be loaded: {one_line(str(error))[:300]}") from error
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
        self.end: int = self._tokenizer.eos_token_id

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

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a source text; control tokens that it spells are left out."""
        # A text may hold what the vocabulary doesn't know.
        forbidden = self._control - {self._tokenizer.unk_token_id}
        return [token for token in self._ids(text, special=False) if token not in forbidden]

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of tokens; control tokens are left out."""
        # Not all checkpoints register their language codes as special.
        kept = [token for token in ids if token not in self._control]
        text = self._tokenizer.decode(kept, skip_special_tokens=True, clean_up_tokenization_spaces=False)
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


def _find_part(whole: Sequence[int], part: Sequence[int]) -> int | None:
    """Return where some tokens in a row first stand among others; None if they don't."""
    for start in range(len(whole) - len(part) + 1):
        if whole[start : start + len(part)] == part:
            return start
    return None
