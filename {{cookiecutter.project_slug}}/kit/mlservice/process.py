"""Process signals; imports nothing that takes time."""

import signal
import sys


def exit_on_sigterm() -> None:
    """Exit with code 0 on SIGTERM, until a server sets a handler of its own.

    Process 1 of a container ignores SIGTERM while it has no handler, and the imports of
    a service take a second: call this before them.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
