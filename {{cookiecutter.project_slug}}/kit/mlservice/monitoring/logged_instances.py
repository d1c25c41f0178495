"""Instances of the lines of a prediction log: as columns, and encoded for a model."""

from typing import Any

import numpy as np
import pandas as pd

from mlservice.arrays import Matrix
from mlservice.service import Service

INSTANCE = "instance."


def instances_of(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of the instances, those without any value left out."""
    names = [name for name in lines if str(name).startswith(INSTANCE)]
    found = lines[names].rename(columns=lambda name: str(name)[len(INSTANCE) :])
    return found.loc[:, found.notna().any()]


def encoded(service: Service[Any, Any], lines: pd.DataFrame) -> Matrix | None:
    """Encode the instances of n lines, (n, d).

    Return None if the log leaves columns out, or if an instance has several rows.
    """
    columns = instances_of(lines)
    if not {f.column for f in service.features if not f.optional} <= {*columns}:
        return None
    rows = columns.astype(object).where(columns.notna(), None).to_dict("records")
    names = {feature.column for feature in service.features}
    instances = [
        service.instance.model_validate(
            {name: _plain(value) for name, value in row.items() if name in names},
            strict=False,
        )
        for row in rows
    ]
    matrix: Matrix = service.encoding.encode(instances)
    return matrix if len(matrix) == len(instances) else None


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it: whole numbers as integers, lists of numbers."""
    if isinstance(value, np.ndarray):
        return [None if np.isnan(each) else float(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
