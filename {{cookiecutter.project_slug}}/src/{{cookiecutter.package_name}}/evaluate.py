"""The order of evaluation: compare on the test rows, judge, report, ship."""

from mlservice.errors import run
from mlservice.evaluation import gate, steps
from mlservice.model import artifact
from mlservice.paths import BASELINE, CANDIDATE, REPORTS
from mlservice.training import mlflow_run

from . import NAME
from .service import SERVICE
from .training import TRAINING


def main() -> int:
    """Evaluate the candidate; a refused one exits as `gate.on_refusal` says."""
    if steps.ship_baseline_argument():
        steps.ship(SERVICE, BASELINE)
        return 0
    params = TRAINING.params.load()
    candidate = artifact.load(SERVICE, CANDIDATE)
    with mlflow_run.run(NAME, candidate.manifest.run_id) as run_id:
        test = TRAINING.read("test")
        compared = steps.compare(TRAINING, params, test, candidate)
        verdict = gate.judge(test, compared.scores, compared.metrics, params.gate)
        facts = steps.write_report(TRAINING, params, test, compared, verdict, candidate)
        mlflow_run.log_test(facts["models"])
        mlflow_run.log_gate(verdict.passed, verdict.reason, REPORTS)
        gate.show(verdict)
        if not verdict.passed:
            return steps.on_refusal(SERVICE, params, test, compared)
        if run_id != candidate.manifest.run_id:  # trained elsewhere, and pulled
            mlflow_run.register(NAME, CANDIDATE, test.matrix)
        steps.ship(SERVICE, CANDIDATE)
        mlflow_run.set_champion(NAME, run_id)
    return 0


if __name__ == "__main__":
    run(main)
