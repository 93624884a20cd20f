"""The command line.

In: arguments, files and variables. Out: results on standard output or in files, one line for each error, an exit code.
Commands and options may be changed here; what they do is the Summarizer's.
"""

import os
import signal
from contextlib import suppress


def start() -> None:
    """Run the command `ringkas`.

    Ctrl-C ends it with one line also while it is being loaded, when an exception may turn into another one or get lost.
    """
    # A shell that starts a program in the background lets it ignore Ctrl-C.
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heard:
        signal.signal(signal.SIGINT, _stop)
    from summarizer.cli.commands import main

    if heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    main(prog_name="ringkas")


def _stop(number: int, _: object) -> None:
    """End the process at once, as a signal does, with one line on standard error."""
    # It may be closed, or its disk full.
    with suppress(OSError):
        os.write(2, b"ringkas: stopped\n")
    os._exit(128 + number)
