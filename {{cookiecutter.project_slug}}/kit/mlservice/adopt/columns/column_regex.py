"""Regular expressions over whole columns, by Arrow: pandas' own go cell by cell."""

# pylint: disable=no-member # Arrow makes its functions when it is imported

from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def sub(text: pd.Series, pattern: str, by: str) -> pd.Series:
    r"""Replace all that fits the pattern; `by` may hold groups like \1."""
    array = pc.replace_substring_regex(_array(text), pattern=pattern, replacement=by)
    return _series(array, text)


def parts(text: pd.Series, pattern: str) -> pd.DataFrame:
    """Give a column to each named group of the pattern; an empty one is missing."""
    found = pc.extract_regex(_array(text), pattern=pattern)
    split = {
        field.name: _series(pc.struct_field(found, [number]), text)
        for number, field in enumerate(found.type)
    }
    return pd.DataFrame({name: part.mask(part == "") for name, part in split.items()})


def floats(text: pd.Series) -> Any:
    """Turn n canonical numbers into an array of n; NaN for what is missing."""
    return pc.cast(_array(text), pa.float64()).to_numpy(zero_copy_only=False)


def _array(text: pd.Series) -> Any:
    array = pa.array(text, type=pa.large_string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _series(array: Any, text: pd.Series) -> pd.Series:
    return pd.Series(array, index=text.index, dtype="string[pyarrow]")
