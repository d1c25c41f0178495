"""What one run of `make monitor` has found, for its summary and its report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mlservice.data.profile import Profile
from mlservice.data.reference import Reference
from mlservice.monitoring.history import Alarms, History
from mlservice.monitoring.log_reader import Skipped
from mlservice.monitoring.windows import Window
from mlservice.service import Service


@dataclass(frozen=True)
class Findings:
    """All windows so far, their alarms, and the profiles of those that were read."""

    service: Service[Any, Any]
    metric: str  # the gate's
    history: History
    alarms: Alarms
    reference: Reference
    windows: Mapping[datetime, Window]  # read in this run
    skipped: Skipped

    @property
    def performed(self) -> dict[str, Mapping[str, Any]]:
        """Return the windows whose metric is known or expected, by their start."""
        return {
            start: each
            for start, each in self.history.windows.items()
            if each.get("expected") or each.get("performance")
        }

    def measured(self, start: str) -> Mapping[str, float] | None:
        """Return the metric of a window with labels, None if it has none."""
        found = self.history.windows[start].get("performance", {})
        measured: Mapping[str, float] | None = (
            found.get("models", {}).get("model", {}).get(self.metric)
        )
        return measured

    def expected(self, start: str) -> Mapping[str, float] | None:
        """Return the metric that a window's probabilities promise, None if none do."""
        found = self.history.windows[start].get("expected", {})
        expected: Mapping[str, float] | None = found.get(self.metric)
        return expected

    @property
    def any_expected(self) -> bool:
        """Return whether a window has a metric that its probabilities promise."""
        return any(map(self.expected, self.history.windows))

    def profiles_of(self, start: str) -> dict[str, Profile]:
        """Return the profiles of a window's columns and scores, if it was read now."""
        window = self.windows.get(datetime.fromisoformat(start))
        return {**window.columns, **window.scores} if window else {}


def time_of(start: str) -> str:
    """Return the start of a window as people read it, in UTC: a day, or with a time."""
    day, _, time = start.partition("T")
    return day if time.startswith("00:00:00") else f"{day} {time[:5]}"
