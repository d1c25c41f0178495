"""Errors of a model on rows with a known target, the largest first."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset
from mlservice.errors import UserError
from mlservice.model import artifact
from mlservice.paths import CANDIDATE, SPLITS
from mlservice.schema.features import Feature
from mlservice.training_spec import Training


def errors_of_test_rows(training: Training[Any, Any]) -> pd.DataFrame:
    """Return the candidate's errors on the test rows as `errors` does, with the rows.

    Raise UserError if the pipeline has not run.
    """
    if not (CANDIDATE.exists() and SPLITS["test"].exists()):
        raise UserError("no model has been trained yet; run `make pipeline`")
    service, test = training.service, training.read("test")
    model = artifact.load(service, CANDIDATE)
    scores = model.scorer.run(test.matrix).astype(np.float64)
    found = errors(service.target, test, scores, model.manifest.decision)
    columns = [feature.column for feature in service.features]
    rows = test.rows.reset_index(drop=True)
    return found.join(rows[[name for name in columns if name in rows]])


def errors(
    target: Feature, data: Dataset, scores: Scores, decision: Any
) -> pd.DataFrame:
    """Return the errors by row number, the largest first; `scores` are (n, outputs).

    A number has `observed`, `predicted` and `error` (predicted − observed). Of classes
    there are the wrong rows alone, with `actual`, `predicted` and its `probability`:
    the most confident ones first.
    """
    if target.categories:
        return _of_classes(np.array(target.categories), data.target, scores)
    actual, given = observed(data), predicted(scores, decision)
    found = pd.DataFrame(
        {"observed": actual, "predicted": given, "error": given - actual}
    )
    return found.sort_values("error", key=lambda e: -e.abs(), kind="stable")


def _of_classes(
    names: NDArray[Any], actual: NDArray[Any], scores: Scores
) -> pd.DataFrame:
    first = scores.argmax(axis=1)
    found = pd.DataFrame(
        {
            "actual": names[actual],
            "predicted": names[first],
            "probability": scores.max(axis=1),
        }
    )
    wrong: pd.DataFrame = found[first != actual]
    return wrong.sort_values("probability", ascending=False, kind="stable")


def observed(data: Dataset) -> NDArray[Any]:
    """Return the target of each row, (n,); of a series the first value to come."""
    return data.target.reshape(len(data.target), -1)[:, 0]


def predicted(scores: Scores, decision: Any) -> NDArray[np.float64]:
    """Return the predicted number of each row, (n,), corrected as decided."""
    point: NDArray[np.float64] = scores[:, 0].astype(np.float64)
    return point * float(getattr(decision, "factor", 1.0))
