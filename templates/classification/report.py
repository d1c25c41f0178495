"""Tables and plots of the report, for two classes and for several."""

from matplotlib.figure import Figure
from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset
from mlservice.evaluation.class_plots import several_class_plots
from mlservice.evaluation.class_tables import several_class_tables, two_class_tables
from mlservice.evaluation.classification import Labels
from mlservice.evaluation.two_class_plots import two_class_plots
from mlservice.params import Gate
from mlservice.training_spec import Tables

from .metrics import cost_per_row
from .params import Costs
from .prediction import Decision
from .service import SERVICE


def tables(test: Dataset, scores: Scores, _decision: Decision, gate: Gate) -> Tables:
    """Return rows of equal columns, by title; `scores` (n, k) are the candidate's."""
    if scores.shape[1] == 2:
        return two_class_tables(test, scores, gate)
    return several_class_tables(SERVICE.target.categories, test, scores, gate)


def plots(
    test: Dataset,
    scores: dict[str, Scores],
    _decisions: dict[str, Decision],
    costs: Costs,
) -> dict[str, Figure]:
    """Draw each model's scores (n, k), by name; return figures by name."""
    if scores["candidate"].shape[1] > 2:
        return several_class_plots(SERVICE.target, test.target, scores)

    def cost(labels: Labels, given: Scores, threshold: float) -> float:
        return cost_per_row(labels, given, costs, threshold)

    return two_class_plots(test.target, scores, cost, test.groups)
