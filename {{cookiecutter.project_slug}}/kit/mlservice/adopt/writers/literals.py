"""Python literals for text and numbers, formatted as by hand."""

from black import Mode, format_str

LONGEST = 64  # characters of a string on one line, at two levels of indentation
MANY = 900  # lines, above which pylint needs a comment
LINT = "# pylint: disable=too-many-lines # a line or more for each column"


def quoted(text: str) -> str:
    """Return a text as a literal; a long one as adjacent literals."""
    pieces = _pieces(text)
    return repr(text) if len(pieces) < 2 else f"({' '.join(map(repr, pieces))})"


def _pieces(text: str) -> list[str]:
    """Split a text whose literal would be longer than a line."""
    pieces, length = [""], 0
    for character in text:
        size = len(repr(character)) - 2  # "\n" takes two characters, an emoji one
        if length + size > LONGEST:
            pieces, length = [*pieces, ""], 0
        pieces[-1] += character
        length += size
    return pieces


def plain(value: float) -> str:
    """Return a number as a literal: 0, 1_000, 12.5, 1e-06."""
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):_}"
    return repr(float(value))


def tidy(code: str) -> str:
    """Format a module, which begins with a docstring, as `make format` does."""
    text = format_str(code, mode=Mode())
    if text.count("\n") < MANY:
        return text
    return text.replace('"""\n\n', f'"""\n\n{LINT}\n\n', 1)  # after the docstring
