"""How closely the candidate follows the rows, by cross-validation on some of them."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold, cross_val_score

from ..model import candidate
from ..params import Train
from ..texts import encode
from . import readings
from .plan import Column

USUAL = 5.0  # scikit-learn's C
TRIED = (0.5, USUAL, 50.0)
ROWS = 3_000  # tried on; more would take minutes
CLASSES = 20  # of more, too
MAX_ITER = 300


def choose(frame: pd.DataFrame, text: Column, target: Column) -> float:
    """Return the best of TRIED for the texts of sampled rows; USUAL for many classes.

    The same frame gives the same choice.
    """
    if len(target.categories) > CLASSES:
        return USUAL
    names = readings.apply(target.reading, frame[target.column])
    known = names[names.isin(target.categories)].astype(object)
    known = known.sample(min(ROWS, len(known)), random_state=0)
    counts = known.value_counts()
    known = known[known.isin(counts.index[counts >= 3])]  # a row of it in every fold
    cells = readings.clean(frame[text.column].loc[known.index]).fillna("")
    matrix = csr_matrix(encode(cells.astype(object).tolist()))
    scores = [_score(strength, matrix, known) for strength in TRIED]
    return TRIED[int(np.argmax(scores))]


def _score(strength: float, matrix: csr_matrix, names: "pd.Series[str]") -> float:
    """Return the mean log likelihood over the folds: the higher the better."""
    found = cross_val_score(
        candidate(Train(inverse_regularization=strength, max_iter=MAX_ITER)),
        matrix,
        names.to_numpy(dtype=object),
        scoring="neg_log_loss",
        cv=StratifiedKFold(3, shuffle=True, random_state=0),
    )
    return float(found.mean())
