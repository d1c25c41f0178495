"""The split: seeded, stratified, whole, and without leakage."""

import pandas as pd
import pytest

from {{ cookiecutter.package_name }} import data, prepare
from {{ cookiecutter.package_name }}.checks import DataError
from {{ cookiecutter.package_name }}.params import Prepare
from {{ cookiecutter.package_name }}.schema import FEATURES, TARGET

COLUMNS = [feature.column for feature in FEATURES]
PREPARE = Prepare(seed=7, validation_share=0.2, test_share=0.1)


@pytest.fixture(scope="module")
def rows(raw):
    """All rows, checked."""
    return data.check(raw)


def keys(part):
    """Return a hash of each row's features."""
    return set(pd.util.hash_pandas_object(part[COLUMNS], index=False))


def test_no_row_is_lost_or_doubled(rows):
    again = pd.concat(prepare.split(rows, PREPARE).values())
    whole = [
        frame.sort_values([*frame.columns]).reset_index(drop=True)
        for frame in (again, rows)
    ]
    pd.testing.assert_frame_equal(*whole)


def test_the_shares_are_as_asked(rows):
    shares = {
        k: len(part) / len(rows) for k, part in prepare.split(rows, PREPARE).items()
    }
    assert shares == pytest.approx(
        {"train": 0.7, "validation": 0.2, "test": 0.1}, abs=0.01
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_part_has_the_classes_in_the_same_shares(seed, rows):
    overall = rows[TARGET.column].value_counts(normalize=True).to_dict()
    found = prepare.split(rows, PREPARE.model_copy(update={"seed": seed}))
    for part in found.values():
        shares = part[TARGET.column].value_counts(normalize=True).to_dict()
        assert shares == pytest.approx(overall, abs=0.01)


def test_the_same_seed_gives_the_same_parts_and_another_one_others(rows):
    first, again = prepare.split(rows, PREPARE), prepare.split(rows, PREPARE)
    for name, part in first.items():
        pd.testing.assert_frame_equal(part, again[name])
    other = prepare.split(rows, PREPARE.model_copy(update={"seed": 8}))
    assert keys(other["test"]) != keys(first["test"])


def test_copies_of_a_row_never_fall_into_two_parts(rows):
    unique = rows.drop_duplicates(COLUMNS).head(400)
    classes = list(TARGET.categories)
    flipped = unique.assign(  # the same features, another target
        **{
            TARGET.column: [
                classes[classes.index(c) - 1] for c in unique[TARGET.column]
            ]
        }
    )
    many = pd.concat([unique, unique, flipped, unique]).sample(frac=1, random_state=0)
    parts = prepare.split(many, PREPARE)
    assert sum(map(len, parts.values())) == len(many)
    found = {name: keys(part) for name, part in parts.items()}
    assert all(found.values())
    assert not found["train"] & found["validation"]
    assert not found["train"] & found["test"]
    assert not found["validation"] & found["test"]


def test_the_parts_on_disk_do_not_overlap(parts):
    found = [keys(part.rows) for part in parts.values()]
    assert sum(map(len, found)) == len(set.union(*found))


def test_copies_of_a_row_are_one_group(rows):
    few = rows.drop_duplicates(COLUMNS).head(5)
    groups = prepare.assemble(pd.concat([few, few])).groups.tolist()
    assert groups[:5] == groups[5:] and len(set(groups)) == 5


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
