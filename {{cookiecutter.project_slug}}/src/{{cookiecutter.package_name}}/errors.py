"""Mistakes that a person can mend, told in one sentence instead of a stack trace."""

import sys
from collections.abc import Callable
from typing import NoReturn


class UserError(Exception):
    """What is wrong and what to do about it, in one sentence."""

    def __str__(self) -> str:
        """Tell it in one line, though it may quote a library that writes several."""
        return " ".join(super().__str__().split())


def run(main: Callable[[], int]) -> NoReturn:
    """Run a command and exit with its code; a UserError becomes one line on stderr.

    Any other exception keeps its traceback: that one is a defect of ours.
    """
    try:
        sys.exit(main())
    except UserError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)  # what a shell reports for a process stopped by Ctrl-C
