"""Generation of sample.py: synthetic rows of the table's shape, with a known truth."""

import math
from string import Template

from mlservice.adopt.plan import Column, Plan
from mlservice.adopt.tasks.table.examples import rounded
from mlservice.adopt.tasks.table.table_task import TableTask
from mlservice.adopt.writers.literals import quoted, tidy
from mlservice.adopt.writers.schema_code import source_of
from mlservice.errors import UserError

CAUSES = 3  # columns that determine the synthetic target
MOSTLY = 0.3  # share of missing values above which a column is no cause
FEWEST = 4  # different rows that the features must allow, to tell causes apart
MANY = 200  # values of a column, where their number is unknown
FILE = Template('''\
"""Sample data with a known truth, in the shape of $source.

Every value is invented; schema.py says within which bounds. What the target depends on
is written in `CAUSES` and `truth` and nowhere else, so tests can ask whether the model
found it; they and a fresh clone train on these rows.
"""

import numpy as np
import pandas as pd
from mlservice.data import synthetic
from mlservice.data.sample import sample_command
from mlservice.errors import run
from numpy.typing import NDArray

from .service import SERVICE

ROWS = 5_000
SEED = 20_260_101
CAUSES = [$causes]  # what the target depends on
MISSING: dict[str, float] = {  # shares of missing values
$missing}


def truth(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Return the truth, shape (n,): what the target would follow but for chance.

    Each of CAUSES raises it, in waves, from its least value to its greatest; no other
    column plays a part.
    """
    return synthetic.truth(frame, SERVICE.features, CAUSES)


def sample(rows: int = ROWS, seed: int = SEED) -> pd.DataFrame:
    """Draw rows, give each its target by truth and chance, then hide some values."""
    rng = np.random.default_rng(seed)
    frame = synthetic.draw(SERVICE.features, rows, rng)
    chance = rng.normal(0, synthetic.NOISE, rows)
    target = synthetic.$outcome(SERVICE.target, truth(frame) + chance)
    return synthetic.hide(frame.join(target), MISSING, rng)


def main() -> int:
    """Write the sample to a CSV file."""
    return sample_command(sample, ROWS, SEED)


if __name__ == "__main__":
    run(main)
''')


def write(task: TableTask, plan: Plan) -> str:
    """Return sample.py as text, formatted.

    Raise UserError where the features allow too few different rows for a split.
    """
    if (found := math.prod(map(different, plan.features))) < FEWEST:
        names = ", ".join(column.column for column in plan.features)
        raise UserError(
            f"the features ({names}) allow only {found} different rows, too few to "
            "train and test on: bring a table with more columns"
        )
    missing = [
        f"{quoted(column.column)}: {rounded(column.missing)}"
        for column in plan.features
        if column.missing > 0
    ]
    code = FILE.substitute(
        source=source_of(plan),
        outcome=task.outcome,
        causes=", ".join(quoted(column.column) for column in causes(plan)),
        missing=", ".join(missing),
    )
    return tidy(code)


def causes(plan: Plan) -> list[Column]:
    """Choose the columns that determine the target: the easiest to learn from.

    Two numbers and a category if there are such, else more of either.
    """
    known = [one for one in plan.features if one.missing <= MOSTLY]
    known = sorted(known or plan.features, key=lambda one: -min(different(one), 8))
    numbers = [one for one in known if one.declared == "number"]
    named = [one for one in known if one.declared in ("flag", "category", "ordered")]
    named.sort(key=lambda one: len(one.categories))
    others = [one for one in known if one not in numbers + named]
    wanted = numbers[:2] + named[:1] + numbers[2:] + named[1:] + others
    chosen = wanted[:CAUSES]
    return [column for column in plan.features if column in chosen]


def different(column: Column) -> int:
    """Count the values that a column can take; MANY where that is unknown."""
    if column.declared == "flag":
        return 2
    if column.declared in ("category", "ordered"):
        return len(column.categories)
    if column.declared == "number" and column.whole:
        return int((column.high or 0) - (column.low or 0)) + 1
    return MANY
