"""Write schema.py: each column declared as a person would have done it."""

import re
import textwrap
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from string import Template

from .literals import plain, quoted, tidy
from .plan import Column, Plan

ASK = "(to be described)"  # what a person writes in its place is shown in /docs
SHOWN = 50  # characters of a column's name that its meaning repeats
POSITIVE = "# the last is the positive class\n"
NOTE = (
    'Written by `make adopt` from {}. Where it says "to be described", say what a '
    "column means, and name its unit: /docs and the model card show both."
)
FILE = Template('''\
"""The contract: one typed row and the target. All else derives from this file.

$note
"""

$imports


class Instance(Row):
    """One row of $source, as known when it is predicted."""

$features


class Record(Instance):
    """One row of the file: an instance, and what became of it."""

$target


FEATURES = features_of(Instance)
COLUMNS = features_of(Record)  # of the file
TARGET = COLUMNS[-1]
SCHEMA_HASH = fingerprint(*COLUMNS)
EXAMPLE = {feature.column: feature.example for feature in FEATURES}
''')
FUNCTIONS = {
    "number": "number",
    "flag": "flag",
    "category": "category",
    "ordered": "category",
    "hashed": "coded",
    "moment": "coded",
    "words": "coded",
}
CODINGS = {"hashed": "Hashed", "moment": "Moment", "words": "Words"}
TYPES = {"flag": "bool", "category": "str", "ordered": "str", **CODINGS}

Told = Mapping[str, tuple[str, str]]  # column → its meaning and unit, in people's words


def write(plan: Plan, told: Told | None = None) -> str:
    """Return schema.py as text; `told` is what people have written before."""
    told = told or {}
    kinds = {column.declared for column in plan.columns}
    two = plan.problem == "two classes"
    code = FILE.substitute(
        source=source_of(plan),
        note=textwrap.fill(NOTE.format(source_of(plan)), 88),
        imports=_imports(kinds),
        features="\n".join(declaration(one, told) for one in plan.features),
        target=declaration(plan.target, told, POSITIVE if two else ""),
    )
    return tidy(code)


def _imports(kinds: AbstractSet[str]) -> str:
    """Import what is used, in the order of the modules' names."""
    lines = ["from .columns import features_of, fingerprint"]
    if codings := sorted(CODINGS[kind] for kind in kinds & CODINGS.keys()):
        lines.append(f"from .codings import {', '.join(codings)}")
    fields = sorted({FUNCTIONS[kind] for kind in kinds})
    return "\n".join([*lines, f"from .fields import Row, {', '.join(fields)}"])


def declaration(column: Column, told: Told, mark: str = "") -> str:
    """Declare one column in one line of Python; `mark` ends its categories."""
    kind = column.declared
    asked = f"{meaning(column.column)} {ASK}"
    said, unit = told.get(column.column, (asked, ""))
    words = [quoted(said)]
    if kind == "number":
        bounds = plain(column.low or 0), plain(column.high or 0)
        words += [*bounds, f"unit={quoted(unit)}"]
    if kind in ("category", "ordered"):
        words += map(quoted, column.categories)
    words.append(f"{mark}example={example(column)}")
    if kind == "ordered":
        words.append("ordered=True")
    if column.column not in ("", column.name):
        words.append(f"column={quoted(column.column)}")
    types = TYPES.get(kind) or ("int" if column.whole else "float")
    types += " | None" * (column.missing > 0)
    return f"    {column.name}: {types} = {FUNCTIONS[kind]}({', '.join(words)})"


def meaning(column: str) -> str:
    """Make a column's name readable: "petalLength_mm" becomes "Petal length mm"."""
    apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", column)
    words = re.sub(r"[\W_]+", " ", apart).split() or ["column without a name"]
    text = " ".join(word if word.isupper() else word.lower() for word in words)
    text = text[:1].upper() + text[1:]
    return text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + "…"


def example(column: Column) -> str:
    """Write the example as the type that a request must send."""
    value = column.example
    if column.declared == "number":
        return repr(int(value) if column.whole else float(value))
    return repr(bool(value)) if column.declared == "flag" else quoted(str(value))


def source_of(plan: Plan) -> str:
    """Name the data where it is safe to do so in a docstring."""
    safe = re.fullmatch(r"[\w .-]{1,30}", plan.source)
    return plan.source.strip() if safe and plan.source.strip() else "a table"
