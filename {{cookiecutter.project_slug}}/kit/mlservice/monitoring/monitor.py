"""Drift of a prediction log: each window against the reference, alarms over windows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlservice.data.reference import Reference
from mlservice.encoding.projection import projected
from mlservice.monitoring.classifier_test import classifier_p_value
from mlservice.monitoring.log_reader import Skipped, read_log
from mlservice.monitoring.two_sample_tests import Drift, drift
from mlservice.monitoring.windows import Window, instances_of, starts_of
from mlservice.service import Service

FEWEST = 30  # rows of a window that is judged
CLASSIFIER = "classifier"
COLUMNS_SHARE, SCORES_SHARE, CLASSIFIER_SHARE = 0.5, 0.25, 0.25  # of the evidence


@dataclass(frozen=True)
class Judged:
    """One window, compared with the reference."""

    start: datetime
    rows: int
    columns: dict[str, Drift]
    scores: dict[str, Drift]
    classifier: float | None  # p-value

    def p_values(self) -> dict[str, float]:
        """Return the p-value of each test, by a name such as `column: ranks`."""
        found = {
            f"{column}: {test}": p_value
            for column, compared in {**self.columns, **self.scores}.items()
            for test, p_value in compared.p_values.items()
        }
        known = {} if self.classifier is None else {CLASSIFIER: self.classifier}
        return found | known


@dataclass(frozen=True)
class Asked:
    """Which lines of a log are read, and the length of a window."""

    folder: Path
    model_version: str
    seconds: float
    since: datetime | None = None
    until: datetime | None = None

    def between(self, lines: pd.DataFrame) -> pd.DataFrame:
        """Return the lines from `since` on, and before `until`."""
        if self.since:
            lines = lines[lines["time"] >= pd.Timestamp(self.since)]
        if self.until:
            lines = lines[lines["time"] < pd.Timestamp(self.until)]
        return lines


def read_windows(
    service: Service[Any, Any], reference: Reference, asked: Asked, skipped: Skipped
) -> dict[datetime, Window]:
    """Read the windows of a log that one model answered, by their start."""
    windows: dict[datetime, Window] = {}
    for lines in read_log(service, asked.folder, skipped):
        ours = lines["model_version"] == asked.model_version
        if others := int((~ours).sum()):
            skipped.lines["they are of another model"] += others
        lines = asked.between(lines[ours])
        for start, part in lines.groupby(starts_of(lines["time"], asked.seconds)):
            window = windows.setdefault(start.to_pydatetime(), Window())
            window.add(service, reference, part)
    return dict(sorted(windows.items()))


def judge(
    service: Service[Any, Any],
    reference: Reference,
    start: datetime,
    window: Window,
    seed: int,
) -> Judged:
    """Compare a window with the reference."""
    return Judged(
        start,
        window.rows,
        dict(_compared(reference.columns, window.columns)),
        dict(_compared(reference.scores, window.scores)),
        _classifier(service, reference, window, seed),
    )


def weights(reference: Reference) -> dict[str, float]:
    """Return the weight of each test in the evidence, by name.

    Half is for the columns, a quarter for the scores, a quarter for the classifier.
    """
    found = {CLASSIFIER: CLASSIFIER_SHARE}
    for profiles, share in (
        (reference.columns, COLUMNS_SHARE),
        (reference.scores, SCORES_SHARE),
    ):
        names = [
            f"{column}: {test}"
            for column, known in profiles.items()
            for test in drift(known, known).p_values
        ]
        found |= {name: share / len(names) for name in names}
    return found


def _compared(
    reference: Mapping[str, Any], window: Mapping[str, Any]
) -> Iterator[tuple[str, Drift]]:
    for name, known in reference.items():
        if name in window:
            yield name, drift(known, window[name])


def _classifier(
    service: Service[Any, Any], reference: Reference, window: Window, seed: int
) -> float | None:
    """Return the classifier's p-value; None without all columns or kept rows.

    Rows of one instance depend on each other: where it has several, there is no test.
    """
    if reference.rows is None:
        return None
    columns = instances_of(window.sample)
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
    matrix = service.encoding.encode(instances)
    if len(matrix) != len(instances):
        return None
    return classifier_p_value(reference.rows, projected(matrix), seed)


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it: whole numbers as integers, lists of numbers."""
    if isinstance(value, np.ndarray):
        return [None if np.isnan(each) else float(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
