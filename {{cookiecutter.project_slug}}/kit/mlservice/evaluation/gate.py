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

SHIP_BASELINE = "ship the baseline"


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
    ours, metric = scores["candidate"], metrics["candidate"][gate.metric]
    gains = {
        name: gain(
            metric, test, ours, rival, gate, rival_metric=metrics[name][gate.metric]
        )
        for name, rival in scores.items()
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


def check(gate: Gate, metrics: dict[str, Metric], test: Dataset) -> None:
    """Raise UserError if params.yaml names an unknown metric or column."""
    known = [k for k, m in metrics.items() if m.greater_is_better is not None]
    if gate.metric not in known:
        raise UserError(f"params.yaml: gate.metric is none of {', '.join(known)}")
    if unknown := set(gate.slices).difference(test.rows.columns):
        raise UserError(f"params.yaml: gate.slices: no column {', '.join(unknown)}")


def show(verdict: Verdict) -> None:
    """Print the gains and the reason."""
    for name, found in verdict.gains.items():
        print(f"{verdict.metric} gain over the {name}: {found.value:+.4f}", end=" ")
        print(f"[{found.low:+.4f}, {found.high:+.4f}]")
    print(verdict.reason)
