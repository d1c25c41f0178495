"""The order of training: read, fit, validate, store, register."""

from mlservice.errors import run
from mlservice.paths import CANDIDATE
from mlservice.training import mlflow_run, steps

from . import NAME
from .service import SERVICE
from .training import TRAINING


def main() -> int:
    """Fit the baseline and the candidates, store each, record the run."""
    steps.parse_arguments()
    params = TRAINING.params.load()
    train, validation, test = map(TRAINING.read, ("train", "validation", "test"))
    origin = steps.origin(TRAINING.packages)
    models = {"baseline": TRAINING.baseline, **TRAINING.candidates}
    with mlflow_run.run(NAME) as run_id:
        mlflow_run.log_params(params.model_dump(), origin)
        for name, make in models.items():
            model = steps.fit(name, make(params.train), train)
            decision, metrics = steps.validate(TRAINING, model, validation, params)
            facts = {"decision": decision, "run_id": run_id, **origin}
            steps.store(SERVICE, name, model, test, metrics, **facts)
            mlflow_run.log_metrics(metrics, f"validation.{name}")
        mlflow_run.register(NAME, CANDIDATE, validation.matrix)
    return 0


if __name__ == "__main__":
    run(main)
