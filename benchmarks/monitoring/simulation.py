"""Simulated windows of a log: how often drift is found, and how often where there is none.

Twelve normal columns and a score. The tests of columns are computed in full, on counts that are drawn as a window's
rows would fall between the reference's edges. The classifier test takes a third of a second: its p-values are computed
for some windows, and drawn from these.

Run with the library's environment: `PYTHONPATH=… python -m monitoring.simulation`, as `benchmarks/monitoring` does.
"""

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from mlservice.data.profile import Numbers, profile
from mlservice.data.reference import ROWS, Reference
from mlservice.monitoring import monitor
from mlservice.monitoring.classifier_test import classifier_p_value
from mlservice.monitoring.detector import detect
from mlservice.monitoring.two_sample_tests import drift
from scipy import stats

COLUMNS = 12
THRESHOLD = 365.0


class Case(NamedTuple):
    """Windows of so many rows against a reference; one column's mean is shifted."""

    reference: int  # rows
    rows: int  # of a window
    shift: float = 0.0  # standard deviations
    windows: int = 365
    calibrated: int = 500  # windows for which the classifier test is computed


def first_alarm(case: Case, classifier: Sequence[float], seed: int) -> int | None:
    """Return the number of windows to the first alarm, from 1; None if there is none."""
    rng = np.random.default_rng(seed)
    names = [f"column {number + 1}" for number in range(COLUMNS)]
    columns = {name: profile(pd.Series(rng.normal(size=case.reference))) for name in names}
    scores = {"score": profile(pd.Series(rng.normal(size=case.reference)))}
    weights = monitor.weights(Reference(columns, scores, np.empty((0, COLUMNS), np.float32)))
    known = {**columns, **scores}
    cells = {name: _cells(each, case.shift if name == names[0] else 0.0) for name, each in known.items()}
    windows = []
    for _ in range(case.windows):
        p_values = {monitor.CLASSIFIER: float(rng.choice(classifier))}
        for name, reference in known.items():
            window = Numbers(reference.edges, rng.multinomial(case.rows, cells[name]))
            found = drift(reference, window).p_values
            p_values |= {f"{name}: {test}": p_value for test, p_value in found.items()}
        windows.append(p_values)
    alarms = [at for at, state in enumerate(detect(windows, weights, THRESHOLD), 1) if state.alarm]
    return alarms[0] if alarms else None


def _cells(reference: Numbers, shift: float) -> np.ndarray:
    """Return the probability of each of the reference's cells under a shifted normal distribution."""
    below = stats.norm.cdf(reference.edges, loc=shift)
    return np.diff(below, prepend=0.0, append=1.0)


def _p_value(case: Case, seed: int, number: int) -> float:
    reference = np.random.default_rng([seed, number // 10]).normal(size=(min(case.reference, ROWS), COLUMNS))
    window = np.random.default_rng([seed, number // 10, number]).normal(size=(min(case.rows, ROWS), COLUMNS))
    window[:, 0] += case.shift
    return classifier_p_value(reference.astype(np.float32), window.astype(np.float32), seed)


def alarms(case: Case, repetitions: int, seed: int = 0) -> list[int | None]:
    """Return the first alarm of each repetition."""
    with ProcessPoolExecutor() as pool:
        known = [*pool.map(partial(_p_value, case, seed), range(case.calibrated), chunksize=10)]
        return [*pool.map(partial(first_alarm, case, known), range(seed, seed + repetitions), chunksize=2)]


def main() -> None:
    """Print the first alarms of a case as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("case", type=lambda text: Case(**json.loads(text)), help="as JSON")
    parser.add_argument("repetitions", type=int)
    args = parser.parse_args()
    print(json.dumps(alarms(args.case, args.repetitions)))


if __name__ == "__main__":
    main()
