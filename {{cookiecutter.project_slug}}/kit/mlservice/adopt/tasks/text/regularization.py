"""Choice of the candidate's regularization, by cross-validation on a sample."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline

from mlservice.adopt.columns import readings
from mlservice.adopt.plan import Plan
from mlservice.adopt.tasks.table.split_choice import Folds, folds
from mlservice.adopt.tasks.text.text_choice import text_in
from mlservice.encoding.text import Keywords, encode_texts

USUAL = 5.0  # scikit-learn's C
TRIED = (0.5, USUAL, 50.0)
ROWS = 3_000  # with more this would take minutes
CLASSES = 20  # likewise
MAX_ITER = 300


def choose(frame: pd.DataFrame, plan: Plan, keywords: Keywords) -> float:
    """Return the best of TRIED for the texts of sampled rows; USUAL for many classes.

    The same frame gives the same choice.
    """
    text, target = text_in(plan), plan.target
    if len(target.categories) > CLASSES:
        return USUAL
    names = readings.apply(target.reading, frame[target.column])
    known = names[names.isin(target.categories)].astype(object)
    known = known.sample(min(ROWS, len(known)), random_state=0)
    counts = known.value_counts()
    known = known[known.isin(counts.index[counts >= 3])]  # one row in every fold
    cells = readings.clean(frame[text.column].loc[known.index]).fillna("")
    matrix = csr_matrix(encode_texts(cells.astype(object).tolist(), keywords))
    labels = known.to_numpy(dtype=object)
    usual = StratifiedKFold(3, shuffle=True, random_state=0)
    parts = folds(plan, frame.loc[known.index], labels, usual)
    scores = [_score(strength, matrix, labels, parts) for strength in TRIED]
    return TRIED[int(np.argmax(scores))]


def _score(
    strength: float, matrix: csr_matrix, names: NDArray[Any], parts: Folds
) -> float:
    """Return the mean log likelihood over the folds; higher is better.

    The model is the candidate that the text task is rendered with.
    """
    candidate = make_pipeline(
        TfidfTransformer(), LogisticRegression(C=strength, max_iter=MAX_ITER)
    )
    found = cross_val_score(
        candidate,
        matrix,
        names,
        scoring="neg_log_loss",
        cv=parts,
    )
    return float(found.mean())
