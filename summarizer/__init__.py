"""Ringkas: Indonesian news, summarised and translated, on your own machine.

>>> from summarizer import Summarizer
>>> print(Summarizer().summarize("artikel.html").to_text())
"""

from summarizer.article import Article, Removed
from summarizer.batch.cluster import JobSummary, summarize_dataset, summarize_files
from summarizer.errors import InputError, ModelError, NoArticleError, NotIndonesianError, RingkasError
from summarizer.extraction.reading import read_file, read_text
from summarizer.output.frame import to_frame
from summarizer.pipeline import Summarizer
from summarizer.result import Result
from summarizer.writing.translation import Translation

__version__ = "0.1.0"

__all__ = [
    "Article",
    "InputError",
    "JobSummary",
    "ModelError",
    "NoArticleError",
    "NotIndonesianError",
    "Removed",
    "Result",
    "RingkasError",
    "Summarizer",
    "Translation",
    "__version__",
    "read_file",
    "read_text",
    "summarize_dataset",
    "summarize_files",
    "to_frame",
]
