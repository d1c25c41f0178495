"""Drift of a prediction log: each window against the reference, alarms over windows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from mlservice.data.reference import Reference
from mlservice.encoding.projection import projected
from mlservice.monitoring.classifier_test import classifier_p_value
from mlservice.monitoring.labels import Labels
from mlservice.monitoring.log_reader import Skipped, read_log
from mlservice.monitoring.logged_instances import encoded
from mlservice.monitoring.two_sample_tests import Drift, drift
from mlservice.monitoring.windows import Window, starts_of
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
    expected: Mapping[str, Any] = field(default_factory=dict)  # metrics without labels
    performance: Mapping[str, Any] = field(default_factory=dict)  # with them

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
    labels: Labels | None = None

    def between(self, lines: pd.DataFrame) -> pd.DataFrame:
        """Return the lines from `since` on, and before `until`."""
        if self.since:
            lines = lines[lines["time"] >= pd.Timestamp(self.since)]
        if self.until:
            lines = lines[lines["time"] < pd.Timestamp(self.until)]
        return lines


@dataclass(frozen=True)
class Read:
    """What is known of a log's lines: windows by their start, and labelled lines."""

    windows: dict[datetime, Window]
    labelled: pd.DataFrame  # lines with `label` and `start`, that of their window


def read_windows(
    service: Service[Any, Any], reference: Reference, asked: Asked, skipped: Skipped
) -> Read:
    """Read the lines of a log that one model answered, in windows."""
    windows: dict[datetime, Window] = {}
    named = []
    for lines in read_log(service, asked.folder, skipped):
        ours = lines["model_version"] == asked.model_version
        if others := int((~ours).sum()):
            skipped.lines["they are of another model"] += others
        lines = asked.between(lines[ours])
        starts = starts_of(lines["time"], asked.seconds)
        for start, part in lines.groupby(starts):
            window = windows.setdefault(start.to_pydatetime(), Window())
            window.add(service, reference, part)
        if asked.labels:
            chosen = asked.labels.named(lines)
            named.append(lines[chosen].assign(start=starts[chosen]))
    return Read(dict(sorted(windows.items())), _labelled(asked, named, skipped))


def _labelled(
    asked: Asked, named: Sequence[pd.DataFrame], skipped: Skipped
) -> pd.DataFrame:
    """Return the lines that have a label, as the column `label`."""
    if not (asked.labels and named):
        return pd.DataFrame()
    lines = pd.concat(named, ignore_index=True)
    if unknown := asked.labels.unknown(lines):
        skipped.labels["they are of no prediction that was read"] += unknown
    labels = asked.labels.join(lines)
    return lines.assign(label=labels)[labels.notna()]


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
    matrix = encoded(service, window.sample)
    if matrix is None:
        return None
    return classifier_p_value(reference.rows, projected(matrix), seed)
