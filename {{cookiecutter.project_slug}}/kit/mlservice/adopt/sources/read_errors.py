"""Whatever a library says about a hostile file becomes one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from ...errors import UserError

LONGEST = 200  # characters of a library's own words


@contextmanager
def told(name: str, what: str = "a table") -> Iterator[None]:
    """Turn any exception while reading `name` as `what` into a UserError."""
    try:
        yield
    except UserError:
        raise
    # A damaged file makes gzip, openpyxl, pyarrow and others raise nearly anything.
    except Exception as error:  # pylint: disable=broad-exception-caught
        words = " ".join(str(error).split())[:LONGEST] or type(error).__name__
        raise UserError(f"{name} cannot be read as {what}: {words}") from error
