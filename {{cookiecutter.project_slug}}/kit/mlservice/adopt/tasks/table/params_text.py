"""Generation of params.yaml, with a comment for every parameter."""

from collections.abc import Mapping
from string import Template

from mlservice.adopt.plan import Plan
from mlservice.adopt.tasks.table.examples import slices, test_share
from mlservice.adopt.tasks.table.table_task import TableTask

FILE = Template("""\
# Every parameter, grouped by stage. A name that params.py does not declare is an error.

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
$parameters
$decision
gate: # the candidate ships only if it passes
  metric: $metric # any metric that metrics.py lists
  min_gain: 0.0 # the interval of the gain must lie above this
  confidence: 0.95
  resamples: 500 # bootstrap resamples for each interval
  seed: 7
  slices: $slices # metrics are also reported by these columns
""")


def write(task: TableTask, plan: Plan, size: Mapping[str, float]) -> str:
    """Return params.yaml as text; `size` is what hyperparameters.choose returns."""
    return FILE.substitute(
        size,
        validation=task.validation,
        test=test_share(plan),
        parameters=task.parameters,
        decision=task.decision(plan),
        metric=task.metric,
        slices=slices(plan),
    )
