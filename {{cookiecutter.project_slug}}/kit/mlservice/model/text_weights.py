"""Weights of words, and bins of the numbers beside them, for a linear model."""

import warnings
from typing import Any

from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KBinsDiscretizer

from mlservice.encoding.table import TableEncoding

BINS = 8  # of equal size


def words_and_numbers(encoding: TableEncoding) -> Any:
    """Weigh words by TF-IDF (Spärck Jones 1972), and put each number into bins.

    TF-IDF takes a number for the count of a word; a linear model takes no more than a
    slope from it, and no missing one. In bins it has any shape; a missing number counts
    as the median. Leave `sublinear_tf` off: its ONNX converter changes the scores, and
    export says so.
    """
    words = TfidfTransformer()
    if not encoding.numbers:
        return words
    # It warns of each hour that is always 0, and of each number with few values.
    warnings.filterwarnings("ignore", module="sklearn.preprocessing._discretization")
    bins = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        KBinsDiscretizer(
            BINS,
            encode="onehot-dense",
            strategy="quantile",
            quantile_method="averaged_inverted_cdf",
        ),
    )
    return ColumnTransformer(
        [("numbers", bins, list(encoding.numbers))], remainder=words
    )
