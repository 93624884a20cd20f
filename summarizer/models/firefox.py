"""Firefox's translation models, run by fxtranslate: found in a folder or fetched, and asked.

fxtranslate is Mozilla's own engine for these files, compiled, without dependencies, installed with Ringkas where it has
wheels. Its own download takes the list of models from a copy of the service, but the files always from Mozilla's.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError, reason_of
from summarizer.models.base import Advance, Generation, Request, Task
from summarizer.storage.cache import build_once, cache_dir
from summarizer.text.normalise import one_line

# Longest sentence in tokens; the engine cuts off what is longer without a word. It is the ``max-length-break`` of the
# configuration that Firefox's own translator runs these models with.
MAX_INPUT = 128

# Names of the files, by their kind in Remote Settings.
_PATTERNS = {kind: f"{kind}.*.bin" for kind in ("model", "lex")}
_PATTERNS |= {kind: f"{kind}.*.spm" for kind in ("vocab", "srcvocab", "trgvocab")}
# Seconds to wait for an answer of the service: a person may be waiting.
_TIMEOUT = 5.0


def looks_like_model(folder: Path) -> bool:
    """Tell from the names of its files whether a folder is meant to hold a Firefox model."""
    return any(folder.glob(_PATTERNS["model"]))


def find_files(folder: Path) -> tuple[Path, ...]:
    """Return the files of the model in a folder, as the engine takes them.

    They are the weights, the vocabularies of source and target language, often the same, and, unless the model does
    without, the shortlist of target words that a source word may become.
    """
    found = {kind: sorted(folder.glob(pattern)) for kind, pattern in _PATTERNS.items()}
    needed = (found["model"], found["srcvocab"] or found["vocab"], found["trgvocab"] or found["vocab"])
    if any(len(files) != 1 for files in needed) or len(found["lex"]) > 1:
        raise ModelError(
            f"the model in {folder} is incomplete: it needs one model.*.bin and one vocab.*.spm, and may have one "
            "lex.*.bin"
        )
    return (*(file for [file] in needed), *found["lex"])


def fingerprint(folder: Path) -> str:
    """Return sixteen hexadecimal digits that change with the content of any file of the model in a folder."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in find_files(folder))).hexdigest()[:16]


def cache_folder(source: str, target: str) -> Path:
    """Return the folder of a language pair's model in Ringkas' cache, whether it exists or not."""
    return cache_dir() / f"firefox-{source}-{target}"


def is_installed() -> bool:
    """Tell whether fxtranslate is installed."""
    return importlib.util.find_spec("fxtranslate") is not None


def require_engine() -> None:
    """Raise `ModelError` unless fxtranslate is installed."""
    if not is_installed():
        raise ModelError(
            "Firefox's translator is not installed: run 'pip install fxtranslate', or, if pip finds none for this "
            "system, take another one, such as 'opus-mt-id-en'"
        )


def fetch(source: str, target: str) -> Path:
    """Return the folder of a language pair's model, downloading it first if need be: completely or not at all.

    The list of models comes from Firefox's Remote Settings service, over TLS; it names the SHA-256 of each file, which
    is checked. ``FXTRANSLATE_RECORDS_URL`` names another list, such as that of your own server.
    """
    require_engine()

    def build(folder: Path) -> None:
        try:
            _download(source, target, folder)
        except Exception as error:  # httpx's errors, whose package depends on the hub's version
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk's errors are said by `build_once`
            reason = one_line(reason_of(error) or repr(error))[:200]
            raise ModelError(
                f"the Firefox model {source}-{target} can't be downloaded: {reason}; try again later"
            ) from error
        find_files(folder)

    return build_once(cache_folder(source, target), build)


def _download(source: str, target: str, folder: Path) -> None:
    from fxtranslate import discovery
    from huggingface_hub.file_download import http_get

    url = discovery.records_url()
    records = _choose(_get_json(url)["data"], source, target)
    # Where the service tells of itself.
    root = url.partition("/buckets/")[0] + "/"
    base = _get_json(root)["capabilities"]["attachments"]["base_url"].rstrip("/")
    for record in records:
        packed, attachment = folder / "packed", record["attachment"]
        with packed.open("wb") as file:
            address = f"{base}/{attachment['location']}"
            http_get(address, file, expected_size=attachment["size"], displayed_filename=record["name"])
        content = discovery.verify_and_decompress(packed.read_bytes(), record["decompressedHash"])
        (folder / record["name"]).write_bytes(content)
        packed.unlink()


def _choose(records: list[dict[str, Any]], source: str, target: str) -> list[dict[str, Any]]:
    """Choose the files of the newest model that the engine can read."""
    from fxtranslate import discovery

    pair = [record for record in records if (record["sourceLanguage"], record["targetLanguage"]) == (source, target)]
    versions = {record["version"] for record in pair}
    for version in sorted(versions, key=lambda version: list(map(int, version.split("."))), reverse=True):
        files = [record for record in pair if record["version"] == version and record["fileType"] in _PATTERNS]
        if (source, target) in discovery.model_pairs(json.dumps({"data": files})):
            if not all(Path(file["name"]).name == file["name"] and file.get("decompressedHash") for file in files):
                raise ValueError("the list names files that can't be checked")
            return files
    raise ValueError("there is none that this version of fxtranslate can read")


def _get_json(url: str) -> dict[str, Any]:
    from huggingface_hub import get_session

    response = get_session().get(url, timeout=_TIMEOUT, follow_redirects=True)
    response.raise_for_status()
    table: dict[str, Any] = response.json()
    return table


class FirefoxModel:
    """A translator that writes one translation of a sentence, greedily: no other to choose from, and no scores."""

    def __init__(self, name: str, folder: Path) -> None:
        require_engine()
        from fxtranslate import Translator
        from sentencepiece import SentencePieceProcessor

        self.name, self._folder = name, folder
        files = find_files(folder)
        with _explained(folder):
            # The engine itself takes any bytes for a vocabulary.
            self._tokenizer, _ = (SentencePieceProcessor(model_file=str(file)) for file in files[1:3])
            self._translator = Translator(*(file.read_bytes() for file in files))

    def max_input_tokens(self, task: Task, title: str = "") -> int:  # noqa: ARG002 - it isn't read
        """Return the longest sentence in tokens."""
        if task is not Task.TRANSLATE:
            raise ModelError(f"{self.name} is not made to {task}")
        return MAX_INPUT

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in tokens."""
        return len(self._tokenizer.encode(one_line(text)))

    def rank_sentences(self, articles: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Return None: it was trained to write."""

    def weigh_cuts(self, texts: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Return None: it was trained to write."""

    def generate(
        self, task: Task, requests: Sequence[Request], *, advance: Advance = lambda count: None
    ) -> list[Generation]:
        """Translate each request's text."""
        room = self.max_input_tokens(task)
        results = []
        for request in requests:
            if (length := self.count_tokens(request.text)) > room:
                raise ValueError(f"a source text of {length} tokens is longer than {room}")
            text = one_line(request.text)
            with _explained(self._folder):
                english = self._translator.translate(text) if text else ""
            # The engine doesn't tell whether it came to an end; what it leaves out, the checks have to find.
            results.append(Generation(one_line(english), finished=True))
            advance(1)
        return results


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what a damaged file leads to into one line."""
    try:
        yield
    except BaseException as error:
        # A panic of the engine's Rust code is no Exception, and its class has no public name.
        if not isinstance(error, OSError | RuntimeError | ValueError) and type(error).__name__ != "PanicException":
            raise
        raise ModelError(f"the model in {folder} is damaged; fetch it again: {one_line(str(error))[:200]}") from error
