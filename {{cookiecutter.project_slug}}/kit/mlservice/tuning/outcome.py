"""What a search found: its gain, the change of params.yaml, and plots."""

import io
import warnings
from typing import Any

import matplotlib as mpl
import optuna
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from optuna.visualization import matplotlib as optuna_plots
from ruamel.yaml import YAML

from mlservice.arrays import Scores
from mlservice.atomic import replace_file
from mlservice.data.dataset import Dataset
from mlservice.evaluation.bootstrap import Interval, Metric, gain
from mlservice.model.onnx_export import fitted_scores
from mlservice.params import PARAMS
from mlservice.paths import TUNING
from mlservice.training import steps
from mlservice.training_spec import Q, Training
from mlservice.tuning.search import Space, Values


def gained(
    training: Training[Q, Any], space: Space, values: Values, train: Dataset
) -> Interval:
    """Estimate the gain of these values over today's, on the validation rows."""
    validation = training.read("validation")
    (ours, metric), (theirs, other) = (
        _validated(training, space, given, train, validation)
        for given in (values, space.now)
    )
    gate = space.params.gate
    return gain(metric, validation, ours, theirs, gate, rival_metric=other)


def _validated(
    training: Training[Q, Any],
    space: Space,
    values: Values,
    train: Dataset,
    validation: Dataset,
) -> tuple[Scores, Metric]:
    """Return the scores of the validation rows, and the metric with their decision."""
    make = training.candidates[space.name]
    model = steps.fit(space.name, make(space.train(values)), train)
    scores = fitted_scores(model, validation.matrix)
    decision = training.choose_decision(
        validation.target, scores, space.params.decision
    )
    metrics = training.metrics(space.params.decision, decision)
    return scores, metrics[space.params.gate.metric]


def write_params(name: str, values: Values) -> None:
    """Write values into the section of a candidate; all else in params.yaml stays."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    held = yaml.load(PARAMS.read_text(encoding="utf-8"))
    held["train"][name].update(values)
    text = io.StringIO()
    yaml.dump(held, text)
    replace_file(PARAMS, lambda new: new.write_text(text.getvalue(), encoding="utf-8"))


def save_plots(study: optuna.Study, metric: str) -> None:
    """Draw the search: the best value over the trials, and how much each parameter did.

    With fewer than two complete trials there is nothing to draw.
    """
    complete = study.get_trials(states=(optuna.trial.TrialState.COMPLETE,))
    if len({trial.value for trial in complete}) < 2:
        return
    with warnings.catch_warnings(), mpl.rc_context():  # Optuna sets a style of its own
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        for name, plot in (
            ("history", optuna_plots.plot_optimization_history),
            ("importance", optuna_plots.plot_param_importances),
        ):
            axes: Axes = plot(study, target_name=metric)
            figure = axes.get_figure()
            assert isinstance(figure, Figure)
            figure.savefig(TUNING / f"{name}.svg", bbox_inches="tight")
