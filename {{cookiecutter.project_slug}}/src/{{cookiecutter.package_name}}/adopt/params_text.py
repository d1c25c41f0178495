"""Write params.yaml: every knob with its comment."""

from collections.abc import Mapping
from string import Template

import yaml

from . import task
from .plan import Plan

SLICES = 2
MOST = 8  # values of a column that is worth a slice each
FEW_ROWS = 200  # below it the test needs a larger share
FILE = Template("""\
# Every knob, grouped by stage. A name that params.py does not declare is an error.

prepare:
  seed: 7 # the split is the same for the same seed and rows
  validation_share: 0.2 # $validation
  test_share: $test # judged once, by the gate

train: # the size of the trees is the best of a few, by cross-validation
  seed: 7
  max_iter: $max_iter # trees
  learning_rate: $learning_rate
  max_leaf_nodes: $max_leaf_nodes
  min_samples_leaf: $min_samples_leaf
  l2_regularization: 1.0
$train
$decision
gate: # the candidate ships only if it passes
  metric: $metric # any metric that metrics.py lists
  min_gain: 0.0 # the interval of the gain must lie above this
  confidence: 0.95
  resamples: 500 # bootstrap resamples for each interval
  seed: 7
  slices: $slices # metrics are also reported by these columns
""")


def write(plan: Plan, knobs: Mapping[str, float]) -> str:
    """Return params.yaml as text; `knobs` are the four that knobs.choose returns."""
    return FILE.substitute(
        knobs,
        validation=task.VALIDATION,
        test=0.3 if plan.rows < FEW_ROWS else 0.2,
        train=task.TRAIN,
        decision=task.decision(plan),
        metric=task.METRIC,
        slices=_flow(slices(plan)),
    )


def slices(plan: Plan) -> list[str]:
    """Choose the columns by which metrics are worth a look: few values each."""
    few = [
        column.column
        for column in plan.features
        if column.declared == "flag" or 2 <= len(column.categories) <= MOST
    ]
    return few[:SLICES]


def _flow(names: list[str]) -> str:
    """Write a list on one line, each name quoted where YAML asks for it."""
    text = yaml.safe_dump(
        names, default_flow_style=True, allow_unicode=True, width=1_000_000
    )
    return str(text).strip()
