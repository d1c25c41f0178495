"""Encoding of a table's rows as one float32 matrix.

No pandas here: serving imports this module.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate, chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlservice.arrays import Columns, Matrix
from mlservice.errors import UserError
from mlservice.schema.declare import Row
from mlservice.schema.encoders import BUCKET, DATE_TIME
from mlservice.schema.features import Feature, features_of

Values = Mapping[str, NDArray[Any]]  # column name → (n,): NaN where missing
Derive = Callable[[Values], Any]  # gives n numbers


class TableEncoding:
    """Encoding of rows whose columns are numbers, flags, categories and encoded values.

    Numbers and flags pass through, missing ones as NaN. A category becomes one matrix
    column per value that the schema lists; a missing or unlisted value becomes zeros in
    all of them. An ordered category becomes its rank from 0, a missing or unlisted one
    NaN. A value with an Encoder becomes as many columns as that says. Derived features
    come last, one column each.
    """

    def __init__(
        self, instance: type[Row], derived: Mapping[str, Derive] | None = None
    ) -> None:
        """Assign matrix columns to each feature.

        `derived` maps a new feature's name to a function of the columns: it gets NumPy
        arrays of n values by column name (numbers as float64, flags as 0.0 and 1.0,
        categories as strings; NaN where a value is missing) and returns
        n numbers. Raise UserError for a name that a column has already.
        """
        self.instance = instance
        self.features = features_of(instance)
        self._derived = dict(derived or {})
        names = {feature.column: _names(feature) for feature in self.features}
        _refuse_taken(self._derived, names)
        names |= {name: [name] for name in self._derived}
        self.names = list(chain.from_iterable(names.values()))
        self.blocks = _blocks(names)
        self._codes = {f.column: self._codes_of(f) for f in self.features}
        self._numbers = [
            f for f in self.features if not f.encoder and f.kind != "category"
        ]
        self._others = [f for f in self.features if f not in self._numbers]
        starts = [self.blocks[feature.column].start for feature in self._numbers]
        self._numbers_at = np.array(starts, np.intp)

    @property
    def buckets(self) -> tuple[int, ...]:
        """Return the matrix columns that hold a bucket's number, which is a name."""
        coded = (f for f in self.features if f.encoder == BUCKET)
        return tuple(self.blocks[feature.column].start for feature in coded)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return the matrix columns that hold amounts: no flags, words or names."""
        amounts = (
            self.blocks[f.column]
            for f in self.features
            if f.kind == "number" or f.ordered or f.encoder == DATE_TIME
        )
        found = [at for block in amounts for at in range(block.start, block.stop)]
        found += [self.blocks[name].start for name in self._derived]
        return tuple(found)

    @property
    def derived(self) -> tuple[str, ...]:
        """Return the names of the derived features, in order."""
        return tuple(self._derived)

    def encode(self, instances: Sequence[Any]) -> Matrix:
        """Encode n instances, as requests hold them; shape (n, d)."""
        return self.matrix_of(
            {f.column: [getattr(i, f.name) for i in instances] for f in self.features}
        )

    def encode_table(self, rows: Any) -> Matrix:
        """Encode the rows of an Arrow table at once, or raise NeedsRowByRow."""
        # pylint: disable-next=import-outside-toplevel,cyclic-import # serving holds no
        from mlservice.encoding import arrow  # pyarrow

        return arrow.encode(self, rows)

    def matrix_of(self, columns: Columns) -> Matrix:
        """Encode n rows, given column by column, as a matrix of shape (n, d).

        Values are rounded to float32 once, as they enter the matrix, because that is
        what the ONNX model compares with its thresholds. Raise UserError if a derived
        feature is not n numbers.
        """
        rows = len(columns[self.features[0].column])
        matrix = np.zeros((rows, len(self.names)), dtype=np.float32)
        numbers = np.array(
            [columns[feature.column] for feature in self._numbers], dtype=np.float64
        )  # None becomes NaN
        matrix[:, self._numbers_at] = numbers.T
        for feature in self._others:
            values, block = columns[feature.column], self.blocks[feature.column]
            codes = self._codes[feature.column]
            if feature.encoder:
                matrix[:, block] = feature.encoder.encode(values)
            elif feature.ordered:
                matrix[:, block.start] = [codes.get(value, np.nan) for value in values]
            else:
                _one_hot(matrix, codes, values)
        if self._derived:
            self._derive(matrix, numbers, columns)
        return matrix

    def _codes_of(self, feature: Feature) -> dict[str, int]:
        """Map each category to its rank, or to its matrix column."""
        first = 0 if feature.ordered else self.blocks[feature.column].start
        return {value: first + at for at, value in enumerate(feature.categories)}

    def _derive(
        self, matrix: Matrix, numbers: NDArray[np.float64], columns: Columns
    ) -> None:
        """Fill the columns of the derived features."""
        values: dict[str, NDArray[Any]] = {
            f.column: row for f, row in zip(self._numbers, numbers, strict=True)
        }
        for feature in self._others:
            values[feature.column] = _objects(columns[feature.column])
        first = len(self.names) - len(self._derived)
        for at, (name, function) in enumerate(self._derived.items(), start=first):
            matrix[:, at] = _checked(name, function(values), len(matrix))


def _objects(values: Sequence[Any]) -> NDArray[Any]:
    """Return n values of any type, shape (n,); NaN where one is missing."""
    given = (np.nan if value is None else value for value in values)
    return np.fromiter(given, dtype=object, count=len(values))


def _checked(name: str, given: Any, rows: int) -> NDArray[np.float64]:
    """Return n numbers; raise UserError if a derived feature gave something else."""
    try:
        values = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UserError(f"derived feature {name} gives no numbers: {error}") from error
    if values.shape != (rows,):
        raise UserError(
            f"derived feature {name} gives shape {values.shape}; return {rows} numbers"
        )
    return values


def _refuse_taken(
    derived: Mapping[str, Derive], names: Mapping[str, Sequence[str]]
) -> None:
    """Raise UserError for a derived feature with the name of a column."""
    taken = {*names, *chain.from_iterable(names.values())}
    for name in derived:
        if name in taken:
            raise UserError(f"derived: {name} is a column already; choose another name")


def _blocks(names: Mapping[str, Sequence[str]]) -> dict[str, slice]:
    """Return the matrix columns of each feature, given their names, in order."""
    ends = accumulate(map(len, names.values()))
    return {
        name: slice(end - len(columns), end)
        for (name, columns), end in zip(names.items(), ends, strict=True)
    }


def _names(feature: Feature) -> list[str]:
    if feature.encoder:
        return [f"{feature.column}#{number}" for number in range(feature.encoder.width)]
    if feature.kind == "category" and not feature.ordered:
        return [f"{feature.column}={value}" for value in feature.categories]
    return [feature.column]


def _one_hot(matrix: Matrix, codes: Mapping[Any, int], values: Iterable[Any]) -> None:
    for row, value in enumerate(values):
        if (column := codes.get(value)) is not None:
            matrix[row, column] = 1.0
