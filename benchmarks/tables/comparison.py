"""The losses of two models on the same rows, compared: a ratio with its 95 % interval, by a paired bootstrap."""

import math
import random
from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

RESAMPLES = 1_000
TINY = 1e-9  # losses below are none


class Comparison(NamedTuple):
    """Our loss over the plain model's; above 1 ours is worse."""

    ours: float
    plain: float
    ratio: float
    low: float  # of the interval of the ratio: above 1 just where that of the difference lies above 0
    high: float


def compare(metric: str, ours: Sequence[float], plain: Sequence[float], seed: int = 0) -> Comparison:
    """Compare the losses of n rows; `rmse` is the root of the mean of squared errors."""
    rng, pairs = random.Random(seed), list(zip(ours, plain, strict=True))
    draws = sorted(_ratio(metric, rng.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    low, high = draws[int(0.025 * RESAMPLES)], draws[int(0.975 * RESAMPLES) - 1]
    return Comparison(_total(metric, ours), _total(metric, plain), _ratio(metric, pairs), low, high)


def _ratio(metric: str, pairs: Sequence[tuple[float, float]]) -> float:
    ours, plain = zip(*pairs, strict=True)
    return max(_total(metric, ours), TINY) / max(_total(metric, plain), TINY)


def _total(metric: str, losses: Sequence[float]) -> float:
    return math.sqrt(fmean(losses)) if metric == "rmse" else fmean(losses)
