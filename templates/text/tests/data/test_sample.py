"""The sample is reproducible, and the truth that it documents is the truth found in it.

This file and model/test_behaviour.py know the sample's columns; no other test does.
"""

import numpy as np
import pytest
from mlservice.data.checks import check

from {{ cookiecutter.package_name }} import (
    data,
    phrases,
    sample,
    texts,
)
from {{ cookiecutter.package_name }}.keywords import KEYWORDS
from {{ cookiecutter.package_name }}.service import SERVICE

MANY = 20_000  # rows: enough to see a share to half a point


@pytest.fixture(scope="module")
def tickets():
    """Tickets with the queue for which each was written."""
    return sample.tickets(MANY, seed=1)


def test_few_rows_are_equal():
    rows = sample.sample()
    assert len(rows) == sample.ROWS
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
    tables = (phrases.CORES, phrases.OTHERWISE, phrases.DENIED, KEYWORDS)
    for table in tables:
        assert set(table) == set(sample.SHARES)


def test_tickets_in_other_words_hold_no_keyword_of_their_queue():
    rng = np.random.default_rng(0)
    for queue, patterns in phrases.OTHERWISE.items():
        for pattern in patterns:
            for _ in range(50):
                places = pattern.format(**phrases.WORDS).split(" / ")
                said = " ".join(rng.choice(place.split("|")) for place in places)
                assert texts.keyword_class(said) != queue, said


def test_a_slip_changes_little():
    rng = np.random.default_rng(0)
    for _ in range(300):
        slipped = sample.misspelt("where is my parcel", rng)
        assert abs(len(slipped) - 18) <= 1
        assert len(set("where is my parcel") ^ set(slipped)) <= 1


def test_the_model_finds_the_truth_more_often_than_the_labels_tell_it(predictor):
    unseen = sample.tickets(3_000, seed=77)
    rows = check(unseen.assign(queue=unseen["truth"]), SERVICE.columns)
    scores = predictor.model.scorer.run(data.assemble(rows).matrix)
    queues = np.array(SERVICE.target.categories)[scores.argmax(axis=1)]
    right = np.mean(queues == unseen["truth"])
    assert 1 - sample.WRONG_LABELS - sample.WITH_SECOND + 0.03 < right < 1
