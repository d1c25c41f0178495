"""The command that writes a service's sample data."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ConfigDict

from mlservice.params import PARAMS, ParamsFile
from mlservice.paths import RAW

DESCRIPTION = "Write sample data with a known truth."


class Prepare(ParamsFile):
    """The parameters of the split, whatever their shape is in this project."""

    model_config = ConfigDict(extra="ignore")

    prepare: dict[str, Any] = {}


def sample_command(
    sample: Callable[[int, int], pd.DataFrame],
    rows: int,
    seed: int,
    description: str = DESCRIPTION,
) -> int:
    """Write `sample(rows, seed)` to a CSV file, as the command line asks; return 0."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rows", type=int, default=rows)
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--out", type=Path, default=RAW)
    args = parser.parse_args()
    frame = _with_split_column(sample(args.rows, args.seed))
    args.out.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(args.out, index=False)
    print(f"wrote {len(frame)} rows to {args.out}")
    return 0


def _with_split_column(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the column that params.yaml splits by, if the sample has none of the name.

    Invented rows do not depend on each other: any times and any groups are right.
    """
    prepare = Prepare.load().prepare if PARAMS.is_file() else {}
    column = str(prepare.get("column", ""))
    if prepare.get("split", "random") == "random" or column in frame.columns:
        return frame
    each = 3 if prepare["split"] == "group" else 1  # rows of a group, or of a moment
    return frame.assign(**{column: np.arange(len(frame)) // each})
