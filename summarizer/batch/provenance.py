"""What stands for all that a result depends on, so that one which is there already is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

import summarizer
from summarizer.models import prompts
from summarizer.models.base import Length
from summarizer.storage.fingerprint import digest_folder, digest_values
from summarizer.summarizer import Summarizer, Translate

NOT_IN_RESULTS = (
    "cli",
    "batch/cluster",
    "storage",
    "web",
    "output/templates",
    "output/html.py",
    "output/table.py",
    "output/progress.py",
    # The model's own identity tells which adapter it is made with.
    "models/embedded/adapter",
)
"""Files and folders of the package that no result depends on."""

# Hexadecimal digits of each half of a key: 128 bits, of which no two inputs have the same by chance.
_HALF = 32


@dataclass(frozen=True)
class Settings:
    """What is asked of a batch; ``format`` is that of each result's own file, ``text_field`` the text's in JSON."""

    translate: Translate = "abstract"
    format: str = "json"
    text_field: str = "text"
    force: bool = False
    length: Length | None = None


@dataclass(frozen=True)
class JobSpec:
    """What a batch's results depend on besides its inputs.

    The provenance is version, digest of the code, and what `Summarizer.identity` says of the models.
    """

    settings: Settings
    provenance: tuple[str, str, str]

    @classmethod
    def of(cls, ringkas: Summarizer, settings: Settings) -> JobSpec:
        """Make it, and prepare the models, whose digests it has.

        Raises:
            ValueError: there is no such thing to translate.
            ModelError: a model is unknown, or can't be had.
        """
        return cls(settings, (summarizer.__version__, code_digest(), ringkas.identity(settings.translate)))

    def key(self, data: bytes) -> str:
        """Return what stands for all that the result of an input depends on, of which it holds these bytes.

        The second half stands for the bytes alone: see `tell_input`.
        """
        # A result is written in any format without being made anew.
        settings = asdict(self.settings)
        del settings["format"]
        return digest_values([self.provenance, settings])[:_HALF] + hashlib.sha256(data).hexdigest()[:_HALF]


def tell_input(key: str) -> str:
    """Return that part of a `JobSpec.key` which stands for the input alone, whatever is made of it."""
    return key[_HALF:]


def code_digest(without: Collection[str] = NOT_IN_RESULTS) -> str:
    """Return a digest of the code, rules, word lists and prompts, but for files and folders of the package."""
    package = Path(str(files("summarizer")))
    texts = Path(str(prompts.prompts_folder()))
    return digest_values([digest_folder(package, without=without), digest_folder(texts)])
