"""Write sample.py: invented rows of the table's shape, with a known truth."""

import math
from string import Template

from ..errors import UserError
from .examples import rounded
from .literals import quoted, tidy
from .plan import Column, Plan
from .schema_code import source_of

CAUSES = 3  # columns that decide the invented target
MOSTLY = 0.3  # share of missing values above which a column is no good cause
FEWEST = 200  # different rows that the features must allow, or no split is possible
FILE = Template('''\
"""Sample data with a known truth, in the shape of $source.

Every value is invented; schema.py says within which bounds. What the target depends on
is written in `CAUSES` and `truth` and nowhere else, so tests can ask whether the model
found it; they and a fresh clone train on these rows.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .adopt import synthetic
from .adopt.task import outcome
from .config import RAW
from .errors import run
from .schema import FEATURES, TARGET

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
    return synthetic.truth(frame, FEATURES, CAUSES)


def sample(rows: int = ROWS, seed: int = SEED) -> pd.DataFrame:
    """Draw rows, give each its target by truth and chance, then hide some values."""
    rng = np.random.default_rng(seed)
    frame = synthetic.draw(FEATURES, rows, rng)
    chance = rng.normal(0, synthetic.NOISE, rows)
    whole = frame.join(outcome(TARGET, truth(frame) + chance))
    return synthetic.hide(whole, MISSING, rng)


def main() -> int:
    """Write the sample to a CSV file."""
    parser = argparse.ArgumentParser(
        description="Write sample data with a known truth."
    )
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=RAW)
    args = parser.parse_args()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    sample(args.rows, args.seed).to_csv(args.out, index=False)
    print(f"wrote {args.rows} rows to {args.out}")
    return 0


if __name__ == "__main__":
    run(main)
''')


def write(plan: Plan) -> str:
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
        causes=", ".join(quoted(column.column) for column in causes(plan)),
        missing=", ".join(missing),
    )
    return tidy(code)


def causes(plan: Plan) -> list[Column]:
    """Choose the columns that decide the invented target: those easiest to learn from.

    Two numbers and a category, where there are such; more of either where not.
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
    """Count the values that a column can take, as far as it is easy to tell."""
    if column.declared == "flag":
        return 2
    if column.declared in ("category", "ordered"):
        return len(column.categories)
    if column.declared == "number" and column.whole:
        return int((column.high or 0) - (column.low or 0)) + 1
    return FEWEST
