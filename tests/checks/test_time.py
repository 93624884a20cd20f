"""No text takes the checks more than a moment, whatever a page holds."""

import time
from collections.abc import Callable

import pytest

from summarizer.checks import check_abstract, check_abstract_sentence, check_translation
from summarizer.writing.selection import select_sentences
from tests.conftest import ARTICLE

BLOB = "data" * 5_000 + "="
DOTS = "Daftar isi " + "." * 8_000 + " 5"


@pytest.mark.parametrize(
    "work",
    [
        lambda: select_sentences(["A" * 200 + " adalah kode.", ARTICLE], [1.0, 0.0], 1),
        lambda: select_sentences(["A." * 200 + " adalah kode.", ARTICLE], [1.0, 0.0], 1),
        lambda: check_abstract("a" * 80 + "b", " ".join(["a" * 79] * 6)),
        lambda: check_abstract_sentence("Taman itu dibuka.", [f"{ARTICLE} {BLOB}"]),
        lambda: check_translation(DOTS, DOTS),
    ],
    ids=["a long word", "a long name", "a blend", "a blob", "dots"],
)
def test_no_text_takes_long(work: Callable[[], object]) -> None:
    start = time.process_time()
    work()
    assert time.process_time() - start < 3
