"""Ringkas: Indonesian news, summarised and translated, on your own machine.

>>> from summarizer import Summarizer
>>> print(Summarizer().summarize("artikel.html").to_text())
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.article import Article, Removed
    from summarizer.batch.cluster import JobSummary, summarize_dataset, summarize_files
    from summarizer.errors import (
        ExitCode,
        InputError,
        ModelError,
        NoArticleError,
        NotIndonesianError,
        OutputError,
        RingkasError,
    )
    from summarizer.extraction.decoding import SavedPage
    from summarizer.extraction.reading import read_file, read_text
    from summarizer.glossing import gloss
    from summarizer.output.table import to_frame
    from summarizer.result import Result, Translation
    from summarizer.summarizer import Summarizer

__version__ = "0.1.0"

__all__ = [
    "Article",
    "ExitCode",
    "InputError",
    "JobSummary",
    "ModelError",
    "NoArticleError",
    "NotIndonesianError",
    "OutputError",
    "Removed",
    "Result",
    "RingkasError",
    "SavedPage",
    "Summarizer",
    "Translation",
    "__version__",
    "gloss",
    "read_file",
    "read_text",
    "summarize_dataset",
    "summarize_files",
    "to_frame",
]

_HOMES = {
    "article": "Article Removed",
    "batch.cluster": "JobSummary summarize_dataset summarize_files",
    "errors": "ExitCode InputError ModelError NoArticleError NotIndonesianError OutputError RingkasError",
    "extraction.decoding": "SavedPage",
    "extraction.reading": "read_file read_text",
    "glossing": "gloss",
    "output.table": "to_frame",
    "result": "Result Translation",
    "summarizer": "Summarizer",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562), so that one command doesn't load what another needs."""
    home = next((home for home, names in _HOMES.items() if name in names.split()), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
