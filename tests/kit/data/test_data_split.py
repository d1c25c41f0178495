"""Random splits: seeded, stratified by class, complete, and without leakage."""

import numpy as np
import pandas as pd
import pytest

from mlservice.data.checks import DataError, check
from mlservice.data.dataset import RECUR, encode_rows, groups_of
from mlservice.data.split import split_rows
from mlservice.params import RowSplit
from toys import training
from toys.regression import SERVICE

PARAMS = RowSplit(seed=7, validation_share=0.2, test_share=0.1)
SHARES = {"train": 0.7, "validation": 0.2, "test": 0.1}
CASES = {  # features and target: a number, and a category of those columns
    "number": (SERVICE.features, SERVICE.target),
    "category": (SERVICE.features[:3], SERVICE.features[3]),
}


@pytest.fixture(scope="module", params=CASES)
def case(request):
    """The features and the target of a case."""
    return CASES[request.param]


@pytest.fixture(scope="module")
def rows():
    """A thousand checked rows; some have equal features."""
    found = check(training.sample(950, seed=5), SERVICE.columns)
    return pd.concat([found, found.head(50)], ignore_index=True)


@pytest.fixture(scope="module")
def different(rows, case):
    """Rows that all differ in their features."""
    return rows.drop_duplicates(columns(case)).reset_index(drop=True)


def columns(case):
    """Return the names of the features."""
    return [feature.column for feature in case[0]]


def keys(split, case):
    """Return a hash of each row's features."""
    return set(pd.util.hash_pandas_object(split[columns(case)], index=False))


def shares(rows):
    """Return the share of each class."""
    return rows["vehicle"].value_counts(normalize=True).to_dict()


def test_no_row_is_lost_or_doubled(rows, case):
    again = pd.concat(split_rows(rows, *case, PARAMS).values())
    both = [frame.sort_values([*frame.columns]).reset_index(drop=True) for frame in (again, rows)]
    pd.testing.assert_frame_equal(*both)


def test_the_shares_are_as_asked(different, case):
    splits = split_rows(different, *case, PARAMS)
    found = {name: len(split) / len(different) for name, split in splits.items()}
    assert found == pytest.approx(SHARES, abs=0.01)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_split_has_the_classes_in_the_same_shares(seed, rows):
    case = CASES["category"]
    different = rows.drop_duplicates(columns(case))
    found = split_rows(different, *case, PARAMS.model_copy(update={"seed": seed}))
    for split in found.values():
        assert shares(split) == pytest.approx(shares(different), abs=1.5 / len(split))


def test_the_same_seed_gives_the_same_splits_and_another_one_others(rows, case):
    first, again = split_rows(rows, *case, PARAMS), split_rows(rows, *case, PARAMS)
    for name, split in first.items():
        pd.testing.assert_frame_equal(split, again[name])
    other = split_rows(rows, *case, PARAMS.model_copy(update={"seed": 8}))
    assert not other["test"].equals(first["test"])


def test_copies_of_a_row_never_fall_into_two_splits(different, case):
    swapped = different["vehicle"].map({"economy": "comfort", "comfort": "economy"})
    other = {"vehicle": swapped} if case[1].column == "vehicle" else {"price": different["price"] + 1}
    many = pd.concat([different, different, different.assign(**other)]).sample(frac=1, random_state=0)
    splits = split_rows(many, *case, PARAMS)
    assert sum(map(len, splits.values())) == len(many)
    found = [keys(split, case) for split in splits.values()]
    assert all(found) and sum(map(len, found)) == len(set.union(*found)) == len(different)


def test_a_file_sorted_by_class_is_split_as_any_other(rows):
    case = CASES["category"]
    different = rows.drop_duplicates(columns(case))
    swapped = different["vehicle"].map({"economy": "comfort", "comfort": "economy"}).fillna("economy")
    both = pd.concat([different, different.assign(vehicle=swapped)]).sort_values("vehicle", ignore_index=True)
    splits = split_rows(both, *case, PARAMS).values()
    for found in splits:
        assert shares(found) == pytest.approx(shares(both), abs=0.1)
    each = [keys(found, case) for found in splits]
    assert sum(map(len, each)) == len(set.union(*each))  # equal rows stay together


def test_copies_of_a_row_are_one_group(rows):
    few = rows.drop_duplicates(columns(CASES["number"])).head(5)
    groups = encode_rows(pd.concat([few, few]), SERVICE.encoding, SERVICE.target).groups.tolist()
    half = len(few)
    assert groups[:half] == groups[half:] and len(set(groups)) == half


def test_rows_that_recur_by_themselves_are_no_copies(rows, case):
    first = rows.groupby("vehicle").head(1)
    many = pd.concat([first] * 100, ignore_index=True)
    splits = split_rows(many, *case, PARAMS)
    found = {name: len(split) / len(many) for name, split in splits.items()}
    assert found == pytest.approx(SHARES, abs=0.01)
    assert all(keys(split, case) == keys(first, case) for split in splits.values())
    assert len(set(groups_of(many, case[0]).tolist())) == len(many) > RECUR * len(first)


def test_too_few_different_rows_are_refused(rows):
    few = rows.drop_duplicates(columns(CASES["number"])).head(99)
    with pytest.raises(DataError, match="fewer than 100 different rows"):
        split_rows(pd.concat([few] * 3), *CASES["number"], PARAMS)


def test_too_few_rows_of_a_class_are_refused(rows):
    case = CASES["category"]
    different = rows.drop_duplicates(columns(case))
    rare = different["vehicle"] == "comfort"
    for left in (9, 0):
        few = pd.concat([different[~rare], different[rare].head(left)])
        with pytest.raises(DataError, match="fewer than 10 different rows of a class of vehicle"):
            split_rows(few, *case, PARAMS)
    split_rows(pd.concat([different[~rare], different[rare].head(10)]), *case, PARAMS)


@pytest.mark.parametrize("varies", [True, False])
def test_few_combinations_are_split_where_the_target_varies(varies, capsys):
    features, target = SERVICE.features[2:3], SERVICE.features[3]  # an hour of 24, and a class
    found = check(training.sample(200, seed=1), SERVICE.columns)
    if not varies:
        hour = found["hour"] % 2 == 0
        found["vehicle"] = np.where(hour, "comfort", "economy")
        found = found[found["hour"] < 16]
        with pytest.raises(DataError, match="different rows of a class"):
            split_rows(found, features, target, PARAMS)
        return
    found = found[found["hour"].rank(method="dense") <= 15]
    assert sum(map(len, split_rows(found, features, target, PARAMS).values())) == len(found)
    assert "equal rows are split" in capsys.readouterr().out
