"""Rows from a file: load → check → split. Everything downstream may trust them."""

import argparse
from pathlib import Path

import pandas as pd

from mlservice.data.checks import DataError, check
from mlservice.params import RAW, SPLITS
from mlservice.errors import run
from .params import Params
from mlservice.data.dataset import Part
from mlservice.data.split import assemble, split
from .schema import COLUMNS
from mlservice.atomic import replacing, settle


def load(path: Path) -> pd.DataFrame:
    """Read a CSV or Parquet file as it is; raise DataError if that cannot be done."""
    try:
        match path.suffix:
            case ".csv":
                frame = _read_csv(path)
            case ".parquet":
                frame = pd.read_parquet(path)
            case _:
                raise DataError(f"{path}: give a file that ends in .csv or .parquet")
    except FileNotFoundError as error:
        word = "pipeline" if path in SPLITS.values() else "setup"
        raise DataError(f"{path} does not exist; `make {word}` makes it") from error
    except (ValueError, OSError) as error:  # what pandas and pyarrow raise on bad files
        raise DataError(f"{path} cannot be read: {error}") from error
    if frame.empty:
        raise DataError(f"{path} holds no rows")
    return frame


def _read_csv(path: Path) -> pd.DataFrame:
    """Read text as serving does: only an empty field is missing, "01" stays "01".

    Where a text may not be missing, an empty field is an empty text.
    """
    texts = [f.column for f in COLUMNS if f.kind not in ("number", "flag")]
    kinds = dict.fromkeys(texts, str)
    frame = pd.read_csv(path, dtype=kinds, keep_default_na=False, na_values=[""])
    return frame.fillna({f.column: "" for f in COLUMNS if f.empty is not None})


def read(name: str) -> Part:
    """Read a part that `main` wrote: train, validation or test."""
    settle(RAW.parent)
    return assemble(load(SPLITS[name]))


def main() -> int:
    """Load, check and split the raw rows; write the parts as Parquet."""
    parser = argparse.ArgumentParser(description="Check the raw rows and split them.")
    parser.add_argument("--raw", type=Path, default=RAW)
    args = parser.parse_args()
    rows = check(load(args.raw))
    parts = split(rows, Params.load().prepare)
    with replacing(RAW.parent) as folder:  # as one: parts of two splits share rows
        for name, part in parts.items():
            part.to_parquet(folder / SPLITS[name].name, index=False)
    for name, part in parts.items():
        print(f"{name}: {len(part)} rows → {SPLITS[name]}")
    return 0


if __name__ == "__main__":
    run(main)
