"""Where in a grid of cells a table stands: below titles and comments, above notes.

Spreadsheets, and text saved from them, have a title above the header, a second header
row, a line of units or cells far beside the table. All is inferred from the first rows.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from mlservice.adopt.columns.missing_values import means_missing
from mlservice.adopt.sources.numbers import NUMBER

Row = Sequence[str]

COMMENTS = ("#", "%", "//")
MOST_ABOVE = 30  # rows above a header
MOST_BELOW = 3  # rows of units, descriptions or further headers below it
LOOKED_AT = 200  # rows that say which columns hold numbers
NUMERIC, ENOUGH = 0.9, 5  # share of a column's cells, and cells at least
LONGEST_UNIT = 15  # characters; a longer text describes the column


@dataclass(frozen=True)
class Layout:
    """The columns of a table, and the rows of a grid before its first row."""

    names: tuple[str, ...]  # "" where a column has none
    first: int  # rows of the grid before the first one of the table
    units: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what is left out


def find(rows: Sequence[Row]) -> Layout:
    """Infer the layout of the first rows of a grid; blank cells are ""."""
    at = header(rows)
    names, body = list(rows[at]), rows[at + 1 :]
    width = _width(names, body)
    front = width - len(names) == 1 and any(len(r) >= width and r[-1] for r in body)
    names = [""] * front + names + [""] * (width - len(names) - front)
    names, notes = names[:width], []
    if at:
        shown = next((cell for row in rows[:at] for cell in row if cell), "")[:40]
        notes.append(f"{at:,} rows above the header are left out: '{shown}' …")
    names[0] = names[0].lstrip("# ") or names[0]
    units: list[str] = []
    below = 0
    while below < MOST_BELOW and _no_data(body[below:]):
        row = [*body[below], *[""] * width][:width]
        if below == 0 and _incomplete(names):
            names = _joined(names, row)
            notes.append("two rows are the header")
        else:
            units = units or [cell.strip("[]() ") for cell in row]
            shown = next(cell for cell in row if cell)[:40]
            notes.append(f"a row below the header is left out: '{shown}' …")
        below += 1
    if at and _repeats(names):
        names = _joined(list(rows[at - 1]), names)
    units = [unit if len(unit) <= LONGEST_UNIT else "" for unit in units]
    return Layout(tuple(names), at + 1 + below, tuple(units), tuple(notes))


def header(rows: Sequence[Row]) -> int:
    """Return the position of the header: the first row that is no title or comment."""
    counts = [_filled(row) for row in rows if _filled(row)]
    typical = median(counts) if counts else 0
    for at, row in enumerate(rows[: MOST_ABOVE + 1]):
        filled = _filled(row)
        title = any(row[:1]) or filled < typical - 1  # else only the index has no name
        if (2 * filled <= typical and title) or _comment(row):
            continue
        numbers = [cell for cell in row if NUMBER.fullmatch(cell)]
        if (
            at
            and numbers
            and _comment(rows[at - 1])
            and _filled(rows[at - 1]) == filled
        ):
            return at - 1  # "#chrom start end"
        return 0 if len(numbers) == filled else at  # no header at all
    return 0


def is_note(cells: Row, width: int) -> bool:
    """Return True if a row is no row of a table: a remark, a source, a total."""
    first = next((cell for cell in cells if cell), "")
    words = any(letter.isalpha() for letter in first)
    return words and 2 * _filled(cells) <= max(width, 2)


def _width(names: Row, body: Sequence[Row]) -> int:
    """Return the number of columns: those with a name, or that most rows fill."""
    named = max((at for at, name in enumerate(names, 1) if name), default=0)
    wide = Counter(map(len, body)).most_common(1)[0][0] if body else 0
    if wide >= len(names):
        return wide
    return max(named, wide)


def _filled(row: Row) -> int:
    return sum(bool(cell) for cell in row)


def _comment(row: Row) -> bool:
    return bool(row) and row[0].lstrip().startswith(COMMENTS)


def _no_data(body: Sequence[Row]) -> bool:
    """Return True if the first row has words where all other rows have numbers."""
    if len(body) <= ENOUGH:
        return False
    row, words = body[0], 0
    for at, cell in enumerate(row):
        below = [r[at] for r in body[1:LOOKED_AT] if len(r) > at and r[at]]
        known = [one for one in below if not means_missing(one)]
        numbers = sum(bool(NUMBER.fullmatch(one)) for one in known)
        if len(known) >= ENOUGH and numbers >= NUMERIC * len(known):
            if NUMBER.fullmatch(cell):
                return False
            words += bool(cell) and not means_missing(cell)
        elif cell and cell in below:
            return False
    return words > 0


def _repeats(names: Row) -> bool:
    known = [name for name in names if name]
    return len(set(known)) < len(known)


def _incomplete(names: Row) -> bool:
    """Return True if names are those of groups: some are repeated or left out."""
    return _repeats(names) or "" in names[1:]


def _joined(upper: list[str], lower: Sequence[str]) -> list[str]:
    """Join two rows of names; the upper ones only where the lower ones repeat."""
    groups, last = [], ""
    for at in range(len(lower)):
        last = (upper[at] if at < len(upper) else "") or last
        groups.append(last)
    if _repeats(lower):
        pairs = zip(groups, lower, strict=True)
        return [" ".join(filter(None, pair)) for pair in pairs]
    return [
        one or (upper[at] if at < len(upper) else "") for at, one in enumerate(lower)
    ]
