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

_MODULE_OF_NAME = {
    "Article": "article",
    "ExitCode": "errors",
    "InputError": "errors",
    "JobSummary": "batch.cluster",
    "ModelError": "errors",
    "NoArticleError": "errors",
    "NotIndonesianError": "errors",
    "OutputError": "errors",
    "Removed": "article",
    "Result": "result",
    "RingkasError": "errors",
    "SavedPage": "extraction.decoding",
    "Summarizer": "summarizer",
    "Translation": "result",
    "gloss": "glossing",
    "read_file": "extraction.reading",
    "read_text": "extraction.reading",
    "summarize_dataset": "batch.cluster",
    "summarize_files": "batch.cluster",
    "to_frame": "output.table",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562), so that one command doesn't load what another needs.

    Raises:
        AttributeError: the package has no such name.
    """
    if name not in _MODULE_OF_NAME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_MODULE_OF_NAME[name]}")
    value = getattr(module, name)
    # Python asks here only for names that the module lacks: next time, this one is there.
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
