"""Sequential detection: when the evidence of all windows so far amounts to an alarm.

A test of each window at a fixed level raises false alarms without end. Here each
p-value becomes an e-value, and each test of a column has a Shiryaev–Roberts sum of
them. Their weighted mean raises an alarm at a threshold: without drift, the mean number
of windows to an alarm is at least the threshold, however the columns depend on each
other (e-detectors, Shin, Ramdas & Rinaldo 2024). A sum for each test finds a small
drift of one column sooner than the smallest p-value of each window: see docs/decisions.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

SMALLEST = 1e-12  # p-value: no single window counts for more


class State(NamedTuple):
    """State of a detector after a window."""

    evidence: float  # weighted mean of the sums
    alarm: bool
    shares: dict[str, float]  # of the evidence, by test


def e_value(p_value: float) -> float:
    """Return an e-value of a p-value: its mean without drift is at most 1.

    The calibrator ½ p^(−½) of Vovk & Wang (2021).
    """
    return float(0.5 * max(p_value, SMALLEST) ** -0.5)


def detect(
    windows: Sequence[Mapping[str, float]],
    weights: Mapping[str, float],
    threshold: float,
) -> list[State]:
    """Return the state after each window; after an alarm the sums begin anew.

    `windows` have the p-values of each by test; a test that a window does not have
    keeps its sum. `weights` are those of the tests, with a sum of at most 1.
    `threshold` is the least mean number of windows between two false alarms.
    """
    states, sums = [], dict.fromkeys(weights, 0.0)
    for p_values in windows:
        for test, p_value in p_values.items():
            sums[test] = (sums[test] + 1.0) * e_value(p_value)
        parts = {test: weights[test] * value for test, value in sums.items()}
        evidence = sum(parts.values())
        alarm = evidence >= threshold
        shares = {test: part / evidence for test, part in parts.items() if evidence}
        states.append(State(evidence, alarm, shares))
        if alarm:
            sums = dict.fromkeys(weights, 0.0)
    return states
