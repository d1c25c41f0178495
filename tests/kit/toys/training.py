"""A toy training of the toy regression: the order of the steps is that of a rendered service."""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from matplotlib.figure import Figure
from pydantic import Field
from sklearn.dummy import DummyRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeRegressor

from mlservice.data import files
from mlservice.data.checks import check
from mlservice.data.dataset import GROUP, encode_rows
from mlservice.data.sample import sample_command
from mlservice.data.split import split_rows
from mlservice.evaluation import gate, regression
from mlservice.evaluation import steps as evaluation
from mlservice.evaluation.bootstrap import Metric
from mlservice.model import artifact
from mlservice.params import PARAMS, RowSplit, Section, ServiceParams
from mlservice.paths import BASELINE, CANDIDATE, REPORTS
from mlservice.training import candidates, mlflow_run, steps
from mlservice.training_spec import Candidate, Range, Training
from toys.regression import SERVICE, Margin

ROWS = 400
NAME = SERVICE.name


class RidgeSection(Section):
    """Linear regression with a penalty."""

    alpha: float = Field(gt=0)


class Train(Section):
    """Which candidates are fitted, and how."""

    candidates: tuple[str, ...]
    ridge: RidgeSection


class Promise(Section):
    """What the answer promises."""

    coverage: float


class Params(ServiceParams):
    """The shape of params.yaml."""

    prepare: RowSplit
    train: Train
    decision: Promise


VALUES = {
    "prepare": {"seed": 1, "validation_share": 0.2, "test_share": 0.3},
    "train": {"candidates": ["ridge", "tree"], "ridge": {"alpha": 1.0}},
    "decision": {"coverage": 0.9},
    "gate": {
        "metric": "mae",
        "min_gain": 0.0,
        "confidence": 0.95,
        "resamples": 100,
        "seed": 2,
        "slices": ["vehicle", "minutes"],
    },
    "budget": {"users": 1, "requests_per_second": 1, "seconds": 1, "p99_ms": 100, "error_rate": 0},
}


def sample(rows, seed):
    """Draw rides: the price grows with the distance, and more in comfort."""
    rng = np.random.default_rng(seed)
    distance = rng.uniform(1, 40, rows).round(1)
    comfort = rng.random(rows) < 0.4
    price = 3 + distance * np.where(comfort, 2.2, 1.5) + rng.normal(0, 1, rows)
    return pd.DataFrame(
        {
            "distance": distance,
            "minutes": np.where(rng.random(rows) < 0.3, np.nan, (distance * 2).round()),
            "hour": rng.integers(0, 24, rows),
            "vehicle": np.where(comfort, "comfort", "economy"),
            "price": price.clip(0).round(2),
        }
    )


def assemble(rows):
    """Check and encode the rows of a split."""
    checked = check(rows, SERVICE.columns)
    return encode_rows(checked, SERVICE.encoding, SERVICE.target, rows.get(GROUP))


def read(name):
    """Read a split as rows, matrix and target."""
    return assemble(files.read_split(name, SERVICE.columns))


def imputed(estimator):
    """Return an estimator that takes missing numbers."""
    return make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), estimator)


def metrics_for(promise, margin):
    """List every metric by name: a width has no better direction."""

    def covered(target, scores):
        low, high = scores[:, 0] - margin.margin, scores[:, 0] + margin.margin
        return regression.coverage(target, low, high)

    return {
        "mae": Metric(regression.mae, False, "mean distance"),
        "rmse": Metric(regression.rmse, False, "the same, large misses weigh more"),
        "coverage": Metric(covered, None, f"share of rows inside, of {promise.coverage} promised"),
    }


def choose_decision(target, scores, promise):
    """Choose the margin that covers what was promised."""
    return Margin(margin=round(regression.conformal_margin(target, scores, promise.coverage), 4))


def tables(test, scores, decision, _gate):
    """Return one table with rows and one without."""
    worst = np.argsort(np.abs(scores[:, 0] - test.target))[-2:]
    rows = [{"price": float(test.target[at]), "margin": decision.margin} for at in worst]
    return {"Worst | rows": rows, "Nothing": []}


