from __future__ import annotations

import sys

import pytest

from summarizer import Article, InputError, Result, to_frame
from summarizer.faithfulness import Support

RESULT = Result(
    Article("a.txt", "Judul", ("Satu dua tiga.",), site="contoh.id"),
    "Satu dua.",
    "One two.",
    None,
    ("hati-hati",),
    "fake",
    support=(Support("Satu dua.", ((0, 0),), ("Satu dua tiga.",), 0.75), Support("Dua.", (), (), 0.25)),
)


def test_a_row_for_each_outcome() -> None:
    frame = to_frame([RESULT, InputError("b.txt is empty"), RESULT])
    assert list(frame["source"].fillna("-")) == ["a.txt", "-", "a.txt"]
    assert list(frame["error"].fillna("-")) == ["-", "b.txt is empty", "-"]
    assert list(frame["article_words"].fillna(0)) == [3, 0, 3]
    assert frame["abstract_words"].sum() == 4
    assert frame.loc[0, "warnings"] == ("hati-hati",)
    assert frame.loc[0, "site"] == "contoh.id"
    assert (frame.loc[0, "support"], frame.loc[0, "repairs"]) == (0.25, 0)


def test_nothing_is_an_empty_frame_with_the_same_columns() -> None:
    assert list(to_frame([]).columns) == list(to_frame([RESULT]).columns)
    assert len(to_frame([])) == 0


def test_without_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        to_frame([RESULT])
