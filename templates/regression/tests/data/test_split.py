"""The split: seeded, whole, and without leakage."""

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


def test_no_row_is_lost_or_doubled_and_the_shares_are_as_asked(rows):
    parts = prepare.split(rows, PREPARE)
    whole = [
        frame.sort_values([*frame.columns]).reset_index(drop=True)
        for frame in (pd.concat(parts.values()), rows)
    ]
    pd.testing.assert_frame_equal(*whole)
    shares = {name: len(part) / len(rows) for name, part in parts.items()}
    expected = {"train": 0.7, "validation": 0.2, "test": 0.1}
    assert shares == pytest.approx(expected, abs=0.01)


def test_the_same_seed_gives_the_same_parts_and_another_one_others(rows):
    first, again = prepare.split(rows, PREPARE), prepare.split(rows, PREPARE)
    for name, part in first.items():
        pd.testing.assert_frame_equal(part, again[name])
    other = prepare.split(rows, PREPARE.model_copy(update={"seed": 8}))
    assert keys(other["test"]) != keys(first["test"])


def test_copies_of_a_row_never_fall_into_two_parts(rows):
    unique = rows.drop_duplicates(COLUMNS).head(400)
    dearer = unique.assign(**{TARGET.column: unique[TARGET.column] + 1})
    many = pd.concat([unique, unique, dearer]).sample(frac=1, random_state=0)
    parts = prepare.split(many, PREPARE)
    assert sum(map(len, parts.values())) == len(many)
    found = [keys(part) for part in parts.values()]
    assert all(found) and sum(map(len, found)) == len(set.union(*found))


def test_copies_of_a_row_are_one_group(rows):
    twice = prepare.assemble(pd.concat([rows.head(5), rows.head(5)]))
    assert twice.groups[:5].tolist() == twice.groups[5:].tolist()
    assert len(set(twice.groups.tolist())) == 5


def test_too_few_rows_are_refused(rows):
    with pytest.raises(DataError, match="fewer than 100 different rows"):
        prepare.split(pd.concat([rows.head(99)] * 3), PREPARE)
