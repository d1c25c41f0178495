"""Text and numbers as Python source, the way a person would have written them."""

from black import Mode, format_str

LONGEST = 64  # characters of a string on one line; it may stand two indents deep
MANY = 900  # lines, above which pylint wants a word
LINT = "# pylint: disable=too-many-lines # a line or more for each column"


def quoted(text: str) -> str:
    """Write a text as a literal; a long one in pieces, which Python joins again."""
    pieces = _pieces(text)
    return repr(text) if len(pieces) < 2 else f"({' '.join(map(repr, pieces))})"


def _pieces(text: str) -> list[str]:
    """Cut a text where its source would outgrow a line: no tool breaks a string."""
    pieces, length = [""], 0
    for character in text:
        size = len(repr(character)) - 2  # "\n" takes two places, an emoji one
        if length + size > LONGEST:
            pieces, length = [*pieces, ""], 0
        pieces[-1] += character
        length += size
    return pieces


def plain(value: float) -> str:
    """Write a number as a bound: 0, 1_000, 12.5, 1e-06."""
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):_}"
    return repr(float(value))


def tidy(code: str) -> str:
    """Format a module, which begins with a docstring, as `make format` would."""
    text = format_str(code, mode=Mode())
    if text.count("\n") < MANY:
        return text
    return text.replace('"""\n\n', f'"""\n\n{LINT}\n\n', 1)  # after the docstring
