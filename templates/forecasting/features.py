"""How a history becomes numbers: one encoding for training, serving and files.

One matrix row a forecast day, instance after instance. All but the level are ratios to
it, so a product that nobody has seen is served as well as a known one of another size.
Only what lies before the forecast's first day is read, and the prices planned for it:
a price is known ahead, a sale is not. No pandas here: serving imports this file.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from mlservice.arrays import Matrix
from mlservice.errors import NeedsRowByRow
from mlservice.schema.features import features_of
from numpy.typing import NDArray

from .schema import AHEAD, LEAST, LOOK, Instance

MEDIAN_DAYS = 90
RECENT = 28  # days that make the level
ORDINARY = 0.95  # of the usual price: below that, it is a promotion

FEATURES = features_of(Instance)
GROUPS = [value for f in FEATURES if f.name == "group" for value in f.categories]
PRICED = all(f.low for f in FEATURES if f.name == "price")  # never 0: it has a ratio
NAMES = [
    "level",  # the first: see model.PerLevel
    "median_90",
    "seasonal_naive",
    "horizon",
    "price",
    "price_a_week_before",
    "weekday_4_weeks",
    "weekday_13_weeks",
    "last_7_days",
    "last_91_days",
    "promoted_days",
    "known_days",
    *(f"weekday={number}" for number in range(7)),
    *(f"group={value}" for value in GROUPS),
]
EACH = np.arange(AHEAD)

Floats = NDArray[np.float64]


def _blocks() -> dict[str, slice]:
    """Return the matrix columns of each feature; a weekday has seven."""
    found: dict[str, slice] = {}
    for at, name in enumerate(NAMES):
        feature = name.partition("=")[0]
        found[feature] = slice(found.get(feature, slice(at, at)).start, at + 1)
    return found


class HistoryEncoding:
    """Encoding of n histories: one matrix row a forecast day, instance by instance."""

    names = NAMES
    derived = ()
    blocks = _blocks()

    def encode(self, instances: Sequence[Instance]) -> Matrix:
        """Encode n instances: shape (sum of their horizons, d)."""
        if not instances:
            return np.zeros((0, len(NAMES)), dtype=np.float32)
        units, price = tables(instances)
        matrix = np.zeros((len(instances), AHEAD, len(NAMES)))
        _from_history(matrix, units, price)
        for row, instance in enumerate(instances):
            weekdays = (instance.start.weekday() + len(instance.units) + EACH) % 7
            matrix[row, EACH, NAMES.index("weekday=0") + weekdays] = 1.0
            if instance.group in GROUPS:
                matrix[row, :, NAMES.index(f"group={instance.group}")] = 1.0
        asked = np.array([instance.horizon for instance in instances])
        return matrix[EACH < asked[:, np.newaxis]].astype(np.float32)

    def encode_table(self, _rows: Any) -> Matrix:
        """Raise NeedsRowByRow: lists, prices and horizon must fit, row by row."""
        raise NeedsRowByRow


ENCODING = HistoryEncoding()


def tables(instances: Sequence[Instance]) -> tuple[Floats, Floats]:
    """Lay out units (n, LOOK) and prices (n, LOOK + AHEAD), NaN where unknown.

    Column LOOK is the first day of the forecast, whatever the length of the history.
    """
    units = np.full((len(instances), LOOK), np.nan)
    price = np.full((len(instances), LOOK + AHEAD), np.nan)
    for row, instance in enumerate(instances):
        known = min(len(instance.units), LOOK)
        units[row, LOOK - known :] = instance.units[-known:]
        planned = instance.price[-known - instance.horizon :]
        price[row, LOOK - known : LOOK + instance.horizon] = planned
    return units, price


def _from_history(matrix: Floats, units: Floats, price: Floats) -> None:
    """Fill in what follows from units and prices, shape (n, AHEAD, d)."""
    ratio = _to_usual(price)
    known = ~np.isnan(units)
    ordinary = known & (ratio[:, :LOOK] >= ORDINARY)
    middle, level = _median(units[:, -MEDIAN_DAYS:]), _level(units, ordinary)
    by_day = _by_weekday(units, ordinary, middle)
    whole = {
        "median_90": middle,
        "last_7_days": _mean(units[:, -7:], ordinary[:, -7:])[:, np.newaxis],
        "last_91_days": _mean(units, ordinary)[:, np.newaxis],
    }
    columns: dict[str, NDArray[Any]] = {
        name: (values / level)[:, EACH % 7] for name, values in by_day.items()
    }
    columns |= {name: values / level for name, values in whole.items()} | {
        "level": level,
        "horizon": (EACH + 1)[np.newaxis],
        "price": ratio[:, LOOK:],
        "price_a_week_before": ratio[:, LOOK - 7 : LOOK][:, EACH % 7],
        "promoted_days": (known & ~ordinary)[:, -RECENT:].mean(axis=1, keepdims=True),
        "known_days": known.mean(axis=1, keepdims=True),
    }
    for name, values in columns.items():
        matrix[:, :, NAMES.index(name)] = values


def _to_usual(price: Floats) -> Floats:
    """Relate each day's price to the usual one of the history, 1 where unknown.

    What may be 0 is no price but a flag or a discount: the more of it, the cheaper.
    """
    usual = _median(price[:, :LOOK])
    ratio = price / usual if PRICED else (1 + usual) / (1 + price)
    return np.nan_to_num(ratio, nan=1.0)


def _by_weekday(
    units: Floats, ordinary: NDArray[np.bool_], middle: Floats
) -> dict[str, Floats]:
    """Look back by weekday: (n, 7), in the order in which the forecast meets them."""
    weeks = units.reshape(len(units), -1, 7)
    free = ordinary.reshape(weeks.shape)
    return {
        "seasonal_naive": _first_known(_last(weeks), middle),
        "weekday_4_weeks": _mean(weeks[:, -4:], free[:, -4:]),
        "weekday_13_weeks": _mean(weeks, free),
    }


def _level(units: Floats, ordinary: NDArray[np.bool_]) -> Floats:
    """Return the mean of the last ordinary days, of all days where none is, (n, 1)."""
    recent = _mean(units[:, -RECENT:], ordinary[:, -RECENT:])
    whole = _mean(units, ~np.isnan(units))
    return np.maximum(_first_known(recent, whole), LEAST)[:, np.newaxis]


def _median(values: Floats) -> Floats:
    """Return the median of what is known in each row, (n, 1), NaN where nothing is."""
    ordered = np.sort(values, axis=1)  # NaN last
    count, rows = np.sum(~np.isnan(values), axis=1), np.arange(len(values))
    middle = (ordered[rows, (count - 1) // 2] + ordered[rows, count // 2]) / 2
    return np.asarray(middle[:, np.newaxis])


def _mean(values: Floats, chosen: NDArray[np.bool_]) -> Floats:
    """Return the mean of the chosen values along axis 1, NaN where there is none."""
    count = chosen.sum(axis=1)
    total = np.where(chosen, values, 0.0).sum(axis=1)
    return np.where(count, total / np.maximum(count, 1), np.nan)


def _last(weeks: Floats) -> Floats:
    """Return the latest known value of each weekday, shape (n, 7)."""
    known = ~np.isnan(weeks[:, ::-1])
    back = known.argmax(axis=1)[:, np.newaxis]
    return np.take_along_axis(weeks[:, ::-1], back, axis=1)[:, 0]


def _first_known(values: Floats, others: Floats) -> Floats:
    return np.where(np.isnan(values), others, values)
