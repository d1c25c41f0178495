"""Generation of schema.py, with each column declared as by hand."""

import re
import textwrap
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from string import Template

from mlservice.adopt.plan import Column, Plan
from mlservice.adopt.writers.literals import plain, quoted, tidy

ASK = "(to be described)"  # /docs shows what a person writes instead
SHOWN = 50  # characters of a column's name in its meaning
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
''')
FUNCTIONS = {
    "number": "number",
    "flag": "flag",
    "category": "category",
    "ordered": "category",
    "hashed": "coded",
    "hashed_columns": "coded",
    "date_time": "coded",
    "bag_of_words": "coded",
}
TYPES = {"flag": "bool", "category": "str", "ordered": "str"}
LIBRARY = "mlservice.schema.encoders"
ENCODERS = {  # how it is declared → the module and the name of its annotation
    "hashed": (LIBRARY, "Bucketed"),
    "hashed_columns": (LIBRARY, "Hashed"),
    "date_time": (LIBRARY, "DateTime"),
    "bag_of_words": (LIBRARY, "BagOfWords"),
}

Encoders = Mapping[str, tuple[str, str]]
Descriptions = Mapping[str, tuple[str, str]]  # column → meaning and unit, by people


def write(
    plan: Plan,
    descriptions: Descriptions | None = None,
    encoders: Encoders | None = None,
) -> str:
    """Return schema.py as text, formatted.

    `descriptions` are those that people have written before, `encoders` annotations
    other than the library's.
    """
    known, own = descriptions or {}, {**ENCODERS, **(encoders or {})}
    types = TYPES | {kind: name for kind, (_, name) in own.items()}
    two = plan.problem == "two classes"
    code = FILE.substitute(
        source=source_of(plan),
        note=textwrap.fill(NOTE.format(source_of(plan)), 88),
        imports=_imports({column.declared for column in plan.columns}, own),
        features="\n".join(declaration(one, known, types) for one in plan.features),
        target=declaration(plan.target, known, types, POSITIVE if two else ""),
    )
    return tidy(code)


def _imports(kinds: AbstractSet[str], encoders: Encoders) -> str:
    """Return the imports that the declarations need; those of the package are last."""
    functions = sorted({FUNCTIONS[kind] for kind in kinds})
    names: dict[str, list[str]] = {"mlservice.schema.declare": ["Row", *functions]}
    for module, name in sorted(encoders[kind] for kind in kinds & encoders.keys()):
        names.setdefault(module, []).append(name)
    lines = [f"from {one} import {', '.join(found)}" for one, found in names.items()]
    library = [line for line in lines if not line.startswith("from .")]
    package = [line for line in lines if line.startswith("from .")]
    return "\n".join(library + [""] * bool(package) + package)


def declaration(
    column: Column,
    descriptions: Descriptions,
    types: Mapping[str, str],
    mark: str = "",
) -> str:
    """Return the line that declares a column; `mark` is a comment on its categories."""
    kind = column.declared
    unknown = f"{meaning(column.column)} {ASK}"
    described, unit = descriptions.get(column.column, (unknown, column.unit))
    words = [quoted(described)]
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
    annotation = types.get(kind) or ("int" if column.whole else "float")
    annotation += " | None" * (column.missing > 0)
    return f"    {column.name}: {annotation} = {FUNCTIONS[kind]}({', '.join(words)})"


def meaning(column: str) -> str:
    """Make a column's name readable: "petalLength_mm" becomes "Petal length mm"."""
    apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", column)
    words = re.sub(r"[\W_]+", " ", apart).split() or ["column without a name"]
    text = " ".join(word if word.isupper() else word.lower() for word in words)
    text = text[:1].upper() + text[1:]
    return text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + "…"


def example(column: Column) -> str:
    """Return the example as a literal of the type that a request sends."""
    value = column.example
    if column.declared == "number":
        return repr(int(value) if column.whole else float(value))
    return repr(bool(value)) if column.declared == "flag" else quoted(str(value))


def source_of(plan: Plan) -> str:
    """Return the data's name if it is safe in a docstring, else "a table"."""
    safe = re.fullmatch(r"[\w .-]{1,30}", plan.source)
    return plan.source.strip() if safe and plan.source.strip() else "a table"
