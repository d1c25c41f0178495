"""What `make adopt` does otherwise for text than for another task."""

from typing import Any

from ..errors import UserError

TASK = "text"
PROBLEMS: tuple[str, ...] = ("two classes", "several classes")  # of Plan.problem
REFUSAL = ""  # a sentence where the task adopts no table
METRIC, SCORING, VALIDATION, TRAIN = "", "", "", ""


def refuse(*_: Any, **__: Any) -> Any:
    """Refuse what is asked where rows are numbers: here they are words."""
    raise UserError("text has a linear model over words, not trees over numbers")


decision = outcome = known = trees = folds = refuse
