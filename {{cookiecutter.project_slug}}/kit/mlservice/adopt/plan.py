"""What adopt found out about a table, and what it will do with each column."""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[  # what a column holds
    "number",
    "integer",
    "yes/no",
    "category",
    "ordered category",
    "many categories",
    "date-time",
    "free text",
    "identifier",
    "constant",
    "empty",
]
Declared = Literal[  # the function of fields.py that will declare it; "": set aside
    "number",
    "flag",
    "category",
    "ordered",
    "hashed",
    "moment",
    "words",
    "day",  # of series
    "name",  # of series
    "",
]


TREATMENTS: dict[Declared, str] = {  # what is done with a column so declared
    "number": "a number, as it is",
    "flag": "1 for yes, 0 for no",
    "category": "one column for each value",
    "ordered": "its rank",
    "hashed": "hashed into 128 columns",
    "moment": "6 parts of date and time",
    "words": "hashed words and their number",
    "day": "the day of the row",
    "name": "which series: told back, no feature",
    "": "set aside",
}


@dataclass(frozen=True)
class Wishes:
    """What the user asked for beside the data."""

    target: str
    time: str = ""  # forecasting: the column of days
    group: str = ""  # forecasting: the column that names each series
    keep: tuple[str, ...] = ()  # columns to keep whatever speaks against them
    drop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """How a cell's text becomes the one form that data/raw.csv holds."""

    kind: Literal["text", "number", "yes/no", "date-time"]
    form: str = ""  # its variant: "decimal comma", "ja/nein", "%d/%m/%Y" …


@dataclass(frozen=True)
class Column:  # pylint: disable=too-many-instance-attributes # as many facts
    """One column of the table: what it holds, what is done with it, and why."""

    column: str  # the name in files and requests
    name: str  # the attribute in schema.py: a valid, public, unique Python name
    kind: Kind
    declared: Declared
    why: str  # the evidence, in words; with what it was set aside for, if it was
    reading: Reading
    missing: float = 0.0  # share of the rows, in [0, 1]
    low: float | None = None  # bounds to declare, wider than what was seen
    high: float | None = None
    whole: bool = False
    categories: tuple[str, ...] = ()  # in the order to declare
    example: Any = None  # a typical value, as a request's JSON holds it
    warning: str = ""  # what a person must know before trusting it


@dataclass(frozen=True)
class Plan:
    """The whole: what will be written, before anything is."""

    source: str  # the data's name, without a folder or a password
    form: str  # "CSV, ';' between fields, UTF-8"
    rows: int
    problem: Literal["two classes", "several classes", "number", "count"]
    target: Column
    features: tuple[Column, ...]  # in the order of the table
    aside: tuple[Column, ...]  # what the schema leaves out
    warnings: tuple[str, ...] = ()  # about the table as a whole

    @property
    def columns(self) -> tuple[Column, ...]:
        """What schema.py declares, the target last."""
        return (*self.features, self.target)
