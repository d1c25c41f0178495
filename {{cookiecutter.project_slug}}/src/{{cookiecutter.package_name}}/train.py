"""The order of training: read, fit, validate, store, choose, register."""

from mlservice.errors import run
from mlservice.paths import CANDIDATE
from mlservice.training import candidates, mlflow_run, steps

from . import NAME
from .service import SERVICE
from .training import TRAINING


def main() -> int:
    """Fit the baseline and the candidates, store each, choose the candidate."""
    steps.parse_arguments()
    params = TRAINING.params.load()
    train, validation, test = map(TRAINING.read, ("train", "validation", "test"))
    origin = steps.origin(TRAINING.packages)
    makers = candidates.listed(TRAINING, params)
    validated = {}
    with mlflow_run.run(NAME) as run_id:
        mlflow_run.log_params(params.model_dump(), origin)
        for name, make in {"baseline": TRAINING.baseline, **makers}.items():
            model = steps.fit(name, make(params.train), train)
            validated[name] = steps.validate(TRAINING, model, validation, params)
            decision, metrics = validated[name]
            facts = {"decision": decision, "run_id": run_id, **origin}
            steps.store(SERVICE, name, model, test, metrics, **facts)
            mlflow_run.log_nested(name, metrics)
            mlflow_run.log_metrics(metrics, f"validation.{name}")
        candidates.choose(TRAINING, params, train, validation, validated)
        mlflow_run.register(NAME, CANDIDATE, validation.matrix)
    return 0


if __name__ == "__main__":
    run(main)
