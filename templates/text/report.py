"""Tables and plots of the report: each class, and the most frequent confusions."""

from matplotlib.figure import Figure
from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset
from mlservice.evaluation.class_plots import several_class_plots
from mlservice.evaluation.class_tables import several_class_tables, two_class_tables
from mlservice.params import Gate
from mlservice.training_spec import Tables

from .params import Review
from .prediction import TARGET, Decision


def tables(test: Dataset, scores: Scores, _decision: Decision, gate: Gate) -> Tables:
    """Return rows of equal columns, by title; `scores` (n, k) are the candidate's."""
    if scores.shape[1] == 2:
        return two_class_tables(test, scores, gate)
    return several_class_tables(TARGET.categories, test, scores, gate)


def plots(
    test: Dataset,
    scores: dict[str, Scores],
    _decisions: dict[str, Decision],
    _review: Review,
) -> dict[str, Figure]:
    """Draw each model's scores (n, k), by name; return figures by name."""
    return several_class_plots(TARGET, test.target, scores)
