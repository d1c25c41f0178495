"""Process signals; imports nothing that takes time."""

import signal
import sys


def exit_on_sigterm() -> None:
    """Exit with code 0 on SIGTERM, until a server sets a handler of its own.

    Process 1 of a container ignores SIGTERM while it has no handler, and the imports of
    a service take a second: call this before them. A second SIGTERM is ignored: the
    interpreter removes handlers while it exits, and the signal would set the exit code.
    """
    signal.signal(signal.SIGTERM, _exit)


def _exit(signum: int, _frame: object) -> None:
    signal.signal(signum, signal.SIG_IGN)
    sys.exit(0)
