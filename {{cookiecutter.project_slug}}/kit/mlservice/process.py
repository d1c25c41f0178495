"""Signals and memory of the process; imports nothing that takes time."""

import ctypes
import signal
import sys
from contextlib import suppress

M_TRIM_THRESHOLD, M_ARENA_MAX = -1, -8  # parameters of mallopt(3)
FREE_BYTES = 1_048_576  # that may stay at the end of the heap


def exit_on_sigterm() -> None:
    """Exit with code 0 on SIGTERM, until a server sets a handler of its own.

    Process 1 of a container ignores SIGTERM while it has no handler, and the imports of
    a service take a second: call this before them. A second SIGTERM is ignored: the
    interpreter removes handlers while it exits, and the signal would set the exit code.
    """
    signal.signal(signal.SIGTERM, _exit)


def return_freed_memory() -> None:
    """Make the C library return freed memory to the system; call it before threads.

    By default, glibc keeps an arena for each thread and, after large blocks were freed,
    tens of megabytes. Other C libraries have no `mallopt`, and nothing is done.
    """
    with suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_TRIM_THRESHOLD, FREE_BYTES)


def _exit(signum: int, _frame: object) -> None:
    signal.signal(signum, signal.SIG_IGN)
    sys.exit(0)
