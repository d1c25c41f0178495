"""Splits by time and by group: what is judged, what is refused, and that the metrics tell the truth."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from sklearn.neighbors import KNeighborsRegressor

from mlservice.data.checks import DataError, check
from mlservice.data.column_split import by_group
from mlservice.data.dataset import GROUP
from mlservice.data.split import split_rows
from mlservice.evaluation import bootstrap
from mlservice.params import RowSplit
from toys import training
from toys.regression import SERVICE

SHARES = {"seed": 7, "validation_share": 0.2, "test_share": 0.2}
NUMBER = (SERVICE.features, SERVICE.target)
CLASSES = (SERVICE.features[:3], SERVICE.features[3])
DAYS = pd.date_range("2024-01-01", periods=100).astype(str)


def split(raw, case=NUMBER, **changes):
    """Split rows of the toy, whose raw file has further columns."""
    rows = check(raw, SERVICE.columns)
    return split_rows(rows, *case, RowSplit(**SHARES | changes), raw)


@pytest.fixture
def raw():
    """A thousand rows: ten of each day, in any order, and three of each person."""
    found = training.sample(1000, seed=5)
    found["day"] = np.random.default_rng(0).permutation(np.repeat(DAYS, 10))
    found["person"] = [f"p{at % 334}" for at in range(1000)]
    return found.set_index(found["price"].rank(method="first"))  # any index


def moments(raw, splits, column):
    """Return the values of a column by split: the price tells the row."""
    by_price = raw.drop_duplicates("price", keep=False).set_index("price")[column]
    return {name: by_price.reindex(part["price"]).dropna() for name, part in splits.items()}


@pytest.mark.parametrize(
    "read", [str, lambda day: pd.Timestamp(day).toordinal(), pd.Timestamp], ids=["text", "number", "date"]
)
def test_the_latest_rows_are_the_test_and_a_moment_is_in_one_split(raw, read):
    raw["day"] = raw["day"].map(read)
    splits = split(raw, split="time", column="day")
    assert {name: len(part) for name, part in splits.items()} == {"train": 600, "validation": 200, "test": 200}
    found = moments(raw, splits, "day")
    assert found["train"].max() < found["validation"].min() <= found["validation"].max() < found["test"].min()
    assert all("day" not in part for part in splits.values())


def test_rows_without_a_time_are_learnt_and_others_that_are_none_are_named(raw, capsys):
    raw["day"] = raw["day"].mask(np.arange(1000) % 10 == 0)
    found = moments(raw, split(raw, split="time", column="day"), "day")
    splits = split(raw, split="time", column="day")
    assert "100 rows without day are training rows" in capsys.readouterr().out
    assert len(splits["train"]) == pytest.approx(100 + 0.6 * 900, abs=10)
    assert sum(map(len, splits.values())) == 1000 and found["train"].max() < found["test"].min()
    raw.iloc[3, raw.columns.get_loc("day")] = "soon"
    with pytest.raises(DataError, match="row 4, column day: 'soon' is neither a number nor a date-time"):
        split(raw, split="time", column="day")


def test_a_row_that_recurs_later_is_another_event(raw):
    twice = pd.concat([raw, raw.assign(day="2025-01-01")])
    splits = split(twice, split="time", column="day", test_share=0.4)
    assert sum(map(len, splits.values())) == 2000 and len(splits["test"]) == 1000


def test_a_person_is_in_one_split_and_resampled_as_one(raw):
    splits = split(raw, split="group", column="person")
    shares = [len(part) / 1000 for part in splits.values()]
    assert shares == pytest.approx([0.6, 0.2, 0.2], abs=0.02)
    people = [set(found) for found in moments(raw, splits, "person").values()]
    assert not people[0] & people[1] and not people[2] & (people[0] | people[1])
    assembled = training.assemble(splits["test"])
    assert len(set(assembled.groups)) == splits["test"][GROUP].nunique() < 0.4 * len(splits["test"])
    assert list(assembled.rows) == [one.column for one in SERVICE.columns]


def test_rows_without_a_group_are_groups_of_their_own_but_for_copies(raw):
    raw["person"] = raw["person"].where(np.arange(1000) < 100, "")
    splits = split(pd.concat([raw, raw.tail(200)]), split="group", column="person")
    people = pd.concat(splits.values())[GROUP].value_counts()
    alone = raw[[one.column for one in NUMBER[0]]].iloc[100:].drop_duplicates()
    assert len(people) == 100 + len(alone) and people.sum() == 1200


def test_classes_and_large_groups_are_spread():
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(40), np.r_[300, rng.integers(5, 40, 39)])
    classes = (rng.random(len(groups)) < 0.05).astype(np.int64)
    parts = by_group(groups, classes, RowSplit(**SHARES, split="group", column="g"))
    assert np.bincount(parts) / len(parts) == pytest.approx([0.6, 0.2, 0.2], abs=0.02)
    assert [classes[parts == at].sum() / classes.sum() for at in (1, 2)] == pytest.approx([0.2, 0.2], abs=0.05)


def test_what_cannot_be_split_is_refused_in_a_sentence(raw):
    with pytest.raises(DataError, match="no column 'when' in the raw file"):
        split(raw, split="time", column="when")
    with pytest.raises(ValidationError, match="split: time needs `column`"):
        RowSplit(**SHARES, split="time")
    raw["clinic"] = np.arange(1000) % 9
    with pytest.raises(DataError, match="column clinic has 9 different values: a split by group needs 10"):
        split(raw, split="group", column="clinic")
    raw["day"] = np.where(raw["vehicle"] == "comfort", "2024-01-01", raw["day"])
    with pytest.raises(DataError, match="time by day leaves 0 rows of class 'comfort' to validation: 1 are needed"):
        split(raw, CLASSES, split="time", column="day")
    raw["day"] = "2024-01-01"
    with pytest.raises(DataError, match="leaves 0 rows to validation"):
        split(raw, split="time", column="day")


def world(kind, rows, start):
    """Draw rows whose price goes up and down with the time, or is a person's own, and the column that tells so."""
    rng = np.random.default_rng(start)
    if kind == "time":
        by = look = np.arange(start, start + rows)
        truth = 8 * np.sin(by / 8)
    else:
        by = np.arange(start, start + rows) // 5
        look, truth = rng.normal(size=(2, rows // 5)).repeat(5, axis=1)
        look, truth = look + rng.normal(0, 1e-4, rows), 8 * truth  # a person is known again by it
    return pd.DataFrame({"distance": look, "price": truth + rng.normal(0, 3, rows), "by": by})


def judged(parts, fresh):
    """Return the error on the test rows with its interval, and the error on fresh rows."""
    gate = SimpleNamespace(resamples=300, confidence=0.95, seed=7)
    test = parts["test"]
    model = KNeighborsRegressor(3).fit(parts["train"][["distance"]], parts["train"]["price"])
    missed, true = (np.abs(some["price"] - model.predict(some[["distance"]])).to_numpy() for some in (test, fresh))
    groups = test.get(GROUP, pd.Series(np.arange(len(test)))).to_numpy()
    return bootstrap.estimate(lambda at: missed[at].mean(), SimpleNamespace(groups=groups), gate), true.mean()


@pytest.mark.parametrize("kind", ["time", "group"])
def test_a_random_split_overestimates_and_this_one_tells_the_truth_of_new_rows(kind):
    rows, fresh = world(kind, 2000, 0), world(kind, 400, 2000)
    target = SimpleNamespace(column="price", kind="number", categories=())
    found = {}
    for name in ("random", kind):
        params = RowSplit(**SHARES, split=name, column="by")
        parts = split_rows(rows[["distance", "price"]], [SERVICE.features[0]], target, params, rows)
        found[name] = judged(parts, fresh)
    (random, truth), (ours, true) = found["random"], found[kind]
    assert random.high < 0.8 * truth
    assert ours.low < true < ours.high
