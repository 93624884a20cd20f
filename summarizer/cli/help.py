"""The help of commands: options in groups, by what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

GROUPS = ("Server", "Results", "Texts", "Inputs", "Run", "Models", "Cluster")
"""The headings of groups, in the order in which they are shown; options without a group follow."""


class GroupedOption(click.Option):
    """An option that help shows under the heading of its group."""

    def __init__(self, *arguments: Any, group: str = "", **settings: Any) -> None:
        if group and group not in GROUPS:
            raise ValueError(f"there is no group {group!r}")
        super().__init__(*arguments, **settings)
        self.group = group


class GroupedCommand(click.Command):
    """A command whose help shows its options in groups."""

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, group by group."""
        for group in (*GROUPS, ""):
            rows = self._help_of(group, context)
            if rows:
                with formatter.section(group or "Options"):
                    formatter.write_dl(rows)

    def _help_of(self, group: str, context: click.Context) -> Sequence[tuple[str, str]]:
        """Return the options of a group, each with its help."""
        rows = []
        for parameter in self.get_params(context):
            if isinstance(parameter, click.Option) and _group_of(parameter) == group:
                row = parameter.get_help_record(context)
                # There is none of an option that is hidden.
                if row is not None:
                    rows.append(row)
        return rows


def _group_of(option: click.Option) -> str:
    """Return the heading that an option stands under; "" for click's own, such as ``--help``."""
    return option.group if isinstance(option, GroupedOption) else ""
