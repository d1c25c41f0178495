"""Plan of an adoption: the inferred columns, and how each one is treated."""

from dataclasses import dataclass
from typing import Any, Literal

from mlservice.errors import UserError

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
    "unreadable",  # cells that are no single values, such as lists
]
Declared = Literal[  # how schema.py declares it; "": set aside
    "number",
    "flag",
    "category",
    "ordered",
    "hashed",
    "hashed_columns",  # beside a text, and where model.py has no target means
    "date_time",
    "bag_of_words",
    "day",  # of series
    "name",  # of series
    "",
]

TREATMENTS: dict[Declared, str] = {  # how a column is encoded
    "number": "a number, as it is",
    "flag": "1 for yes, 0 for no",
    "category": "one column for each value",
    "ordered": "its rank",
    "hashed": "by value: the target's mean",
    "hashed_columns": "hashed into 128 columns",
    "date_time": "6 parts of date and time",
    "bag_of_words": "hashed words and their number",
    "day": "the day of the row",
    "name": "which series: told back, no feature",
    "": "set aside",
}


class ColumnFault(UserError):
    """A column that all rows, or a trial of the pipeline, show to be unusable."""

    def __init__(self, column: str, why: str) -> None:
        """Name the column, and what is wrong with it."""
        super().__init__(column, why)
        self.column, self.why = column, why

    def __str__(self) -> str:
        """Return the sentence for the user."""
        said = f"column {self.column}: {self.why}; DROP={self.column} leaves it out"
        return " ".join(said.split())


@dataclass(frozen=True)
class Options:
    """Choices of the user: the target, and columns to keep or to drop."""

    target: str
    time: str = ""  # the column of days of series; of tables, the time to split by
    group: str = ""  # the column that names each series; of tables, groups to split by
    keep: tuple[str, ...] = ()  # columns to keep despite evidence against them
    drop: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # cells that hold no value: "-999", "income:-999"
    split: str = ""  # "random": propose no split by time or group
    unsplit: str = ""  # why another split was tried and is not possible
    read_as: tuple[str, ...] = ()  # "zip:category", "plan:number": kinds to overrule
    faults: tuple[ColumnFault, ...] = ()  # columns to set aside, with the reason
    units: tuple[tuple[str, str], ...] = ()  # (column, unit) that the table states
    template: str = ""  # its address, for the command that an error suggests
    package: str = "PACKAGE"  # its name, likewise


@dataclass(frozen=True)
class Reading:
    """Format by which a cell's text is converted to its canonical form."""

    kind: Literal["text", "number", "yes/no", "date-time"]
    form: str = ""  # its variant: "decimal comma", "ja/nein", "%d/%m/%Y" …
    missing: tuple[str, ...] = ()  # further cells that hold no value
    values: tuple[str, ...] = ()  # usual markers of missing values that are values here
    words: tuple[tuple[str, str], ...] = ()  # lower case → spelling of one category
    kept: tuple[str, ...] = ()  # categories that stay; () keeps all
    rest: str = ""  # what all others become
    units: tuple[tuple[str, float], ...] = ()  # unit behind a number → its factor


@dataclass(frozen=True)
class Column:  # pylint: disable=too-many-instance-attributes # as many facts
    """One column of the table: its kind, its treatment, and the evidence."""

    column: str  # the name in files and requests
    name: str  # the attribute in schema.py: a valid, public, unique Python name
    kind: Kind
    declared: Declared
    why: str  # the evidence, in words; for a column set aside, the reason
    reading: Reading
    missing: float = 0.0  # share of the rows, in [0, 1]
    low: float | None = None  # bounds to declare, wider than the observed range
    high: float | None = None
    whole: bool = False
    categories: tuple[str, ...] = ()  # in the order to declare
    example: Any = None  # a typical value, as a request's JSON holds it
    warning: str = ""  # for the person who decides
    unit: str = ""  # that the cells show
    longest: int = 0  # characters at most; a longer text is cut. 0: no limit


@dataclass(frozen=True)
class Split:
    """How rows are held out, and why."""

    kind: Literal["random", "time", "group"] = "random"
    column: str = ""  # the time or the group; a feature or not
    why: str = ""
    asked: bool = False  # by the user: not to be replaced by another one


@dataclass(frozen=True)
class Plan:
    """Inferred schema of a table; nothing is written before it is confirmed."""

    source: str  # the data's name, without a folder or a password
    form: str  # "CSV, ';' between fields, UTF-8"
    rows: int
    problem: Literal["two classes", "several classes", "number", "count"]
    target: Column
    features: tuple[Column, ...]  # in the order of the table
    aside: tuple[Column, ...]  # columns set aside
    warnings: tuple[str, ...] = ()  # about the table as a whole
    totals: tuple[
        tuple[str, str], ...
    ] = ()  # (column, cell) of rows that sum others up
    rarest: int = 0  # rows of the rarest class that is kept
    split: Split = Split()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns that schema.py declares, the target last."""
        return (*self.features, self.target)

    @property
    def written(self) -> tuple[Column, ...]:
        """Return the columns of data/raw.csv: also the one that rows are split by."""
        by = (one for one in self.aside if one.column == self.split.column)
        return (*self.columns, *by)
