"""History of judged windows, kept between runs: alarms depend on all windows so far.

A window that is judged again replaces its entry, and the alarms are computed anew from
the whole history, so that running twice changes nothing.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path
from typing import Any

from mlservice.atomic import replace_file
from mlservice.errors import UserError
from mlservice.monitoring.detector import State, detect
from mlservice.monitoring.monitor import Judged

FORMAT = 1
METRIC = "metric"


@dataclass(frozen=True)
class Alarms:
    """States of the detectors after each window, by its start."""

    threshold: float
    drift: dict[str, State]
    metric: dict[str, State]  # of windows with labels


@dataclass(frozen=True)
class History:
    """Judged windows of one model, as plain data by the time of their start."""

    model_version: str
    windows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def with_windows(self, judged: Iterable[Judged]) -> "History":
        """Return the history with more windows, in order of time."""
        more = {each.start.isoformat(): _plain(each) for each in judged}
        for start, facts in more.items():
            if not facts["performance"] and start in self.windows:
                facts["performance"] = self.windows[start].get("performance", {})
        found = dict(sorted({**self.windows, **more}.items()))
        return History(self.model_version, found)

    def alarms(self, weights: dict[str, float], threshold: float) -> Alarms:
        """Return the detectors' states: of drift, and of the metric with labels."""
        p_values = [each["p_values"] for each in self.windows.values()]
        drift = detect(p_values, weights, threshold)
        labelled = {
            start: {METRIC: each["performance"]["p_value"]}
            for start, each in self.windows.items()
            if "p_value" in each.get("performance", {})
        }
        metric = detect([*labelled.values()], {METRIC: 1.0}, threshold)
        return Alarms(
            threshold,
            dict(zip(self.windows, drift, strict=True)),
            dict(zip(labelled, metric, strict=True)),
        )

    def news_since(self, before: "History") -> list[str]:
        """Return the windows that are new, or whose labels are others than before."""
        return [
            start
            for start, each in self.windows.items()
            if each.get("performance")
            != before.windows.get(start, {"performance": None}).get("performance", {})
        ]


def load(path: Path, model_version: str) -> History:
    """Read the history of a model; another model's is set aside under its version.

    Raise UserError for a file that is no history.
    """
    if not path.exists():
        return History(model_version)
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        known = History(plain["model_version"], plain["windows"])
    except (ValueError, TypeError, KeyError) as error:
        raise UserError(
            f"{path} is no history of `make monitor`; remove it to begin a new one"
        ) from error
    if known.model_version != model_version:
        path.rename(path.with_name(f"{path.stem}-{known.model_version}{path.suffix}"))
        return History(model_version)
    return known


def save(path: Path, history: History) -> None:
    """Write the history atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = {
        "format": FORMAT,
        "model_version": history.model_version,
        "windows": history.windows,
    }
    text = json.dumps(plain, indent=1, ensure_ascii=False)
    replace_file(path, lambda new: new.write_text(text + "\n", encoding="utf-8"))


def _plain(judged: Judged) -> dict[str, Any]:
    columns = {**judged.columns, **judged.scores}
    return {
        "rows": judged.rows,
        "p_values": judged.p_values(),
        "expected": judged.expected,
        "performance": judged.performance,
        "columns": {
            name: {
                "psi": drift.psi,
                "psi_without_drift": drift.psi_without_drift,
                "shift": None if isnan(drift.shift) else drift.shift,
                "missing": drift.missing,
                "unknown": drift.unknown,
            }
            for name, drift in columns.items()
        },
    }
