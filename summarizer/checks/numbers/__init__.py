"""Find the numbers of a text and what they mean: digits and words, money, percentages, dates and times.

How a language writes numbers is in ``indonesian.toml`` and ``english.toml``; one grammar reads both.
"""

from summarizer.checks.numbers.grammar import load_grammar, read_digits
from summarizer.checks.numbers.measures import find_dates, find_numbers, find_pairs, same_measure
from summarizer.checks.numbers.model import Number, Reading, same_unit

__all__ = [
    "Number",
    "Reading",
    "find_dates",
    "find_numbers",
    "find_pairs",
    "load_grammar",
    "read_digits",
    "same_measure",
    "same_unit",
]
