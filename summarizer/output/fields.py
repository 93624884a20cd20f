"""Results and their parts as plain values, for whatever shows or keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Fields = Mapping[str, Any]
"""A result, an article or a sentence as plain values, as its ``to_dict`` gives it."""


RESULTS = "results.jsonl"
"""The file that a batch writes all results into, a line of JSON for each."""

FAILURES = "failures.jsonl"
"""The file beside it with what failed, if anything did: ``input``, ``error``, ``kind`` and ``advice``."""


def without(fields: Fields, *names: str) -> dict[str, Any]:
    """Return plain values without some of their fields; a name that isn't among them is passed over."""
    rest = dict(fields)
    for name in names:
        rest.pop(name, None)
    return rest
