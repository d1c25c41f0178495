"""Bins have equal size, follow the values, and do not depend on the order of the rows."""

import numpy as np
import pytest

from mlservice.evaluation.bins import equal_bins

ROWS = 1_000


def test_bins_hold_every_row_once_in_the_order_of_the_values():
    values = np.random.default_rng(0).normal(size=ROWS)
    bins = equal_bins(values, 8)
    assert sorted(np.concatenate(bins)) == list(range(ROWS))
    assert [len(each) for each in bins] == [ROWS / 8] * 8
    assert all(values[low].max() < values[high].min() for low, high in zip(bins, bins[1:]))


def test_equal_values_of_a_sorted_file_are_divided_at_random():
    place = np.arange(ROWS)  # what the file is sorted by
    means = [place[each].mean() for each in equal_bins(np.ones(ROWS), 5)]
    spread = np.sqrt(ROWS**2 / 12 / (ROWS / 5))  # standard error of the mean place of a bin
    assert means == pytest.approx([place.mean()] * 5, abs=4 * spread)


def test_the_same_seed_gives_the_same_bins():
    one, again, other = (equal_bins(np.ones(ROWS), 5, seed) for seed in (1, 1, 2))
    assert all(map(np.array_equal, one, again)) and not all(map(np.array_equal, one, other))
