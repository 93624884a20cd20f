"""Datelines: the place, newspaper or agency in front of a report's first sentence, as in "GIRIMULYA, KOMPAS.com - ".

What one looks like is said in ``rules.toml`` alone, by its rules of kind prefix that have one of the roles below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.extraction.rules import Role, rules_of

OUTLET: tuple[Role, ...] = ("outlet_dateline",)
"""Roles of the datelines that name a newspaper or an agency."""
REPORT: tuple[Role, ...] = ("outlet_dateline", "dateline")
"""Roles of the datelines that begin a report wherever they stand: these, and places that can be nothing else."""
_ANY: tuple[Role, ...] = (*REPORT, "name_dateline")


def has_dateline(text: str, *, of_outlet: bool = False) -> bool:
    """Tell whether a text begins with the dateline of a newspaper or an agency, or else with a city and a dash."""
    return _match(text, OUTLET if of_outlet else REPORT) is not None


def cut_dateline(text: str) -> str:
    """Return a text without the dateline that opens it; a text that is nothing else, and what another follows, stay."""
    dateline = _match(text, _ANY)
    rest = text[dateline.end() :] if dateline else ""
    return rest if rest.strip() else text


def _match(text: str, roles: Sequence[Role]) -> re.Match[str] | None:
    """Return the first match of a rule with one of some roles at the beginning of a text."""
    for rule in rules_of("prefix"):
        if rule.role in roles:
            dateline = rule.pattern.match(text)
            if dateline:
                return dateline
    return None
