"""Process signals; imports nothing that takes time."""

import os
import signal


def exit_on_sigterm() -> None:
    """Exit with code 0 on SIGTERM, until a server sets a handler of its own.

    Process 1 of a container ignores SIGTERM while it has no handler, and the imports of
    a service take a second: call this before them. The process ends at once, without
    SystemExit: a destructor that is interrupted would swallow the exception, and a
    second signal while the interpreter exits would set the exit code.
    """
    signal.signal(signal.SIGTERM, _exit)


def _exit(_signum: int, _frame: object) -> None:
    os._exit(0)  # pylint: disable=protected-access  # it has no other name
