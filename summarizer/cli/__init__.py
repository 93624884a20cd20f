"""The command line.

In: arguments, files and variables. Out: results on standard output or in files, one line for each error, an exit code.
Commands and options may be changed here; what they do is the Summarizer's.
"""

import os
import signal
from types import FrameType


def start() -> None:
    """Run the command `ringkas`.

    Ctrl-C ends it with one line from the first moment, not only once all is loaded: an exception in the middle of an
    import may turn into another one, or get lost.
    """
    # A shell that starts a program in the background lets it ignore Ctrl-C.
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heard:
        signal.signal(signal.SIGINT, _leave)
    from summarizer.cli.commands import main

    if heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    main(prog_name="ringkas")


def _leave(number: int, _: FrameType | None) -> None:
    os.write(2, b"ringkas: stopped\n")
    os._exit(128 + number)
