"""Conversion of any exception about a damaged file to one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from mlservice.errors import UserError

LONGEST = 200  # characters of a library's own words


@contextmanager
def as_user_error(name: str, what: str = "a table") -> Iterator[None]:
    """Raise UserError instead of any exception while `name` is read as `what`."""
    try:
        yield
    except UserError:
        raise
    # A damaged file makes gzip, openpyxl, pyarrow and others raise nearly anything.
    except Exception as error:  # pylint: disable=broad-exception-caught
        words = " ".join(str(error).split())[:LONGEST] or type(error).__name__
        raise UserError(f"{name} cannot be read as {what}: {words}") from error
