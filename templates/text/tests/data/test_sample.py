"""The sample is reproducible, and the truth that it documents is the truth found in it.

This file and model/test_behaviour.py know the sample's columns; no other test does.
"""

import numpy as np
import pandas as pd
import pytest

from {{ cookiecutter.package_name }} import data, sample
from {{ cookiecutter.package_name }}.keywords import KEYWORDS
from {{ cookiecutter.package_name }}.phrases import (
    CORES,
    DENIED,
    OTHERWISE,
    WORDS,
)
from {{ cookiecutter.package_name }}.schema import EXAMPLE, TARGET
from {{ cookiecutter.package_name }}.texts import (
    keyword_class,
    normal,
)

MANY = 20_000  # rows: enough to see a share to half a point


@pytest.fixture(scope="module")
def tickets():
    """Tickets with the queue for which each was written."""
    return sample.tickets(MANY, seed=1)


def test_the_same_seed_gives_the_same_rows_and_another_one_others():
    pd.testing.assert_frame_equal(sample.sample(200, 3), sample.sample(200, 3))
    assert not sample.sample(200, 3).equals(sample.sample(200, 4))


def test_the_command_writes_what_the_function_draws(call, tmp_path):
    words = ("--rows", 50, "--seed", 9, "--out", tmp_path / "new/raw.csv")
    assert call(sample.main, *words) == 0
    written = data.check(data.load(tmp_path / "new/raw.csv"))
    pd.testing.assert_frame_equal(written, data.check(sample.sample(50, 9)))


def test_the_sample_passes_its_own_check_with_every_column_and_class():
    rows = data.check(sample.sample())
    assert len(rows) == sample.ROWS == 6_000
    assert list(rows.columns) == [*EXAMPLE, TARGET.column]
    assert set(rows["queue"]) == set(TARGET.categories)
    assert len(rows.drop_duplicates()) > 0.95 * len(rows)


@pytest.mark.parametrize(
    ("column", "shares"), [("truth", sample.SHARES), ("channel", sample.CHANNELS)]
)
def test_queues_and_channels_have_the_documented_shares(column, shares, tickets):
    found = tickets[column].value_counts(normalize=True).to_dict()
    assert found == pytest.approx(shares, abs=0.015)


def test_one_label_in_twenty_is_wrong(tickets):
    labels = sample.sample(MANY, seed=1)["queue"]
    wrong = np.mean(labels != tickets["truth"])
    by_luck = 1 - 1 / len(sample.SHARES)  # a wrong label may hit the truth
    assert wrong == pytest.approx(sample.WRONG_LABELS * by_luck, abs=0.006)


def test_all_phrases_know_the_same_queues():
    for phrases in (CORES, OTHERWISE, DENIED, KEYWORDS):
        assert set(phrases) == set(sample.SHARES)


def test_tickets_in_other_words_hold_no_keyword_of_their_queue():
    rng = np.random.default_rng(0)
    for queue, patterns in OTHERWISE.items():
        for pattern in patterns:
            for _ in range(50):
                places = pattern.format(**WORDS).split(" / ")
                said = " ".join(rng.choice(place.split("|")) for place in places)
                assert keyword_class(normal(said)) != queue, said


def test_a_slip_changes_little():
    rng = np.random.default_rng(0)
    for _ in range(300):
        slipped = sample.misspelt("where is my parcel", rng)
        assert abs(len(slipped) - 18) <= 1
        assert len(set("where is my parcel") ^ set(slipped)) <= 1


def test_the_model_finds_the_truth_more_often_than_the_labels_tell_it(predictor):
    unseen = sample.tickets(3_000, seed=77)
    rows = data.check(unseen.assign(queue=unseen["truth"]))
    scores = predictor.model.scorer.run(data.assemble(rows).matrix)
    right = np.mean(
        np.array(TARGET.categories)[scores.argmax(axis=1)] == unseen["truth"]
    )
    assert 1 - sample.WRONG_LABELS - sample.WITH_SECOND + 0.03 < right < 1
