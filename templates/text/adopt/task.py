"""What `make adopt` says for text: not yet."""

from typing import Any

from ..errors import UserError

TASK = "text"
PROBLEMS: tuple[str, ...] = ()  # of Plan.problem: none of a table's
METRIC, SCORING, VALIDATION, TRAIN = "", "", "", ""
REFUSAL = (
    "make adopt cannot read texts yet: write your columns into schema.py and your rows "
    "into data/raw.csv"
)


def refuse(*_: Any, **__: Any) -> Any:
    """Say how this task's data come in."""
    raise UserError(REFUSAL)


decision = outcome = known = trees = folds = refuse
