"""Alarms by simulation, as `benchmarks/monitoring` counts them at length: rare without drift, soon with it."""

import statistics
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks/monitoring"))
from simulation import Case, first_alarm  # noqa: E402  # pylint: disable=wrong-import-position,import-error

UNIFORM = np.linspace(0.001, 0.999, 500).tolist()  # p-values of the classifier test, without drift


def test_years_without_drift_have_few_alarms():
    """Four in ten years at most is the goal; of these eight, whose seeds are fixed, one has an alarm."""
    found = [first_alarm(Case(3_000, 1_000), UNIFORM, seed) for seed in range(8)]
    assert sum(alarm is not None for alarm in found) <= 4


def test_a_small_shift_of_one_column_of_twelve_is_found_within_days():
    """A tenth of a standard deviation, though the classifier test sees nothing."""
    found = [first_alarm(Case(50_000, 1_000, 0.1, windows=60), UNIFORM, seed) for seed in range(15)]
    assert None not in found and statistics.median(found) <= 8
