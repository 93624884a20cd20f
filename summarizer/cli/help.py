"""The help of commands: options in groups, by what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from click.core import ParameterSource
from click.types import OptionHelpExtra

GROUPS = ("Server", "Results", "Texts", "Inputs", "Run", "Models", "Cluster")
"""The headings of groups, in the order in which they are shown; options without a group follow."""


class GroupedOption(click.Option):
    """An option that help shows under the heading of its group."""

    def __init__(self, *arguments: Any, group: str = "", missing: str = "", **settings: Any) -> None:
        """Make it.

        Args:
            arguments: names, as click takes them.
            group: the heading; one of `GROUPS`, or "".
            missing: what is said where the option is required and left out, if click's own words won't do.
            settings: what else click takes.

        Raises:
            ValueError: there is no such group.
        """
        if group and group not in GROUPS:
            raise ValueError(f"there is no group {group!r}")
        super().__init__(*arguments, **settings)
        self.group = group
        self.missing = missing

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the value, converted; say in words of our own that there is none."""
        try:
            return super().process_value(ctx, value)
        except click.MissingParameter:
            if not self.missing:
                raise
            raise click.UsageError(self.missing, ctx) from None

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Return how messages call the option: by the variable only if the value came from there."""
        if ctx is not None and ctx.get_parameter_source(self.name or "") is ParameterSource.ENVIRONMENT:
            return super().get_error_hint(ctx)
        # The parameter's own wording has the names alone.
        return click.Parameter.get_error_hint(self, ctx)

    def get_help_extra(self, ctx: click.Context) -> OptionHelpExtra:
        """Return what help puts in brackets, without formulas such as ``x>=1``."""
        extra = super().get_help_extra(ctx)
        extra.pop("range", None)
        return extra


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
