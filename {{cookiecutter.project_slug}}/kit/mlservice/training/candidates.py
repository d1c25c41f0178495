"""Choice among the candidates that params.yaml lists."""

import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, replace
from typing import Any

from mlservice.data import reference
from mlservice.data.dataset import Dataset
from mlservice.errors import UserError
from mlservice.evaluation.bootstrap import interval
from mlservice.model import artifact
from mlservice.paths import BASELINE, CANDIDATE, CANDIDATES
from mlservice.service import D
from mlservice.training import cross_validation
from mlservice.training.steps import folder_of
from mlservice.training_spec import Estimator, Q, Training, compared_metric

FEW = 500  # validation rows, below which chance would choose among the candidates
FOLDS = 5

Makers = Mapping[str, Callable[[Any], Estimator]]


def listed(training: Training[Q, Any], params: Any) -> Makers:
    """Return the candidates of `train.candidates`, by name; all where there is no list.

    Raise UserError for a name that training.py does not know, and for an empty list.
    """
    known = training.candidates
    names = getattr(params.train, "candidates", tuple(known))
    if unknown := [name for name in names if name not in known]:
        raise UserError(
            f"params.yaml: train.candidates: no candidate {', '.join(unknown)}; "
            f"model.py has {', '.join(known)}"
        )
    if not names:
        raise UserError(f"params.yaml: train.candidates is empty; list {[*known]}")
    return {name: known[name] for name in names}


def choose(
    training: Training[Q, D],
    params: Any,
    train: Dataset,
    validation: Dataset,
    validated: Mapping[str, tuple[D, Mapping[str, float]]],
) -> str:
    """Make the best candidate `models/candidate`; return its name.

    It and the baseline get a drift reference.

    The gate's metric decides: on the validation rows, whose decision and metrics are
    given by name, or cross-validated on the training rows if those are few.
    """
    makers, metric = listed(training, params), params.gate.metric
    decision, _ = next(iter(validated.values()))
    known = training.metrics(params.decision, decision)
    greater = compared_metric(known, metric).greater_is_better
    found = {name: validated[name][1][metric] for name in makers}
    where = "on the validation rows"
    if len(makers) > 1 and len(validation.rows) < FEW:
        where = f"in {FOLDS} folds of the training rows"
        found = {
            name: _in_folds(training, params, make(params.train), train)
            for name, make in makers.items()
        }
    chosen = (max if greater else min)(found, key=lambda name: found[name])
    values = ", ".join(f"{name} {value:.4f}" for name, value in found.items())
    note = f"{chosen} ({metric} {where}: {values})"
    print(f"candidate: {note}")
    _store_chosen(training, params, {chosen: note}, train, validation)
    _remove_all_but(makers)
    return chosen


def _store_chosen(
    training: Training[Q, D],
    params: Any,
    chosen: Mapping[str, str],
    train: Dataset,
    validation: Dataset,
) -> None:
    """Copy the chosen candidate; add a drift reference to it and to the baseline.

    `chosen` has a note by its name.
    """
    for name in ("baseline", *chosen):
        target = CANDIDATE if name in chosen else BASELINE
        files = _reference_files(training, params, name, train, validation)
        notes = {"candidate": chosen[name]} if name in chosen else {}
        artifact.promote(training.service, folder_of(name), target, files, **notes)


def _reference_files(
    training: Training[Q, D],
    params: Any,
    name: str,
    train: Dataset,
    validation: Dataset,
) -> dict[str, bytes]:
    """Return the drift reference of a model, as files of its artifact."""
    model = artifact.load(training.service, folder_of(name))
    scores = model.scorer.run(validation.matrix)
    known = training.metrics(params.decision, model.manifest.decision)
    measured = {
        n: interval(m, validation, scores, params.gate) for n, m in known.items()
    }
    monitoring = params.monitoring
    found = reference.reference_of(
        training.service,
        train,
        scores,
        monitoring.keep_reference_rows,
        monitoring.seed,
    )
    metrics = {name: asdict(each) for name, each in measured.items()}
    return reference.to_files(replace(found, metrics=metrics))


def _remove_all_but(listed_now: Collection[str]) -> None:
    """Remove the folders of candidates that params.yaml listed before."""
    for folder in CANDIDATES.glob("*"):
        if folder.name not in listed_now:
            shutil.rmtree(folder)


def _in_folds(
    training: Training[Q, D], params: Any, estimator: Estimator, train: Dataset
) -> float:
    """Return the gate's metric on all held-out rows together."""
    parts = cross_validation.folds(train, FOLDS, params.gate.seed)
    *_, value = cross_validation.values(training, params, estimator, train, parts)
    return value
