"""Plot of the residuals of a predicted number over the prediction."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from mlservice.evaluation.bins import equal_bins
from mlservice.evaluation.pages.interval_chart import WIDTH
from mlservice.evaluation.pages.run import Run

BINS = 20  # of equal size, by the prediction
SPREAD = (0.05, 0.25, 0.5, 0.75, 0.95)


def residual_plot(run: Run[Any, Any]) -> Figure:
    """Draw median, half and nine tenths of the residuals over the prediction."""
    errors = run.predicted - run.observed
    parts = [part for part in equal_bins(run.predicted, BINS) if len(part)]
    middle = [float(np.mean(run.predicted[part])) for part in parts]
    spread = np.array([np.quantile(errors[part], SPREAD) for part in parts]).T
    figure = Figure(figsize=(WIDTH, 3.4), layout="constrained")
    axes = figure.add_subplot()
    axes.fill_between(middle, spread[0], spread[4], alpha=0.15, label="90 % of rows")
    axes.fill_between(middle, spread[1], spread[3], alpha=0.35, label="50 % of rows")
    axes.plot(middle, spread[2], "o-", markersize=4, label="median")
    axes.axhline(0, color="grey", linestyle=":")
    target = run.training.service.target
    axes.set_xlabel(f"predicted {target.column}", parse_math=False)
    axes.set_ylabel("predicted − observed")
    axes.legend()
    return figure
