"""The command that writes a service's sample data."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from mlservice.paths import RAW

DESCRIPTION = "Write sample data with a known truth."


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
    frame = sample(args.rows, args.seed)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(args.out, index=False)
    print(f"wrote {len(frame)} rows to {args.out}")
    return 0
