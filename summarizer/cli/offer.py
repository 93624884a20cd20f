"""The better translator, offered once to a person at a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

import click

from summarizer import models as catalogue
from summarizer.cli.console import notify
from summarizer.errors import RingkasError

PATIENCE = 5.0
"""Seconds that the service may take to answer at all."""

_ANSWERS = {"": True, "y": True, "yes": True, "n": False, "no": False}


def offer_translator(options: Mapping[str, Any], *, quiet: bool) -> bool:
    """Ask whether to fetch the better translator, and do it; return whether it is the default now.

    Nobody is asked who has chosen a translator, wants no network or no messages, or is no person at a terminal. What
    goes wrong is one line; the embedded model then translates, and the question comes again.
    """
    is_chosen = any(options[name] for name in ("model", "translation_model"))
    if quiet or is_chosen or options["offline"] or os.environ.get("CI") or not _is_terminal():
        return False
    better = catalogue.better_translator()
    if better is None:
        return False
    question = f"Firefox's translator is better ({better.download_mb} MB, {better.licence}). Fetch it now? [Y/n] "
    wanted = _ask(question)
    try:
        if wanted:
            catalogue.fetch_better_translator(PATIENCE)
        elif wanted is False:
            catalogue.keep_translator()
    except RingkasError as error:
        going_on = f"; {catalogue.DEFAULT} translates" if wanted else ""
        notify(f"{error}{going_on}")
        return False
    return bool(wanted)


def _is_terminal() -> bool:
    # A stream that was closed before the program began is None.
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _ask(question: str) -> bool | None:
    """Return the answer; None if there is none."""
    while True:
        click.echo(question, err=True, nl=False)
        # As bytes, so that nothing of a text that is typed afterwards is read ahead.
        line = sys.stdin.buffer.readline()
        if not line:
            click.echo(err=True)
            return None
        answer = line.decode(errors="replace").strip().lower()
        if answer in _ANSWERS:
            return _ANSWERS[answer]
