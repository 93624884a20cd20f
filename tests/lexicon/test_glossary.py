"""The terms that a text holds; how a file of terms is read, tests/checks and tests/test_cli.py say."""

import pytest

from summarizer.lexicon.glossary import Glossary
from tests.conftest import in_some_try, processor_seconds

GLOSSARY = Glossary(
    {
        "Bank Indonesia": ("Bank Indonesia",),
        "Bank Indonesia Perwakilan Bali": ("Bank Indonesia's office in Bali",),
        "Indonesia": ("Indonesia",),
        "AS": ("the US",),
        "...": ("and so on",),
    }
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Bank Indonesia menahan bunga.", ["Bank Indonesia", "Indonesia"]),
        ("bank indonesia menahan bunga", ["Bank Indonesia"]),
        (
            "Kata Bank Indonesia Perwakilan Bali, AS",
            ["Bank Indonesia", "Bank Indonesia Perwakilan Bali", "Indonesia", "AS"],
        ),
        # The text ends before the term does.
        ("Bank Indonesia Perwakilan", ["Bank Indonesia", "Indonesia"]),
        ("di atas as roda ...", []),
        ("", []),
    ],
)
def test_terms_are_found_in_order_each_once(text: str, terms: list[str]) -> None:
    assert GLOSSARY.find(text) == terms


def test_a_long_term_costs_a_text_nothing_that_does_not_begin_like_it() -> None:
    text = " ".join(f"kata{number}" for number in range(2_000))
    short = Glossary({"istilah": ("term",)})
    long = Glossary({" ".join(["istilah"] * 2_000): ("term",)})
    for glossary in (short, long):
        glossary.find("istilah")

    def is_as_quick() -> bool:
        return processor_seconds(lambda: long.find(text)) < 5 * processor_seconds(lambda: short.find(text)) + 0.05

    assert in_some_try(is_as_quick)
