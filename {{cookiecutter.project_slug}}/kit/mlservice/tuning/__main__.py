"""`make tune`: search for better parameters of a candidate, and write them down."""

import argparse
from typing import Any

import optuna

from mlservice.data.dataset import Dataset
from mlservice.errors import UserError, module_of, run
from mlservice.evaluation.bootstrap import Interval, Metric
from mlservice.model import artifact
from mlservice.model.onnx_export import fitted_scores
from mlservice.params import PARAMS
from mlservice.paths import CANDIDATE
from mlservice.training import candidates, mlflow_run
from mlservice.training_spec import Candidate, Training, compared_metric
from mlservice.tuning import outcome, search
from mlservice.tuning.search import Budget, Space, Values


def main() -> int:
    """Search, compare with today's parameters, write the better ones."""
    args = _arguments()
    budget = Budget(args.trials, args.minutes)
    if budget.trials < 1 or (budget.minutes is not None and budget.minutes <= 0):
        raise UserError("TRIALS= and MINUTES= must be more than 0")
    training = _training(args.package)
    params = training.params.load()
    space = space_of(training, params, args.candidate)
    train = training.read("train")
    metric = _metric(training, params, train)
    with search.opened(), mlflow_run.run(training.service.name):
        study = search.load_study(
            training, space, greater=bool(metric.greater_is_better)
        )
        search.search(training, space, study, train, budget)
        outcome.save_plots(study, params.gate.metric)
        values = best_values(study, space)
        found = outcome.gained(training, space, values, train) if values else None
    _finish(space, values, found)
    return 0


def _metric(training: Training[Any, Any], params: Any, train: Dataset) -> Metric:
    """Return the gate's metric; the trivial model gives the decision that it needs."""
    fitted = training.trivial(params.train).fit(train.matrix, train.target)
    scores = fitted_scores(fitted, train.matrix)
    decision = training.choose_decision(train.target, scores, params.decision)
    known = training.metrics(params.decision, decision)
    return compared_metric(known, params.gate.metric)


def space_of(training: Training[Any, Any], params: Any, name: str) -> Space:
    """Return what is searched: of the named candidate, or of the chosen one.

    Raise UserError if there is no such candidate, or nothing to search for it.
    """
    listed = candidates.listed(training, params)
    name = name or _chosen(training, [*listed])
    if name not in listed:
        raise UserError(
            f"no candidate {name}: params.yaml lists {', '.join(listed)}; CANDIDATE= "
            "names one of them"
        )
    made = listed[name]
    ranges = made.search if isinstance(made, Candidate) else {}
    section = getattr(params.train, name, None)
    if not ranges or section is None:
        raise UserError(f"the candidate {name} has no search space in model.py")
    if unknown := [one for one in ranges if one not in type(section).model_fields]:
        raise UserError(
            f"model.py searches {', '.join(unknown)} for the candidate {name}, which "
            "params.py does not declare"
        )
    return Space(name, ranges, params)


def _chosen(training: Training[Any, Any], listed: list[str]) -> str:
    """Return the candidate that training chose, or the first one listed."""
    try:
        name = artifact.load(training.service, CANDIDATE).manifest.name
    except artifact.ArtifactError:
        return listed[0]
    return name if name in listed else listed[0]


def best_values(study: optuna.Study, space: Space) -> Values:
    """Return the best parameters of a study; none if they are today's."""
    complete = study.get_trials(states=(optuna.trial.TrialState.COMPLETE,))
    if not complete:
        return {}
    values = search.suggested(study.best_trial, space.ranges)
    return {} if values == space.now else values


def _finish(space: Space, values: Values, found: Interval | None) -> None:
    """Write params.yaml if something was gained, and say what was done."""
    metric = space.params.gate.metric
    shown = found and f"{found.value:+.4f} [{found.low:+.4f}, {found.high:+.4f}]"
    if not values or not found or found.value <= 0:
        why = f": {metric} {shown} on the validation rows" if shown else ""
        print(f"nothing was gained{why}; {PARAMS} stays as it is")
        return
    outcome.write_params(space.name, values)
    for name, value in values.items():
        print(f"{PARAMS}: train.{space.name}.{name}: {space.now[name]} → {value}")
    print(f"gain in {metric} on the validation rows: {shown}")
    print("next: `git diff params.yaml`, `make pipeline`, and commit")


def _training(package: str) -> Training[Any, Any]:
    found: Training[Any, Any] = module_of(package, "training").TRAINING
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make tune", description="Search for better parameters of a candidate."
    )
    parser.add_argument("--package", required=True, help="the project's package")
    parser.add_argument("--candidate", default="", help="default: the chosen one")
    parser.add_argument("--trials", type=int, default=50, help="in all, with earlier")
    parser.add_argument("--minutes", type=float, help="end after so many")
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
