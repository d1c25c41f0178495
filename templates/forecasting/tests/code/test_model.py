"""The models by name, as one ONNX graph each; the baseline as one SQL query, too."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from {{ cookiecutter.package_name }} import (
    artifact,
    data,
    export,
    model,
    prepare,
)
from {{ cookiecutter.package_name }}.artifact import Scorer
from {{ cookiecutter.package_name }}.features import NAMES, encode
from {{ cookiecutter.package_name }}.model import PerLevel
from {{ cookiecutter.package_name }}.params import Train
from {{ cookiecutter.package_name }}.schema import AHEAD

TRAIN = Train(
    seed=1,
    max_iter=40,
    learning_rate=0.1,
    max_leaf_nodes=8,
    min_samples_leaf=40,
    l2_regularization=1.0,
)
QUERY = Path(__file__).parents[2] / "docs/baseline.sql"
RULES = ("median_90", "seasonal_naive")
RNG = np.random.default_rng(0)
MATRIX = RNG.uniform(0.5, 2, (400, len(NAMES))).astype(np.float32)
LEVEL = MATRIX[:, 0]


def target(units):
    """Return a target with these units and any scale."""
    return np.column_stack([units, np.ones(len(units))])


@pytest.mark.parametrize("best", [model.MEDIAN, model.SEASONAL])
def test_the_baseline_is_the_column_that_is_nearest(best):
    units = MATRIX[:, best + 1] * LEVEL
    fitted = model.baseline(TRAIN).fit(MATRIX, target(units))
    np.testing.assert_allclose(fitted.predict(MATRIX), units, rtol=1e-6)
    exported = export.export(fitted, len(NAMES))
    np.testing.assert_allclose(Scorer(exported).run(MATRIX)[:, 0], units, rtol=1e-6)


def test_the_trivial_model_is_the_median_whatever_sold():
    fitted = model.trivial(TRAIN).fit(MATRIX, target(MATRIX[:, model.SEASONAL + 1]))
    expected = MATRIX[:, NAMES.index("median_90")] * LEVEL
    np.testing.assert_allclose(fitted.predict(MATRIX), expected, rtol=1e-6)


def test_a_forecast_is_never_below_nothing_in_the_graph_either():
    falling = MATRIX[:, 1] - 1.2
    fitted = PerLevel(LinearRegression()).fit(MATRIX, target(falling * LEVEL))
    served = Scorer(export.export(fitted, len(NAMES))).run(MATRIX)[:, 0]
    assert served.min() == fitted.predict(MATRIX).min() == 0 < served.max()
    np.testing.assert_allclose(served, fitted.predict(MATRIX), atol=1e-5)


def test_fitting_leaves_what_was_given_as_it_was():
    line = LinearRegression()
    fitted = PerLevel(line).fit(MATRIX, target(LEVEL))
    assert fitted.regressor is line and not hasattr(line, "coef_")


def answer(rows, last):
    """Run the query on all rows, those after `last` too: they must not matter."""
    table = rows[["date", "product", "units"]]
    with sqlite3.connect(":memory:") as database:
        table.assign(date=table["date"].dt.strftime("%Y-%m-%d")).to_sql(
            "sales", database, index=False
        )
        words = {"last": f"{last:%Y-%m-%d}", "horizon": AHEAD}
        text = QUERY.read_text(encoding="utf-8")
        return pd.read_sql_query(text, database, params=words)


@pytest.fixture(scope="module", params=[0, 3, -1])
def both(request, project, raw):
    """The query's answer, and the matrix of the same products on the same day."""
    part = data.load(project / "data/test.parquet")
    first = pd.to_datetime(part["start"]) + pd.to_timedelta(part["units"].map(len), "D")
    day = first.unique()[request.param]
    part = part[first == day].sort_values("product")
    given = [prepare.instance_of(r) for r in part[prepare.ASKED].to_dict("records")]
    found = answer(data.check(raw), day - timedelta(days=1))
    found = found[found["product"].isin(part["product"])]
    assert found["product"].tolist() == part["product"].repeat(AHEAD).tolist()
    assert found["date"].iloc[0] == f"{day:%Y-%m-%d}"
    return found, encode(given)


@pytest.mark.parametrize("name", RULES)
def test_the_query_computes_the_feature(name, both):
    found, matrix = both
    units = matrix[:, NAMES.index(name)] * matrix[:, NAMES.index("level")]
    np.testing.assert_allclose(found[name], units, rtol=1e-5)


def test_one_of_its_columns_is_what_the_served_baseline_says(both, project):
    found, matrix = both
    served = artifact.load(project / "models/baseline").scorer.run(matrix)[:, 0]
    near = [np.allclose(found[name], served, rtol=1e-5) for name in RULES]
    assert sum(near) == 1
