"""The better translator, offered once to a person at a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

import click

from summarizer.cli.console import notify
from summarizer.errors import RingkasError
from summarizer.models import Task
from summarizer.models.catalogue import DEFAULT, prepare_model
from summarizer.models.choice import better_translator, set_default


def offer_translator(options: Mapping[str, Any], *, quiet: bool) -> bool:
    """Ask whether to fetch the better translator, and do it; return whether it is the default now.

    Nobody is asked who has chosen a translator, wants no network or no messages, or is no person at a terminal. What
    goes wrong is one line; the embedded model then translates, and the question comes again.
    """
    is_settled = any(options[name] for name in ("model", "translation_model", "offline"))
    # A stream that was closed before the program began is None.
    is_person = all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
    is_automatic = bool(os.environ.get("CI"))
    if quiet or is_settled or is_automatic or not is_person:
        return False
    better = better_translator()
    if better is None:
        return False
    size = f"{better.download_mb} MB, {better.licence}"
    question = f"Firefox's translator makes better English than the built-in model ({size}). Fetch it now?"
    wanted = click.confirm(question, default=True, prompt_suffix=" ", err=True)
    try:
        if wanted:
            prepare_model(better.name)
        # Who refuses isn't asked again.
        set_default(better.name if wanted else DEFAULT, [Task.TRANSLATE])
    except RingkasError as error:
        notify(f"{error}; {DEFAULT} translates")
        return False
    return wanted
