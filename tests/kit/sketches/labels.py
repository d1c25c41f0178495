"""Metrics of a served model once the truth of its predictions is known."""

import pandas as pd

from mlservice.evaluation.bootstrap import Interval, gain, interval
from mlservice.model.artifact import Artifact
from mlservice.service import D
from mlservice.training_spec import Q, Training


def compare(
    training: Training[Q, D], served: Artifact, baseline: Artifact, rows: pd.DataFrame
) -> dict[str, tuple[Interval, Interval]]:
    """Return each metric of labelled rows with its interval, and the gain over the baseline on the same rows.

    `rows` hold the columns of the file, the target among them; raise ValueError if they are too few.
    """
    params = training.params.load()
    window = training.assemble(rows)
    if not training.enough(window):
        raise ValueError(training.needed)
    scores, rival = served.scorer.run(window.matrix), baseline.scorer.run(window.matrix)
    decision: D = served.manifest.decision
    metrics = training.metrics(params.decision, decision)
    return {
        name: (interval(metric, window, scores, params.gate), gain(metric, window, scores, rival, params.gate))
        for name, metric in metrics.items()
        if metric.greater_is_better is not None
    }
