"""Labels that arrive later, joined to the lines of a prediction log.

A file of labels has the target, and names the prediction (`id`) or unit and time. Of
several labels of one prediction the last one counts.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from mlservice.atomic import replace_file
from mlservice.errors import UserError
from mlservice.monitoring.log_reader import Skipped
from mlservice.paths import LABELS
from mlservice.schema.features import Feature

ID, UNIT, TIME = "id", "unit", "time"
KEYS = [ID, UNIT, TIME]


@dataclass(frozen=True)
class Labels:
    """Known targets: by prediction id, or by unit and time."""

    frame: pd.DataFrame  # KEYS, missing where they are not named, and the target
    target: str

    def named(self, lines: pd.DataFrame) -> "pd.Series[Any]":
        """Return for each line of a log whether its id or its unit has labels."""
        found: pd.Series[Any] = lines[ID].isin(self.frame[ID].dropna())
        return found | lines[UNIT].isin(self.frame[UNIT].dropna())

    def join(self, lines: pd.DataFrame) -> "pd.Series[Any]":
        """Return the target of each line of a log; missing where it is not known.

        By unit, a label belongs to the last prediction for the unit before its time.
        A label by id comes first.
        """
        return self._by_id(lines).combine_first(self._by_unit(lines))

    def unknown(self, lines: pd.DataFrame) -> int:
        """Return the number of labels whose id is in none of the lines."""
        ids = self.frame[ID].dropna()
        return int((~ids.isin(lines[ID])).sum())

    def _by_id(self, lines: pd.DataFrame) -> "pd.Series[Any]":
        known = self.frame[self.frame[ID].notna()].set_index(ID)[self.target]
        found: pd.Series[Any] = lines[ID].map(known).astype(object)
        return found

    def _by_unit(self, lines: pd.DataFrame) -> "pd.Series[Any]":
        known = self.frame.loc[self.frame[ID].isna(), [UNIT, TIME, self.target]]
        asked = lines[[UNIT, TIME]].assign(line=lines.index).dropna()
        if known.empty or asked.empty:
            return pd.Series(None, index=lines.index, dtype=object)
        found = pd.merge_asof(
            known.astype({UNIT: object, TIME: asked[TIME].dtype}).sort_values(TIME),
            asked.astype({UNIT: object}).sort_values(TIME),
            on=TIME,
            by=UNIT,
        ).dropna(subset=["line"])
        latest = found.drop_duplicates("line", keep="last").set_index("line")
        return latest[self.target].reindex(lines.index).astype(object)


def add_labels(path: Path, target: Feature, skipped: Skipped) -> tuple[int, int]:
    """Add a file to the labels in `LABELS`; return how many were new, and how many are.

    Raise UserError for a file that cannot be read or names no prediction.
    """
    more = read_labels(path, target, skipped).frame
    before = read_labels(LABELS, target, Skipped()).frame if LABELS.exists() else None
    together = more if before is None else pd.concat([before, more])
    together = together.drop_duplicates(KEYS, keep="last")
    replace_file(LABELS, lambda new: together.to_csv(new, index=False))
    return len(together) - (0 if before is None else len(before)), len(together)


def read_labels(path: Path, target: Feature, skipped: Skipped) -> Labels:
    """Read a CSV or Parquet file of labels; raise UserError if it names no prediction.

    Values that schema.py does not allow for the target are counted and skipped.
    """
    try:
        frame = _read(path)
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read: {error}") from error
    column = target.column
    by_unit = {UNIT, TIME} <= {*frame}
    if column not in frame or not (ID in frame or by_unit):
        raise UserError(
            f"{path} has the columns {', '.join(map(str, frame))}; labels have `id`, "
            f"or `unit` and `time`, and `{column}`"
        )
    frame = frame.reindex(columns=[*KEYS, column])
    frame = _times(path, frame[frame[column].notna()])
    named = frame[ID].notna() | (frame[UNIT].notna() & frame[TIME].notna())
    if nameless := int((~named).sum()):
        skipped.labels["they name neither an id nor a unit and a time"] += nameless
    allowed = _allowed(frame[column], target)
    if wrong := int((~allowed & named).sum()):
        skipped.labels[f"{column} is {target.wording()}, and is not"] += wrong
    kept = frame[named & allowed].drop_duplicates(KEYS, keep="last")
    return Labels(_by_type(kept, target), column)


def _read(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    return pd.read_csv(path, dtype={ID: str, UNIT: str})


def _times(path: Path, frame: pd.DataFrame) -> pd.DataFrame:
    """Return labels with times in UTC; raise UserError for what is no time."""
    try:
        times = pd.to_datetime(frame[TIME], utc=True, format="ISO8601")
    except ValueError as error:
        raise UserError(f"{path}: `{TIME}` is no ISO 8601 time: {error}") from error
    return frame.assign(**{TIME: times})


def _by_type(frame: pd.DataFrame, target: Feature) -> pd.DataFrame:
    """Return labels with texts as texts, and targets as the schema has them."""
    values = frame[target.column]
    values = values.astype(str) if target.categories else pd.to_numeric(values)
    names = {
        name: frame[name].astype(object).where(frame[name].isna(), frame[name].map(str))
        for name in (ID, UNIT)
    }
    return frame.assign(**names, **{target.column: values})


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