def plots(test, scores, _decisions, _promise):
    """Draw what was predicted."""
    figure = Figure(figsize=(2, 2))
    figure.add_subplot().scatter(scores["candidate"][:, 0], test.target)
    return {"predicted": figure}


TRAINING = Training(
    service=SERVICE,
    params=Params,
    assemble=assemble,
    read=read,
    trivial=lambda _: DummyRegressor(),
    baseline=lambda _: imputed(DecisionTreeRegressor(max_depth=1)),
    candidates={
        "ridge": Candidate(
            lambda train: imputed(Ridge(alpha=train.ridge.alpha)),
            search={"alpha": Range(0.01, 10_000.0, log=True)},
        ),
        "tree": lambda _: imputed(DecisionTreeRegressor(max_depth=2)),
    },
    packages=("numpy", "scikit-learn"),
    metrics=metrics_for,
    choose_decision=choose_decision,
    enough=lambda rows: len(rows.target) >= 10,
    needed="10 are needed",
    tables=tables,
    plots=plots,
)


def prepare():
    """Load, check and split the raw rows; write the splits."""
    raw = files.load(files.raw_argument(), SERVICE.columns)
    rows = check(raw, SERVICE.columns)
    params = TRAINING.params.load().prepare
    files.write_splits(split_rows(rows, SERVICE.features, SERVICE.target, params, raw))
    return 0


def train():
    """Fit the baseline and the candidates, store each, choose the candidate."""
    steps.parse_arguments()
    params = TRAINING.params.load()
    fitted, validation, test = map(TRAINING.read, ("train", "validation", "test"))
    origin = steps.origin(TRAINING.packages)
    makers = candidates.listed(TRAINING, params)
    validated = {}
    with mlflow_run.run(NAME) as run_id:
        mlflow_run.log_params(params.model_dump(), origin)
        for name, make in {"baseline": TRAINING.baseline, **makers}.items():
            model = steps.fit(name, make(params.train), fitted)
            validated[name] = steps.validate(TRAINING, model, validation, params)
            decision, metrics = validated[name]
            facts = {"decision": decision, "run_id": run_id, **origin}
            steps.store(SERVICE, name, model, test, metrics, **facts)
            mlflow_run.log_nested(name, metrics)
            mlflow_run.log_metrics(metrics, f"validation.{name}")
        candidates.choose(TRAINING, params, fitted, validation, validated)
        mlflow_run.register(NAME, CANDIDATE, validation.matrix)
    return 0


def evaluate():
    """Evaluate the candidate; a refused one exits as `gate.on_refusal` says."""
    if evaluation.ship_baseline_argument():
        evaluation.ship(SERVICE, BASELINE)
        return 0
    params = TRAINING.params.load()
    candidate = artifact.load(SERVICE, CANDIDATE)
    with mlflow_run.run(NAME, candidate.manifest.run_id) as run_id:
        test = TRAINING.read("test")
        compared = evaluation.compare(TRAINING, params, test, candidate)
        verdict = gate.judge(test, compared.scores, compared.metrics, params.gate)
        facts = evaluation.write_report(TRAINING, params, test, compared, verdict, candidate)
        mlflow_run.log_test(facts["models"])
        mlflow_run.log_gate(verdict.passed, verdict.reason, REPORTS)
        gate.show(verdict)
        if not verdict.passed:
            return evaluation.on_refusal(SERVICE, params, test, compared)
        if run_id != candidate.manifest.run_id:
            mlflow_run.register(NAME, CANDIDATE, test.matrix)
        evaluation.ship(SERVICE, CANDIDATE)
        mlflow_run.set_champion(NAME, run_id)
    return 0


STAGES = (partial(sample_command, sample, ROWS, 3), prepare, train, evaluate)


def write_params(folder, train=None, **changes):
    """Write params.yaml; `train` holds other values of that section, `changes` of the gate."""
    values = VALUES | {"gate": VALUES["gate"] | changes, "train": VALUES["train"] | (train or {})}
    (Path(folder) / PARAMS).write_text(yaml.safe_dump(values), encoding="utf-8")
