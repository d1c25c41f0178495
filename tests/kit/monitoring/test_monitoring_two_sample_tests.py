"""Tests of a column against its reference: compared with SciPy, and their level by simulation."""

import numpy as np
import pandas as pd
import pytest
from mlservice.data.profile import Levels, Numbers, from_plain, profile, profile_like, to_plain
from mlservice.monitoring import two_sample_tests
from mlservice.monitoring.two_sample_tests import drift
from scipy import stats

LARGE = 10**9  # rows of a reference that has no error


def exact(reference):
    """Return the profile as if its shares were known exactly."""
    if isinstance(reference, Levels):
        return Levels({level: count * LARGE for level, count in reference.counts.items()}, reference.missing * LARGE)
    return Numbers(reference.edges, reference.counts * LARGE, reference.missing * LARGE)


def both(known, window):
    """Return the profiles of two samples of a column."""
    reference = profile(pd.Series(known))
    return reference, profile_like(reference, pd.Series(window))


def test_profiles_count_every_value_and_add_up():
    rng = np.random.default_rng(1)
    values = pd.Series(np.where(rng.random(5_000) < 0.1, np.nan, rng.lognormal(size=5_000)))
    found = profile(values)
    assert (found.rows, found.missing) == (values.notna().sum(), values.isna().sum())
    assert found.mean == pytest.approx(values.mean()) and found.deviation == pytest.approx(values.std(ddof=0))
    parts = profile_like(found, values[:1_000]) + profile_like(found, values[1_000:])
    assert np.array_equal(parts.counts, found.counts) and parts.total == pytest.approx(found.total)
    assert np.array_equal(from_plain(to_plain(found)).counts, found.counts)
    texts = profile(pd.Series(["a", "b", "b", None, True]))
    assert texts.counts == {"b": 2, "a": 1, "true": 1, "(other)": 0} and texts.missing == 1
    again = profile_like(texts, pd.Series(["a", "new"]))
    assert again.counts == {"b": 0, "a": 1, "true": 0, "(other)": 1}
    assert (texts + again).counts["a"] == 2


def test_the_rank_test_is_that_of_mann_and_whitney():
    rng = np.random.default_rng(2)
    known, window = rng.normal(size=400).round(1), rng.normal(0.15, 1, size=300).round(1)
    reference, found = both(known, window)
    given = two_sample_tests.rank_test(exact(reference), found)
    repeated = np.repeat(known, 500)  # so many that only the window's error counts
    expected = stats.mannwhitneyu(window, repeated, use_continuity=False).pvalue
    assert given == pytest.approx(expected, rel=0.02)


def test_the_distribution_s_test_is_that_of_kolmogorov_and_smirnov():
    rng = np.random.default_rng(3)
    known, window = rng.normal(size=450), rng.normal(0.2, 1.1, size=500)
    reference, found = both(known, window)
    grid = np.sort(known)
    expected = stats.kstest(window, lambda x: np.searchsorted(grid, x, side="right") / len(grid)).pvalue
    assert two_sample_tests.kolmogorov_smirnov(exact(reference), found) == pytest.approx(expected, rel=0.25)
    assert two_sample_tests.wasserstein(reference, found) == pytest.approx(
        stats.wasserstein_distance(known, window.clip(known.min(), known.max())), rel=0.1
    )


def test_the_levels_test_is_pearson_s():
    table = np.array([[5_000, 3_000, 2_000], [260, 140, 100]], float) * [[LARGE], [1]]
    expected = stats.chisquare(table[1], table[0] / table[0].sum() * 500).pvalue
    assert two_sample_tests.chi_squared(table) == pytest.approx(expected, rel=1e-3)


def test_rare_levels_are_counted_together():
    known = ["a"] * 950 + ["b"] * 44 + [f"rare {number}" for number in range(6)]
    reference, window = both(known, ["a"] * 95 + ["new"] * 5)
    assert two_sample_tests.chi_squared(np.array([[950, 44, 6], [95, 0, 5]], float)) == pytest.approx(
        drift(reference, window).p_values["levels"], rel=0.2
    )
    assert drift(reference, window).unknown == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("known", "found", "low", "high"), [(0, 0, 0.9, 1), (0, 6, 0, 1e-4), (100, 10, 0.3, 1), (100, 0, 0, 0.01)]
)
def test_missing_values_that_come_or_go_are_noticed(known, found, low, high):
    reference = Numbers(np.array([0.0]), np.array([1_000 - known, 0]), known)
    window = Numbers(np.array([0.0]), np.array([100 - found, 0]), found)
    assert low <= two_sample_tests.missing_test(reference, window) <= high


def test_the_index_without_drift_is_as_large_as_stated():
    rng = np.random.default_rng(4)
    found = []
    for _ in range(300):
        reference, window = both(rng.normal(size=3_000), rng.normal(size=400))
        found.append(drift(reference, window))
    expected = found[0].psi_without_drift
    error = np.std([each.psi for each in found]) / np.sqrt(len(found))
    assert np.mean([each.psi for each in found]) == pytest.approx(expected, abs=4 * error + 0.1 * expected)


@pytest.mark.parametrize("kind", ["numbers", "ties", "levels"])
def test_given_a_reference_no_level_is_exceeded(kind):
    """Of 20 references, each used 100 times: the mean e-value of a test is at most 1, within its error."""
    rng = np.random.default_rng(5)
    draw = {
        "numbers": lambda n: rng.normal(size=n),
        "ties": lambda n: rng.poisson(2, size=n).astype(float),
        "levels": lambda n: rng.choice(["a", "b", "c", "d"], n, p=[0.7, 0.2, 0.07, 0.03]),
    }[kind]
    means = []
    for _ in range(20):
        reference = profile(pd.Series(draw(1_000)))
        p_values = [drift(reference, profile_like(reference, pd.Series(draw(1_000)))).p_values for _ in range(100)]
        means.append({name: np.mean([0.5 * each[name] ** -0.5 for each in p_values]) for name in p_values[0]})
    for name in means[0]:
        assert np.mean([each[name] for each in means]) < 1.0, name
        assert np.mean([each[name] > 1.15 for each in means]) <= 0.1, name


def test_a_shift_of_one_column_is_found():
    rng = np.random.default_rng(6)
    reference, window = both(rng.normal(size=50_000), rng.normal(0.2, 1, size=1_000))
    found = drift(reference, window)
    assert found.p_values["ranks"] < 1e-4 and found.p_values["distribution"] < 1e-3
    assert found.shift == pytest.approx(0.2, abs=0.07) and found.unknown < 0.01


def test_nothing_to_compare_is_no_drift():
    reference, window = both([1.0, 2.0], [None])
    assert drift(reference, window).p_values["ranks"] == 1.0
    reference, window = both(["a"], [])
    assert drift(reference, window).p_values == {"missing": 1.0, "levels": 1.0}
