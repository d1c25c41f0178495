"""What `make adopt` says for image: pictures lie in folders."""

from typing import Any

from ..errors import UserError

TASK = "image"
PROBLEMS: tuple[str, ...] = ()  # of Plan.problem: none of a table's
METRIC, SCORING, VALIDATION, TRAIN = "", "", "", ""
PACKAGE = __name__.partition(".")[0]
REFUSAL = (
    "pictures are not in a table: put each into a folder named after its class and run "
    f"`python -m {PACKAGE}.pack FOLDER`"
)


def refuse(*_: Any, **__: Any) -> Any:
    """Say how this task's data come in."""
    raise UserError(REFUSAL)


decision = outcome = known = trees = folds = refuse
