"""The lists of ``html_lists.toml``: tags, and patterns of what elements, pages and people are called."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("html_lists.toml").read_text(encoding="utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of a list.

    Raises:
        KeyError: there is no such list.
    """
    return frozenset(_data()[name].split())


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return one pattern that matches what any of a list does, upper and lower case alike.

    Raises:
        KeyError: there is no such list.
    """
    return re.compile("|".join(f"(?:{part})" for part in _data()[name]), re.IGNORECASE)
