"""Search for the parameters of a candidate, by Optuna.

Its trials are kept in a file, so that a search that was stopped goes on.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import optuna
from filelock import FileLock, Timeout
from optuna.exceptions import StorageInternalError
from optuna.trial import BaseTrial, FrozenTrial, Trial, TrialState
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from mlservice.data.dataset import Dataset
from mlservice.errors import UserError
from mlservice.paths import SPLITS, TRIALS, TUNING
from mlservice.training import cross_validation, mlflow_run
from mlservice.training_spec import Estimator, Q, Range, Training

FOLDS = 5
ENDED = (TrialState.COMPLETE, TrialState.PRUNED)

Values = dict[str, float | int]


@dataclass(frozen=True)
class Budget:
    """How long to search: until there are so many trials, or so many minutes."""

    trials: int
    minutes: float | None = None


@dataclass(frozen=True)
class Space:
    """A candidate, its parameters of today, and where better ones are searched."""

    name: str
    ranges: Mapping[str, Range]
    params: Any  # of params.yaml

    @property
    def now(self) -> Values:
        """Return today's values of the parameters that are searched."""
        section = getattr(self.params.train, self.name)
        return {parameter: getattr(section, parameter) for parameter in self.ranges}

    def train(self, values: Values) -> Any:
        """Return `params.train` with these values; raise ValidationError if bad."""
        train = self.params.train
        section = getattr(train, self.name).model_dump() | values
        return type(train).model_validate(train.model_dump() | {self.name: section})


@contextmanager
def opened() -> Iterator[None]:
    """Hold the file of trials; raise UserError if it is in use or not readable."""
    TUNING.mkdir(exist_ok=True)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with FileLock(TUNING / ".lock", timeout=0):
            yield
    except Timeout as error:
        raise UserError(f"another `make tune` uses {TRIALS}; wait for it") from error
    except (SQLAlchemyError, StorageInternalError) as error:
        raise _unusable(error) from error


def _unusable(error: Exception) -> UserError:
    reason = str(error).splitlines()[0][:200]
    return UserError(
        f"{TRIALS} cannot be used ({reason}); delete it to begin a new search"
    )


def load_study(
    training: Training[Q, Any], space: Space, *, greater: bool
) -> optuna.Study:
    """Return the study of this candidate on these rows; make it if there is none.

    Other rows, ranges or fixed parameters make another study. A trial that a kill left
    unfinished has failed.
    """
    fixed = space.params.model_dump(mode="json")
    for parameter in space.ranges:
        del fixed["train"][space.name][parameter]
    kept = {name: fixed[name] for name in ("train", "decision")}
    ranges = {name: repr(one) for name, one in space.ranges.items()}
    rows = hashlib.sha256(SPLITS["train"].read_bytes()).hexdigest()
    facts = json.dumps([rows, kept, ranges, space.params.gate.metric], sort_keys=True)
    digest = hashlib.sha256(facts.encode()).hexdigest()
    study = optuna.create_study(
        storage=_storage(),
        study_name=f"{training.service.name} {space.name} {digest[:12]}",
        pruner=optuna.pruners.MedianPruner(n_warmup_steps=1),
        direction="maximize" if greater else "minimize",
        load_if_exists=True,
    )
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
    if not study.get_trials(deepcopy=False):
        study.enqueue_trial(_inside(space))
    return study


def _storage() -> optuna.storages.RDBStorage:
    try:
        return optuna.storages.RDBStorage(f"sqlite:///{TRIALS}")
    except RuntimeError as error:  # tables of another version of Optuna
        raise _unusable(error) from error


def _inside(space: Space) -> Values:
    """Return today's values, moved into their ranges."""
    return {
        name: type(one.low)(np.clip(space.now[name], one.low, one.high))
        for name, one in space.ranges.items()
    }


def search(
    training: Training[Q, Any],
    space: Space,
    study: optuna.Study,
    train: Dataset,
    budget: Budget,
) -> None:
    """Try parameters until the budget is used; a trial without promise is pruned.

    Each trial is drawn with a seed of its own, so that a search which was stopped goes
    on as it would have.
    """
    seed = space.params.gate.seed
    parts = cross_validation.folds(train, FOLDS, seed)
    end = time.monotonic() + 60 * (budget.minutes or np.inf)

    def objective(trial: Trial) -> float:
        values = suggested(trial, space.ranges)
        make = training.candidates[space.name]
        return _score(training, space, make(space.train(values)), trial, train, parts)

    done = len(study.get_trials(deepcopy=False, states=ENDED))
    with tqdm(total=max(budget.trials, done), initial=done, unit="trial") as progress:
        for number in range(done, budget.trials):
            if time.monotonic() >= end:
                break
            study.sampler = optuna.samplers.TPESampler(seed=seed + number)
            study.optimize(objective, n_trials=1)
            progress.update()
            progress.set_postfix_str(f"best {study.best_value:.4f}")
            _log(study.get_trials(deepcopy=False)[-1], space.params.gate.metric)


def suggested(trial: BaseTrial, ranges: Mapping[str, Range]) -> Values:
    """Draw a value of each parameter: whole numbers where both ends are."""
    found: Values = {}
    for name, one in ranges.items():
        if isinstance(one.low, int) and isinstance(one.high, int):
            found[name] = trial.suggest_int(name, one.low, one.high, log=one.log)
        else:
            given = trial.suggest_float(name, one.low, one.high, log=one.log)
            found[name] = float(f"{given:.3g}")  # what a person would write
    return found


def _score(
    training: Training[Q, Any],
    space: Space,
    estimator: Estimator,
    trial: Trial,
    train: Dataset,
    parts: cross_validation.Folds,
) -> float:
    """Return the gate's metric on all held-out rows, or raise TrialPruned early."""
    value = np.nan
    for step, value in enumerate(
        cross_validation.values(training, space.params, estimator, train, parts)
    ):
        trial.report(value, step)
        if step < len(parts) - 1 and trial.should_prune():
            raise optuna.TrialPruned
    return value


def _log(trial: FrozenTrial, metric: str) -> None:
    """Log a trial as a run within the active one."""
    found = {} if trial.value is None else {metric: trial.value}
    mlflow_run.log_nested(f"trial {trial.number}", found, trial.params)
