"""Text and numbers as Python source, the way a person would have written them."""

import black

LONGEST = 64  # characters of a string on one line; it may stand two indents deep
MODE = black.Mode(line_length=88, target_versions={black.TargetVersion.PY311})


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
    """Format Python source as `make format` would."""
    return black.format_str(code, mode=MODE)
