"""Evaluations of toy services, as the pages of the report take them: of two classes, and of a number."""

from dataclasses import asdict
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from sklearn.linear_model import LinearRegression, LogisticRegression

from mlservice.data.dataset import Dataset
from mlservice.evaluation import classification, gate
from mlservice.evaluation.bootstrap import Metric
from mlservice.evaluation.comparison import Comparison
from mlservice.evaluation.pages.run import Run
from mlservice.evaluation.regression import mae
from mlservice.evaluation.slices import measure
from mlservice.evaluation.two_class_plots import two_class_plots
from mlservice.model.artifact import Artifact, Manifest
from mlservice.params import Gate
from mlservice.training_spec import Training
from toys import SERVICES

ROWS = 400
PRICES = {"false_negative": 10.0, "false_positive": 2.0}


def classes(**more):
    """Return an evaluation of two classes, whose costs are in EUR."""
    rng = np.random.default_rng(0)
    signal = rng.normal(0, 1, ROWS)
    target = (signal + rng.normal(0, 1, ROWS) > 0.8).astype(np.int64)
    rows = pd.DataFrame(
        {
            "months": rng.integers(0, 120, ROWS),
            "charge": np.where(rng.random(ROWS) < 0.2, np.nan, rng.uniform(0, 200, ROWS)),
            "contract": rng.choice(["monthly", "yearly"], ROWS),
            "note": "<b>bold</b> & {{ not }} rendered",
            "churned": np.where(target, "yes", "no"),
        }
    )
    positive = 1 / (1 + np.exp(-2 * (signal - 0.8)))
    scores = {name: np.column_stack([1 - each, each]) for name, each in _rivals(positive, target.mean()).items()}

    def metrics(_decision, decision):
        def cost(labels, given):
            return classification.cost_per_row(labels, given, decision.threshold, **PRICES)

        return {
            "log_loss": Metric(classification.log_loss, False, "surprise, in nats"),
            "cost": Metric(cost, False, "mean cost"),
        }

    test = Dataset(rows, signal[:, np.newaxis].astype(np.float32), target, np.arange(ROWS))
    found = run("classification", test, scores, metrics, {"threshold": 0.3}, LogisticRegression, **more)
    found.figures.update(two_class_plots(target, scores, lambda *_: 0.0, test.groups))
    return found


def numbers(**more):
    """Return an evaluation of a predicted number."""
    rng = np.random.default_rng(0)
    distance = rng.uniform(1, 40, ROWS)
    target = 3 + distance * 2 + rng.normal(0, 2, ROWS)
    rows = pd.DataFrame({"distance": distance, "vehicle": "economy", "hour": 3, "price": target})
    test = Dataset(rows, distance[:, np.newaxis].astype(np.float32), target, np.arange(ROWS))
    point = 3 + distance * 2
    scores = {name: each[:, np.newaxis] for name, each in _rivals(point, target.mean()).items()}
    known = {"mae": Metric(mae, False, "mean distance")}
    return run("regression", test, scores, lambda *_: known, {}, LinearRegression, **more)


def _rivals(given, mean):
    return {"candidate": given, "baseline": (given + mean) / 2, "trivial": np.full(len(given), mean)}


# pylint: disable-next=too-many-arguments,too-many-positional-arguments,too-many-locals # all that an evaluation has
def run(task, test, scores, metrics, decision, estimator, currency="EUR", candidate="linear", slices=None):
    """Return an evaluation of a toy service."""
    service = SERVICES[task]
    chosen = service.decision(**decision)
    metric = next(iter(metrics(None, chosen)))
    columns = {"classification": ("contract",), "regression": ("vehicle",)}[task] if slices is None else slices
    judged = Gate(metric=metric, min_gain=0, confidence=0.95, resamples=100, seed=1, slices=columns)
    by_model = {name: metrics(None, chosen) for name in scores}
    verdict = gate.judge(test, scores, by_model, judged)
    params = SimpleNamespace(decision=SimpleNamespace(currency=currency), gate=judged, train=None)
    training = Training(
        *(service, None, None, None, None, None, {"linear": lambda _: estimator()}, (), metrics),
        *(lambda *_: chosen, lambda _: True, "", None, None),
    )
    measured = measure(test, scores, by_model, judged, training.enough)
    facts = {"gate": asdict(verdict), **measured, "candidates": {}, "details": {"Nothing": []}}
    manifest = Manifest(
        name=candidate,
        model_version="abc",
        sha256="a" * 64,
        schema_hash="b" * 64,
        created=datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
        decision=chosen,
    )
    compared = Comparison(scores, dict.fromkeys(scores, chosen), by_model)
    figures = {"mine": Figure(figsize=(2, 2))}
    return Run(training, params, test, test, compared, Artifact(None, manifest), facts, figures)
