"""A toy service of two classes, with a column of every kind that a table may have."""

from functools import partial

from mlservice.encoding.table import TableEncoding
from mlservice.errors import run
from mlservice.process import exit_on_sigterm
from mlservice.schema.declare import Row, category, coded, flag, number
from mlservice.schema.encoders import BagOfWords, DateTime, Hashed
from mlservice.service import Service
from mlservice.serving.app import serve
from toys.answers import Classes, Label, Threshold, label_of


class Instance(Row):
    """One customer."""

    months: int = number("Months since the contract began", 0, 120, unit="months", example=3)
    charge: float | None = number("Price of the plan", 0, 250, unit="EUR", example=89.5)
    calls: int = number("Calls to support", 0, 40, unit="calls", example=4)
    paperless: bool = flag("Whether invoices come by e-mail", example=True)
    consent: bool | None = flag("Whether calls are allowed", example=None)
    contract: str = category("Kind of contract", "monthly", "yearly", example="monthly")
    region: str | None = category("Where", "north", "south", "east", example="south", column="Region (ISO)")
    grade: str = category("Grade", "low", "middle", "high", example="middle", ordered=True)
    since: DateTime | None = coded("First contact", example="2025-03-01T09:30")
    partner: Hashed | None = coded("Who sold the contract", example="Shop 12")
    note: BagOfWords = coded("What an agent wrote", example="asked twice about the bill")


class Record(Instance):
    """One row of the file."""

    churned: str = category("Whether the customer left", "no", "yes", example="yes")


CLASSES = Classes("no", "yes")
SERVICE = Service(
    name="toy-classification",
    version="0.1.0",
    task="classification",
    instance=Instance,
    record=Record,
    encoding=TableEncoding(Instance),
    prediction=Label,
    decision=Threshold,
    decide=CLASSES.decide,
    tabulate=CLASSES.tabulate,
    label_of=label_of,
)

if __name__ == "__main__":
    exit_on_sigterm()
    run(partial(serve, SERVICE))
