"""Regular expressions over whole columns, by Arrow: pandas works cell by cell."""

# pylint: disable=no-member # Arrow generates its functions at import

from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def sub(text: pd.Series, pattern: str, by: str) -> pd.Series:
    r"""Replace every match of the pattern; `by` may hold groups like \1."""
    array = pc.replace_substring_regex(_array(text), pattern=pattern, replacement=by)
    return _series(array, text)


def parts(text: pd.Series, pattern: str) -> pd.DataFrame:
    """Extract each named group of the pattern into a column; an empty one is NA."""
    found = pc.extract_regex(_array(text), pattern=pattern)
    split = {
        field.name: _series(pc.struct_field(found, [number]), text)
        for number, field in enumerate(found.type)
    }
    return pd.DataFrame({name: part.mask(part == "") for name, part in split.items()})


def floats(text: pd.Series) -> Any:
    """Convert n canonical numbers to float64, shape (n,); NaN where missing."""
    return pc.cast(_array(text), pa.float64()).to_numpy(zero_copy_only=False)


def _array(text: pd.Series) -> Any:
    array = pa.array(text, type=pa.large_string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _series(array: Any, text: pd.Series) -> pd.Series:
    return pd.Series(array, index=text.index, dtype="string[pyarrow]")
