"""Windows of a prediction log: counts of each column, added up as lines are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from mlservice.data.monitored import monitored
from mlservice.data.profile import Profile, added, profile_like
from mlservice.data.reference import Reference, score_columns
from mlservice.monitoring.logged_instances import instances_of
from mlservice.service import Service

ROWS = 2_000  # of a window, that are kept for the classifier test


@dataclass
class Window:
    """What is known of the rows of one window."""

    rows: int = 0
    columns: dict[str, Profile] = field(default_factory=dict)
    scores: dict[str, Profile] = field(default_factory=dict)
    sample: pd.DataFrame = field(default_factory=pd.DataFrame)  # at most ROWS lines

    def add(
        self, service: Service[Any, Any], reference: Reference, lines: pd.DataFrame
    ) -> None:
        """Count more lines of the log."""
        lines = lines.reset_index(drop=True)
        self.rows += len(lines)
        found = monitored(service.features, instances_of(lines))
        _add(self.columns, reference.columns, found)
        scores = lines["scores"].dropna()
        if len(scores):
            given = score_columns(service, np.stack(scores.to_list()))
            _add(self.scores, reference.scores, given)
        together = pd.concat([self.sample, lines]) if len(self.sample) else lines
        order = pd.util.hash_pandas_object(together["id"], index=False).argsort()
        # the same lines, in whatever order they come
        self.sample = together.iloc[order[:ROWS]]


def _add(
    known: dict[str, Profile],
    reference: Mapping[str, Profile],
    columns: Mapping[str, "pd.Series[Any]"],
) -> None:
    for name in columns.keys() & reference.keys():
        more = profile_like(reference[name], columns[name])
        known[name] = added(known[name], more) if name in known else more


def starts_of(times: "pd.Series[Any]", seconds: float) -> "pd.Series[Any]":
    """Return the start of each time's window; windows begin at multiples since 1970."""
    starts: pd.Series[Any] = times.dt.floor(pd.Timedelta(seconds=seconds))
    return starts
