"""Reading and writing the rows of a project: raw file and splits."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from mlservice.atomic import finish_replacement, replace_files
from mlservice.data.checks import DataError
from mlservice.paths import RAW, SPLITS
from mlservice.schema.features import Feature


def raw_argument() -> Path:
    """Return the raw file that the command line names with `--raw`."""
    parser = argparse.ArgumentParser(description="Check the raw rows and split them.")
    parser.add_argument("--raw", type=Path, default=RAW)
    path: Path = parser.parse_args().raw
    return path


def load(path: Path, columns: Sequence[Feature]) -> pd.DataFrame:
    """Read a CSV or Parquet file as it is; raise DataError if that cannot be done."""
    try:
        match path.suffix:
            case ".csv":
                frame = _read_csv(path, columns)
            case ".parquet":
                frame = pd.read_parquet(path)
            case _:
                raise DataError(f"{path}: give a file that ends in .csv or .parquet")
    except FileNotFoundError as error:
        target = "pipeline" if path in SPLITS.values() else "setup"
        raise DataError(f"{path} does not exist; `make {target}` makes it") from error
    except (ValueError, OSError) as error:  # what pandas and pyarrow raise on bad files
        raise DataError(f"{path} cannot be read: {error}") from error
    if frame.empty:
        raise DataError(f"{path} holds no rows")
    return frame


def _read_csv(path: Path, columns: Sequence[Feature]) -> pd.DataFrame:
    """Read a CSV file as serving does: only an empty field is missing, "01" stays "01".

    An empty field of a required text is an empty text.
    """
    texts = [f.column for f in columns if f.kind not in ("number", "flag")]
    kinds = dict.fromkeys(texts, str)
    frame = pd.read_csv(path, dtype=kinds, keep_default_na=False, na_values=[""])
    return frame.fillna({f.column: "" for f in columns if f.empty is not None})


def read_split(name: str, columns: Sequence[Feature]) -> pd.DataFrame:
    """Read a split that `write_splits` wrote: train, validation or test."""
    finish_replacement(RAW.parent)
    return load(SPLITS[name], columns)


def write_splits(splits: Mapping[str, pd.DataFrame]) -> None:
    """Write the splits as Parquet, atomically: two runs' splits would share rows."""
    with replace_files(RAW.parent) as folder:
        for name, rows in splits.items():
            rows.to_parquet(folder / SPLITS[name].name, index=False)
    for name, rows in splits.items():
        print(f"{name}: {len(rows)} rows → {SPLITS[name]}")
