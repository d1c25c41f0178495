"""Classifier two-sample test: whether a model can tell two samples apart.

It sees what no column shows alone, such as a correlation that is new. The classifier is
fitted on one half of both samples and asked about the other half, so that the ranks of
that half are a valid test whatever the classifier has learned (Lopez-Paz & Oquab 2017).
"""

import numpy as np
from scipy.stats import mannwhitneyu
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from mlservice.arrays import Matrix

ROWS = 2_000  # of each sample; more take time and find what does not matter
FEWEST = 30  # rows of a sample


def classifier_p_value(reference: Matrix, window: Matrix, seed: int) -> float:
    """Return the p-value of equal distributions of two samples, shape (n, d), (m, d).

    One-sided: of the test half, rows of the window are ranked above those of the
    reference (Mann & Whitney 1947). 1.0 if there are too few rows.
    """
    rng = np.random.default_rng(seed)
    first, second = (_sampled(each, rng) for each in (reference, window))
    if min(len(first), len(second)) < FEWEST:
        return 1.0
    rows = np.vstack([first, second])
    label = np.repeat([0, 1], [len(first), len(second)])
    train = np.zeros(len(rows), bool)
    train[: len(first) // 2] = train[len(first) : len(first) + len(second) // 2] = True
    model = HistGradientBoostingClassifier(
        max_iter=50,
        learning_rate=0.1,
        max_leaf_nodes=8,
        min_samples_leaf=10,
        early_stopping=False,
        random_state=seed,
        class_weight="balanced",
    )
    with threadpool_limits(1):
        model.fit(rows[train], label[train])
        scores = model.predict_proba(rows[~train])[:, 1]
    asked = label[~train] == 1
    found = mannwhitneyu(scores[asked], scores[~asked], alternative="greater")
    return float(found.pvalue)


def _sampled(matrix: Matrix, rng: np.random.Generator) -> Matrix:
    """Return rows in random order, ROWS of them at most."""
    return matrix[rng.permutation(len(matrix))[:ROWS]]
