"""Drift reference of a model: profiles of its training rows, and a sample of them.

It is kept as two files of the artifact, so that it travels with the model.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from mlservice.arrays import Matrix, Scores
from mlservice.data import profile
from mlservice.data.dataset import Dataset
from mlservice.data.monitored import monitored
from mlservice.data.profile import Profile
from mlservice.encoding.projection import projected
from mlservice.service import Service

FILE, ROWS_FILE = "reference.json", "reference_rows.npz"
ROWS = 2_000  # encoded rows that are kept


Metrics = Mapping[str, Mapping[str, float]]  # by name: value, and its interval's ends


@dataclass(frozen=True)
class Reference:
    """Profiles of the training rows and of the validation scores, and sampled rows."""

    columns: Mapping[str, Profile]  # by monitored column
    scores: Mapping[str, Profile]  # by output of the model
    rows: Matrix | None  # (at most ROWS, d): encoded, and projected if they are wide
    metrics: Metrics = field(default_factory=dict)  # of the validation rows


def reference_of(
    service: Service[Any, Any],
    train: Dataset,
    validation: Scores,
    keep_rows: int = ROWS,
    seed: int = 0,
) -> Reference:
    """Return the reference of a model; `validation` (n, outputs) are its scores.

    The scores of training rows would be those of rows that the model has seen.
    """
    columns = monitored(service.features, train.rows.reset_index(drop=True))
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.permutation(len(train.matrix))[:keep_rows])
    return Reference(
        {name: profile.profile(values) for name, values in columns.items()},
        {n: profile.profile(v) for n, v in score_columns(service, validation).items()},
        projected(train.matrix[chosen]) if keep_rows else None,
    )


def score_columns(
    service: Service[Any, Any], scores: Scores
) -> dict[str, "pd.Series[Any]"]:
    """Return each output of the model by name: a class's, or a number.

    Of two classes the first is left out: it is one minus the other.
    """
    names = list(service.target.categories)
    outputs = scores.shape[1]
    if len(names) != outputs:
        names = [f"output {number + 1}" for number in range(outputs)]
    first = 1 if outputs == len(service.target.categories) == 2 else 0
    return {
        f"score: {name}": pd.Series(scores[:, number].astype(float))
        for number, name in enumerate(names)
        if number >= first
    }


def to_files(reference: Reference) -> dict[str, bytes]:
    """Return the files of a reference, by name."""
    plain = {
        "columns": {k: profile.to_plain(p) for k, p in reference.columns.items()},
        "scores": {k: profile.to_plain(p) for k, p in reference.scores.items()},
        "metrics": reference.metrics,
    }
    files = {FILE: json.dumps(plain, ensure_ascii=False).encode()}
    if reference.rows is not None:
        held = io.BytesIO()
        np.savez_compressed(held, rows=reference.rows)
        files[ROWS_FILE] = held.getvalue()
    return files


def from_files(files: Mapping[str, bytes]) -> Reference | None:
    """Return the reference among the files of an artifact, None if there is none."""
    if FILE not in files:
        return None
    plain = json.loads(files[FILE])
    rows = None
    if ROWS_FILE in files:
        with np.load(io.BytesIO(files[ROWS_FILE]), allow_pickle=False) as held:
            rows = held["rows"]
    return Reference(
        {name: profile.from_plain(p) for name, p in plain["columns"].items()},
        {name: profile.from_plain(p) for name, p in plain["scores"].items()},
        rows,
        plain.get("metrics", {}),
    )
