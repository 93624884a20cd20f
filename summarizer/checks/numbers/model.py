"""What a number of a text is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Reading = Fraction | tuple[str, int]
"""A value; or ``("time", minutes since midnight)``, ``("month", 1 to 12)``, or ``("day", 1 to 7, from Monday)``."""


@dataclass(frozen=True)
class Number:
    """A number in a text.

    Attributes:
        text: as it is written, without its unit; from offset ``start`` to ``end``.
        readings: everything that it may mean.
        unit: ISO code of a currency, ``$`` for some dollar, ``%``, or None.
        claim: False for words that may stand for a number but need not ("a", "kedua", "half"): they can support a
            number, and need no support themselves.
        digits: it is written with digits.
        measure: what an Indonesian number counts, if the word after it says so: a class of ``lexicon.toml`` such as
            ``people``, ``date`` in a date, or None.
    """

    text: str
    start: int
    end: int
    readings: frozenset[Reading]
    unit: str | None = None
    claim: bool = True
    digits: bool = True
    measure: str | None = None

    @property
    def values(self) -> list[Fraction]:
        """Those of its readings that are plain values."""
        return [reading for reading in self.readings if isinstance(reading, Fraction)]

    def agrees(self, other: Number) -> bool:
        """Tell whether two numbers may mean the same, units aside."""
        return not self.readings.isdisjoint(other.readings)


def same_unit(one: str | None, other: str | None) -> bool:
    """Tell whether two units fit; None fits all, ``$`` every currency whose code ends in D."""
    if one is None or other is None or one == other:
        return True
    return "$" in (one, other) and all(unit == "$" or unit.endswith("D") for unit in (one, other))
