"""Importance of the user's columns, and the scores that follow from their values."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import cycle, islice
from typing import Any

import numpy as np
import pandas as pd

from mlservice.arrays import Positions, Scores
from mlservice.data.dataset import Dataset, columns_of
from mlservice.evaluation.bootstrap import Interval, Metric, advantage, estimate
from mlservice.evaluation.slices import Facts
from mlservice.params import Gate
from mlservice.schema.features import Feature
from mlservice.service import Scorer, Service

REPEATS = 5  # permutations of a column
RESAMPLES = 200  # at most, of the bootstrap
ROWS = 4_000  # of the test, at most
SHOWN = 15  # columns with an interval, at most
TOP = 4  # columns whose values are varied
VARIED = 200  # rows in which a value is replaced, at most
GRID = 20  # values of a number, at most; of categories as many as there are


def permutation_importance(
    service: Service[Any, Any],
    test: Dataset,
    scorer: Scorer,
    metric: Metric,
    gate: Gate,
) -> dict[str, Interval]:
    """Estimate how much worse the metric is if a column is permuted, by column.

    All matrix columns of a column are permuted together (Breiman 2001). The interval
    holds the chance of the test rows and of the permutation. The most important come
    first; those with the least effect are left out where there are many.
    """
    rng = np.random.default_rng(gate.seed)
    if len(test.rows) > ROWS:
        test = test.take(np.sort(rng.choice(len(test.rows), ROWS, replace=False)))
    scores = scorer.run(test.matrix)
    permuted = {
        column: [_permuted(test, scorer, block, rng) for _ in range(REPEATS)]
        for column, block in service.encoding.blocks.items()
    }
    worse = {
        name: _Worse(metric, test, scores, each) for name, each in permuted.items()
    }
    order = sorted(worse, key=lambda name: -worse[name].mean)[:SHOWN]
    return {name: worse[name].interval(gate) for name in order}


def _permuted(
    test: Dataset, scorer: Scorer, block: slice, rng: np.random.Generator
) -> Scores:
    """Score the rows with the columns of a block from other rows."""
    matrix = test.matrix.copy()
    matrix[:, block] = test.matrix[rng.permutation(len(matrix)), block]
    return scorer.run(matrix)


class _Worse:
    """How much worse a metric is with permuted scores, each (n, outputs)."""

    def __init__(
        self, metric: Metric, test: Dataset, scores: Scores, permuted: Sequence[Scores]
    ) -> None:
        self._metric, self._test = metric, test
        self._scores, self._turn = scores, cycle(permuted)
        whole = np.arange(len(scores))
        self.mean = float(np.mean([self.of(whole) for _ in permuted]))

    def of(self, rows: Positions) -> float:
        """Compare on these rows with the next of the permutations."""
        target, given = self._test.target[rows], next(self._turn)[rows]
        return advantage(self._metric, target, self._scores[rows], given)

    def interval(self, gate: Gate) -> Interval:
        """Estimate the interval: each resample has one of the permutations."""
        fewer = gate.model_copy(update={"resamples": min(gate.resamples, RESAMPLES)})
        found = estimate(self.of, self._test, fewer)
        low, high = min(found.low, self.mean), max(found.high, self.mean)
        return Interval(self.mean, low, high)


def partial_dependence(
    service: Service[Any, Any], test: Dataset, scorer: Scorer, columns: Sequence[str]
) -> Facts:
    """Compute the mean scores if every row had the same value in a column, by column.

    Of `columns`, the first ones that have such values are varied.

    Rows are encoded anew with each value, so that derived features follow it (Friedman
    2001). Values are categories, or quantiles of the rows' numbers. Columns of texts
    and times have no such values and are left out, and so is an encoding other than a
    table's.
    """
    if not hasattr(service.encoding, "matrix_of"):
        return {}
    rng = np.random.default_rng(0)
    some = rng.choice(len(test.rows), min(len(test.rows), VARIED), replace=False)
    rows = test.rows.iloc[np.sort(some)]
    features = [f for name in columns for f in service.features if f.column == name]
    varied = ((f, _values(f, test.rows[f.column])) for f in features)
    return {
        feature.column: {
            "values": values,
            "scores": [_mean(service, rows, scorer, feature, each) for each in values],
        }
        for feature, values in islice((one for one in varied if len(one[1]) > 1), TOP)
    }


def _values(feature: Feature, given: "pd.Series[Any]") -> list[Any]:
    """Return the values of a column to try, none if it is a text or a time."""
    if feature.kind == "category":
        return list(feature.categories)
    if feature.kind == "flag":
        return [False, True]
    if feature.kind != "number":
        return []
    known = given.dropna().to_numpy(dtype=np.float64)
    each = np.unique(known)
    if len(each) > GRID:
        each = np.unique(np.quantile(known, np.linspace(0.02, 0.98, GRID)))
    found: list[Any] = each.tolist()
    return found


def _mean(
    service: Service[Any, Any],
    rows: pd.DataFrame,
    scorer: Scorer,
    feature: Feature,
    value: Any,
) -> list[float]:
    """Return the mean of each output, with one value in a column of all rows."""
    columns = columns_of(rows, service.features)
    columns[feature.column] = [value] * len(rows)
    encoding: Any = service.encoding
    means: list[float] = (
        scorer.run(encoding.matrix_of(columns)).mean(axis=0, dtype=np.float64).tolist()
    )
    return means


def as_rows(found: dict[str, Interval]) -> list[dict[str, Any]]:
    """Return importance as rows of a report's table."""
    return [{"column": name, "worse by": asdict(each)} for name, each in found.items()]
