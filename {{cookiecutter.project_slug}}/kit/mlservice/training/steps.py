"""params → data → model → metrics → MLflow. Thin: each arrow is one call."""

import argparse
import hashlib

from sklearn.base import BaseEstimator
from threadpoolctl import threadpool_limits

from . import artifact, data, export, metrics, model, tracking
from mlservice.params import BASELINE, CANDIDATE, SPLITS
from mlservice.errors import run
from .params import Params
from mlservice.data.dataset import Part
from .prediction import Decision

MANY = 200_000  # rows: below, several threads mostly wait for each other

Figures = dict[str, float]


def validate(
    estimator: BaseEstimator, validation: Part, params: Params
) -> tuple[Decision, Figures]:
    """Choose the decision on the validation rows and report every metric there."""
    scores = export.fitted_scores(estimator, validation.matrix)
    decision = metrics.choose_decision(validation.target, scores, params.decision)
    return decision, {
        name: metric.compute(validation.target, scores)
        for name, metric in metrics.metrics_for(params.decision, decision).items()
    }


def main() -> int:
    """Fit baseline and candidate, export both, keep the run."""
    argparse.ArgumentParser(
        description="Fit the candidate and its baseline."
    ).parse_args()
    params = Params.load()
    train, validation, test = map(data.read, ("train", "validation", "test"))
    origin = {
        "data_sha256": hashlib.sha256(SPLITS["train"].read_bytes()).hexdigest(),
        "revision": tracking.revision(),
        "versions": tracking.versions(model.PACKAGES),
    }
    estimators = {
        "baseline": (model.baseline(params.train), BASELINE),
        "candidate": (model.candidate(params.train), CANDIDATE),
    }
    with tracking.run() as run_id:
        tracking.log_params(params.model_dump(), origin)
        for name, (estimator, folder) in estimators.items():
            print(f"fitting the {name} on {len(train.rows)} rows …", flush=True)
            with threadpool_limits(limits=None if len(train.rows) > MANY else 1):
                estimator.fit(train.matrix, train.target)
            decision, figures = validate(estimator, validation, params)
            exported = export.export(estimator, train.matrix.shape[1])
            share = export.agreement(estimator, exported, test.matrix)
            print(f"  ONNX agrees with it on {share:.1%} of the test rows → {folder}")
            print(
                "  validation:", ", ".join(f"{k} {v:.4f}" for k, v in figures.items())
            )
            tracking.log_metrics(figures, f"validation.{name}")
            artifact.save(
                folder,
                exported,
                name=name,
                decision=decision,
                metrics=figures,
                run_id=run_id,
                **origin,
            )
        tracking.register(CANDIDATE, validation.matrix)
    return 0


if __name__ == "__main__":
    run(main)
