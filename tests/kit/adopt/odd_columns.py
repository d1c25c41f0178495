"""Columns of 200 cells, drawn: what the tests of odd cells and odd kinds share."""

import numpy as np
import pandas as pd

from mlservice.adopt.columns import kinds
from mlservice.adopt.plan import Options

ROWS = 200
RANDOM = np.random.default_rng(5)
N = range(ROWS)
Y = [("no", "yes")[at] for at in RANDOM.integers(0, 2, ROWS)]


def cycle(*values):
    return [values[at % len(values)] for at in RANDOM.permutation(ROWS)]


def amounts(form, low=1, high=900):
    return [form.format(one) for one in RANDOM.uniform(low, high, ROWS)]


def whole(form, low=1, high=900):
    return [form.format(one) for one in RANDOM.integers(low, high, ROWS)]


def beside(cells, *words, share=0.08):
    """Replace a share of the cells by words."""
    odd = RANDOM.random(ROWS) < share
    return [words[at % len(words)] if one else cell for at, (cell, one) in enumerate(zip(cells, odd, strict=True))]


def adopt(columns, **options):
    """Infer the columns of a table of texts; return them by name."""
    frame = pd.DataFrame(columns).astype("string[pyarrow]")
    return {one.column: one for one in kinds.columns_of(frame, Options("", **options))}
