"""Labels that arrive later, joined to the lines of a prediction log.

A file of labels has the target, and names the prediction (`id`) or unit and time. Of
several labels of one prediction the last one counts.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from mlservice.errors import UserError
from mlservice.monitoring.log_reader import Skipped
from mlservice.schema.features import Feature

ID, UNIT, TIME = "id", "unit", "time"


@dataclass(frozen=True)
class Labels:
    """Known targets: by prediction id, or by unit and time."""

    frame: pd.DataFrame  # ID, or UNIT and TIME; and the target's column
    target: str

    def join(self, lines: pd.DataFrame) -> "pd.Series[Any]":
        """Return the target of each line of a log; missing where it is not known.

        By unit, a label belongs to the last prediction for the unit before its time.
        """
        if ID in self.frame:
            known = self.frame.set_index(ID)[self.target]
            return lines[ID].map(known)
        ordered = (
            lines[[UNIT, TIME]].assign(line=lines.index).dropna().sort_values(TIME)
        )
        found = pd.merge_asof(
            self.frame.sort_values(TIME), ordered, on=TIME, by=UNIT
        ).dropna(subset=["line"])
        latest = found.drop_duplicates("line", keep="last").set_index("line")
        return latest[self.target].reindex(lines.index)


def read_labels(path: Path, target: Feature, skipped: Skipped) -> Labels:
    """Read a CSV or Parquet file of labels; raise UserError if it names no prediction.

    Values that schema.py does not allow for the target are counted and skipped.
    """
    try:
        frame = (
            pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
        )
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read: {error}") from error
    keys = [ID] if ID in frame else [UNIT, TIME]
    if missing := [name for name in (*keys, target.column) if name not in frame]:
        raise UserError(
            f"{path} has no column {', '.join(missing)}; labels have `id`, or `unit` "
            f"and `time`, and `{target.column}`"
        )
    frame = frame[[*keys, target.column]].dropna()
    if TIME in keys:
        frame[TIME] = pd.to_datetime(frame[TIME], utc=True, format="ISO8601")
    allowed = _allowed(frame[target.column], target)
    if wrong := int((~allowed).sum()):
        skipped.lines[f"{target.column} is {target.wording()}, and is not"] += wrong
    frame = frame[allowed].drop_duplicates(keys, keep="last")
    return Labels(
        frame.astype({name: str for name in keys if name != TIME}), target.column
    )


def _allowed(values: "pd.Series[Any]", target: Feature) -> "pd.Series[Any]":
    """Return for each value whether the target may have it."""
    if target.kind == "category":
        found: pd.Series[Any] = values.astype(str).isin(target.categories)
        return found
    numbers = pd.to_numeric(values, errors="coerce")
    low, high = (
        float("-inf") if target.low is None else target.low,
        float("inf") if target.high is None else target.high,
    )
    between: pd.Series[Any] = numbers.between(low, high)
    return between
