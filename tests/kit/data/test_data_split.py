"""The split: seeded, stratified, whole, and without leakage."""

import pandas as pd
import pytest

from {{ cookiecutter.package_name }} import data, prepare
from {{ cookiecutter.package_name }}.checks import DataError
from {{ cookiecutter.package_name }}.params import Prepare
from {{ cookiecutter.package_name }}.parts import RECUR
from {{ cookiecutter.package_name }}.schema import FEATURES, TARGET

COLUMNS = [feature.column for feature in FEATURES]
PREPARE = Prepare(seed=7, validation_share=0.2, test_share=0.1)
SHARES = {"train": 0.7, "validation": 0.2, "test": 0.1}


@pytest.fixture(scope="module")
def rows(raw):
    """All rows, checked."""
    return data.check(raw)


@pytest.fixture(scope="module")
def different(rows):
    """Rows that all differ in their features: the same rows, as a rule."""
    found = rows.drop_duplicates(COLUMNS).reset_index(drop=True)
    if len(rows) > RECUR * len(found):
        pytest.skip("the features have so few values that all rows recur")
    return found


def keys(part):
    """Return a hash of each row's features."""
    return set(pd.util.hash_pandas_object(part[COLUMNS], index=False))


def shares(rows):
    """Return the share of each class."""
    return rows[TARGET.column].value_counts(normalize=True).to_dict()


def test_no_row_is_lost_or_doubled(rows):
    again = pd.concat(prepare.split(rows, PREPARE).values())
    whole = [
        frame.sort_values([*frame.columns]).reset_index(drop=True)
        for frame in (again, rows)
    ]
    pd.testing.assert_frame_equal(*whole)


def test_the_shares_are_as_asked(different):
    parts = prepare.split(different, PREPARE)
    found = {name: len(part) / len(different) for name, part in parts.items()}
    assert found == pytest.approx(SHARES, abs=0.01)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_part_has_the_classes_in_the_same_shares(seed, different):
    found = prepare.split(different, PREPARE.model_copy(update={"seed": seed}))
    for part in found.values():
        near = pytest.approx(shares(different), abs=0.01 + 2 / len(part))
        assert shares(part) == near


def test_the_same_seed_gives_the_same_parts_and_another_one_others(rows):
    first, again = prepare.split(rows, PREPARE), prepare.split(rows, PREPARE)
    for name, part in first.items():
        pd.testing.assert_frame_equal(part, again[name])
    other = prepare.split(rows, PREPARE.model_copy(update={"seed": 8}))
    assert not other["test"].equals(first["test"])


def test_copies_of_a_row_never_fall_into_two_parts(different):
    classes = list(TARGET.categories)
    before = {name: classes[at - 1] for at, name in enumerate(classes)}
    target = different[TARGET.column].map(before)  # the same features, another target
    other = different.assign(**{TARGET.column: target})
    many = pd.concat([different, different, other]).sample(frac=1, random_state=0)
    parts = prepare.split(many, PREPARE)
    assert sum(map(len, parts.values())) == len(many)
    found = [keys(part) for part in parts.values()]
    assert all(found) and sum(map(len, found)) == len(set.union(*found))


def test_the_parts_on_disk_do_not_overlap(parts, different):
    found = [keys(part.rows) for part in parts.values()]
    assert sum(map(len, found)) == len(set.union(*found)) == len(keys(different))


def test_copies_of_a_row_are_one_group(rows):
    few = rows.drop_duplicates(COLUMNS).head(5)
    groups = prepare.assemble(pd.concat([few, few])).groups.tolist()
    half = len(few)
    assert groups[:half] == groups[half:] and len(set(groups)) == half


def test_rows_that_recur_by_themselves_are_no_copies(rows):
    first = rows.groupby(TARGET.column).head(1)
    many = pd.concat([first] * 100, ignore_index=True)
    parts = prepare.split(many, PREPARE)
    found = {name: len(part) / len(many) for name, part in parts.items()}
    assert found == pytest.approx(SHARES, abs=0.01)
    assert all(keys(part) == keys(first) for part in parts.values())
    assert len(set(prepare.assemble(many).groups.tolist())) == len(many)


def test_too_few_rows_of_a_class_are_refused(rows):
    rare = rows[TARGET.column] == TARGET.categories[-1]
    few = pd.concat([rows[~rare], rows[rare].head(9)])
    with pytest.raises(DataError, match="fewer than 10 different rows of a class"):
        prepare.split(few, PREPARE)
    with pytest.raises(DataError, match="fewer than 10 different rows of a class"):
        prepare.split(rows[~rare], PREPARE)


def test_the_target_is_numbered_in_the_order_of_the_classes(parts):
    part = parts["test"]
    names = [TARGET.categories[number] for number in part.target]
    assert names == part.rows[TARGET.column].tolist()
