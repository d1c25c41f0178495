"""The gate: a candidate ships only if it is significantly better than the baseline.

The interval of the gain must lie above `gate.min_gain` against the baseline and against
the trivial model; against the champion the candidate must not be significantly worse.
"""

from dataclasses import dataclass

from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset
from mlservice.errors import UserError
from mlservice.evaluation.bootstrap import Interval, Metric, gain
from mlservice.params import Gate
from mlservice.training_spec import compared_metric

SHIP_BASELINE = "ship the baseline"
REFUSED = 3  # exit code of evaluation: a verdict; 1 is a fault


@dataclass(frozen=True)
class Verdict:
    """Decision of the gate, with the gains that it is based on."""

    metric: str
    gains: dict[str, Interval]  # over each rival
    passed: bool
    reason: str


def judge(
    test: Dataset,
    scores: dict[str, Scores],
    metrics: dict[str, dict[str, Metric]],
    gate: Gate,
) -> Verdict:
    """Compare the candidate with every other model; `scores` (n, outputs) are by name.

    `metrics` are by model, too: a cost depends on the decision of each model.
    """
    gains = {
        name: gain_over(name, "candidate", test, scores, metrics, gate)
        for name in scores
        if name != "candidate"
    }
    for name, found in gains.items():
        shown = f"{found.value:+.4f} [{found.low:+.4f}, {found.high:+.4f}]"
        if name == "champion" and found.high < 0:
            reason = f"worse than the champion by {shown}: keep the champion"
            return Verdict(gate.metric, gains, False, reason)
        if name != "champion" and not found.low > gate.min_gain:
            reason = (
                f"the gain over the {name} model, {shown}, is not significantly above "
            )
            reason += f"{gate.min_gain:g}: {SHIP_BASELINE}"
            return Verdict(gate.metric, gains, False, reason)
    return Verdict(gate.metric, gains, True, "the candidate beats every rival: ship it")


def gain_over(
    rival: str,
    name: str,
    test: Dataset,
    scores: dict[str, Scores],
    metrics: dict[str, dict[str, Metric]],
    gate: Gate,
) -> Interval:
    """Estimate the gain of the model `name` over another in the gate's metric."""
    ours, theirs = (metrics[model][gate.metric] for model in (name, rival))
    return gain(ours, test, scores[name], scores[rival], gate, rival_metric=theirs)


def check(gate: Gate, metrics: dict[str, Metric], test: Dataset) -> None:
    """Raise UserError if params.yaml names an unknown metric or column."""
    compared_metric(metrics, gate.metric)
    if unknown := set(gate.slices).difference(test.rows.columns):
        raise UserError(f"params.yaml: gate.slices: no column {', '.join(unknown)}")


def show(verdict: Verdict) -> None:
    """Print the gains and the reason."""
    for name, found in verdict.gains.items():
        print(f"{verdict.metric} gain over the {name}: {found.value:+.4f}", end=" ")
        print(f"[{found.low:+.4f}, {found.high:+.4f}]")
    print(verdict.reason)
