"""Generation of params.yaml, with a comment for every parameter."""

from collections.abc import Mapping
from string import Template
from textwrap import indent

from mlservice.adopt.plan import Plan
from mlservice.adopt.tasks.table.examples import in_yaml, slices, test_share
from mlservice.adopt.tasks.table.table_task import TableTask

FILE = Template("""\
# Every parameter, grouped by stage. A name that params.py does not declare is an error.

prepare:
  seed: 7 # the split is the same for the same seed and rows
  validation_share: 0.2 # $validation
  test_share: $test # judged once, by the gate
  split: $split # random | time | group
  column: $column # of data/raw.csv, a feature or not: the time, or the group

train: # the size of the trees is the best of a few, by cross-validation
  seed: 7
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
TREES = """\
max_iter: {max_iter} # trees
learning_rate: {learning_rate}
max_leaf_nodes: {max_leaf_nodes}
min_samples_leaf: {min_samples_leaf}
l2_regularization: 1.0
"""
LISTED = "  candidates: [boosting, linear] # the best by gate.metric goes to the gate\n"


def write(
    task: TableTask, plan: Plan, size: Mapping[str, float], *, several: bool
) -> str:
    """Return params.yaml as text; `size` is what hyperparameters.choose returns.

    `several` tells whether params.py knows several candidates.
    """
    return FILE.substitute(
        train=_train(task, TREES.format_map(size), several=several),
        validation=task.validation,
        test=test_share(plan),
        split=plan.split.kind,
        column=in_yaml(plan.split.column),
        decision=task.decision(plan),
        metric=task.metric,
        slices=slices(plan),
    )


def _train(task: TableTask, trees: str, *, several: bool) -> str:
    if not several:  # of a params.py from before 0.9.0
        return indent(trees, "  ") + task.parameters
    return (
        f"{LISTED}{task.parameters}  boosting:\n{indent(trees, '    ')}"
        f"  linear:\n    {task.linear}\n"
    )
