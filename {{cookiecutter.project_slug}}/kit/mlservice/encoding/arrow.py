"""Encoding of Arrow tables by column, without the request model.

Only values that the request model is certain to accept are encoded, to the same
numbers; for the rest NeedsRowByRow is raised, and the rows are validated one by one.
"""

# pylint: disable=no-member # Arrow makes its functions when it is imported

from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain
from typing import Any, get_args

import numpy as np
import pyarrow as pa
from annotated_types import Ge, Le, MaxLen
from numpy.typing import NDArray
from pyarrow import compute, types
from pydantic.fields import FieldInfo

from mlservice.arrays import Matrix
from mlservice.encoding.table import TableEncoding
from mlservice.errors import NeedsRowByRow
from mlservice.schema.declare import MAX_TEXT, Row
from mlservice.schema.encoder import Encoder
from mlservice.schema.features import FLAGS, Feature, features_of
from mlservice.schema.integers import WholeNumbers

PLAIN = {int, float, bool, str, type(None)}
MARKS = (Ge, Le, MaxLen, Encoder, WholeNumbers)  # constraints that are checked below


def encode(encoding: TableEncoding, rows: pa.Table) -> Matrix:
    """Encode n rows, shape (n, d).

    Raise NeedsRowByRow where a value may not be allowed.
    """
    if not _known(encoding.instance):
        raise NeedsRowByRow
    try:
        columns = {
            feature.column: READ[feature.kind](feature, _tidy(rows[feature.column]))
            for feature in encoding.features
        }
    except (pa.ArrowException, ValueError) as error:  # a text that is no number
        raise NeedsRowByRow from error
    return encoding.matrix_of(columns)


def knows(row: type[Row]) -> bool:
    """Return whether the functions below check all constraints of a declaration."""
    own = row.__pydantic_decorators__
    validators = (own.validators, own.field_validators, own.model_validators)
    kinds = {feature.kind for feature in features_of(row)}
    fields = row.model_fields.values()
    return not any(validators) and kinds <= {*READ} and all(map(_knows_field, fields))


def _knows_field(info: FieldInfo) -> bool:
    """Return whether a column's type and constraints are among those checked here."""
    union = get_args(info.annotation) or (info.annotation,)
    nested = (getattr(each, "__metadata__", ()) for each in union)
    marks = [*info.metadata, *chain.from_iterable(nested)]
    coded = any(isinstance(mark, Encoder) for mark in marks)
    return all(isinstance(m, MARKS) for m in marks) and (coded or {*union} <= PLAIN)


def _tidy(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array, with empty texts as missing values."""
    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    array = column.combine_chunks()
    if not _is_text(array):
        return array
    missing = compute.equal(compute.binary_length(array), 0)
    if compute.any(missing).as_py():
        array = compute.if_else(missing, pa.scalar(None, array.type), array)
    return array


def _numbers(feature: Feature, column: pa.Array) -> NDArray[np.float64]:
    """Return numbers within their bounds, NaN where missing."""
    kind, text = column.type, _is_text(column)
    _require(text or types.is_integer(kind) or types.is_floating(kind))
    values = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    missing = np.isnan(values)
    _require(not text or missing.sum() == column.null_count)  # "nan" is no number
    _require(feature.nullable or not missing.any())
    known = values[~missing]
    _require(feature.low is None or (known >= feature.low).all())
    _require(feature.high is None or (known <= feature.high).all())
    _require(not feature.whole or (known % 1 == 0).all())
    return np.asarray(values)


def _flags(feature: Feature, column: pa.Array) -> NDArray[np.float64]:
    """Return Boolean values in any spelling of FLAGS as numbers, NaN where missing."""
    _require(feature.nullable or not column.null_count)
    if types.is_boolean(column.type):
        return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False))
    _require(_is_text(column) or types.is_integer(column.type))
    texts = compute.utf8_lower(column.cast(pa.string()))
    positions = compute.index_in(texts, pa.array(list(FLAGS)))
    _require(positions.null_count == column.null_count)
    values = np.array([*FLAGS.values(), np.nan], dtype=np.float64)
    return np.asarray(values[positions.fill_null(-1).to_numpy()])


def _categories(feature: Feature, column: pa.Array) -> Sequence[str | None]:
    _require(feature.nullable or not column.null_count)
    _require(_is_text(column) or types.is_integer(column.type))
    names = column.cast(pa.string()).dictionary_encode()
    texts = names.dictionary.to_pylist()
    _require(all(len(text) <= MAX_TEXT for text in texts))
    found = np.array([*texts, None], dtype=object)
    return list(found[names.indices.fill_null(-1).to_numpy()])


def _coded(feature: Feature, column: pa.Array) -> Sequence[Any]:
    """Return the values as `Encoder.read` does; an empty required text stays a text."""
    assert feature.encoder
    read, longest = feature.encoder.read, feature.encoder.longest
    time = types.is_temporal(column.type) and read is not str
    _require(time or _is_text(column) or types.is_integer(column.type))
    texts = column.cast(pa.string()).to_pylist()
    given = [feature.empty if text is None else text for text in texts]
    _require(all(text is None or len(text) <= longest for text in given))
    return [None if text is None else read(text) for text in given]


def _require(fact: Any) -> None:
    if not fact:
        raise NeedsRowByRow


def _is_text(column: pa.Array) -> bool:
    return bool(types.is_string(column.type) or types.is_large_string(column.type))


READ: dict[str, Callable[[Feature, pa.Array], Any]] = {
    "number": _numbers,
    "flag": _flags,
    "category": _categories,
    "coded": _coded,
}
_known = cache(knows)
