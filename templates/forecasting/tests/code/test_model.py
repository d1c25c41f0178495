"""The models by name, as one ONNX graph each; the baseline as one SQL query, too."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mlservice.data.checks import check
from mlservice.data.files import load
from mlservice.model import artifact, onnx_export
from mlservice.model.scorer import OnnxScorer

from {{ cookiecutter.package_name }} import data, model
from {{ cookiecutter.package_name }}.schema import AHEAD
from {{ cookiecutter.package_name }}.service import SERVICE

NAMES = SERVICE.encoding.names
QUERY = Path(__file__).parents[2] / "docs/baseline.sql"
RULES = ("median_90", "seasonal_naive")
RNG = np.random.default_rng(0)
MATRIX = RNG.uniform(0.5, 2, (400, len(NAMES))).astype(np.float32)
LEVEL = MATRIX[:, 0]


def target(units):
    """Return a target with these units and any scale."""
    return np.column_stack([units, np.ones(len(units))])


@pytest.mark.parametrize("best", [model.MEDIAN, model.SEASONAL])
def test_the_baseline_is_the_column_that_is_nearest(best, params):
    units = MATRIX[:, best + 1] * LEVEL
    fitted = model.baseline(params.train).fit(MATRIX, target(units))
    np.testing.assert_allclose(fitted.predict(MATRIX), units, rtol=1e-6)
    exported = onnx_export.export(fitted, len(NAMES))
    np.testing.assert_allclose(OnnxScorer(exported).run(MATRIX)[:, 0], units, rtol=1e-6)


def test_the_trivial_model_is_the_median_whatever_sold(params):
    other = target(MATRIX[:, model.SEASONAL + 1])
    fitted = model.trivial(params.train).fit(MATRIX, other)
    expected = MATRIX[:, NAMES.index("median_90")] * LEVEL
    np.testing.assert_allclose(fitted.predict(MATRIX), expected, rtol=1e-6)


@pytest.mark.parametrize("make", model.CANDIDATES.values(), ids=model.CANDIDATES)
def test_a_forecast_is_never_below_nothing_in_the_graph_either(make, params):
    falling = target((MATRIX[:, 1] - 1.2) * LEVEL)
    fitted = make(params.train).fit(MATRIX, falling)
    exported = onnx_export.export(fitted, len(NAMES))
    assert onnx_export.agreement(fitted, exported, MATRIX) == 1.0
    served = OnnxScorer(exported).run(MATRIX)[:, 0]
    assert served.min() == fitted.predict(MATRIX).min() == 0 < served.max()


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
    split = load(project / "data/test.parquet", SERVICE.columns)
    first = pd.to_datetime(split["start"]) + pd.to_timedelta(
        split["units"].map(len), "D"
    )
    day = first.unique()[request.param]
    split = split[first == day].sort_values("product")
    given = [data.instance_of(r) for r in split[data.ASKED].to_dict("records")]
    rows = data.by_name(check(raw, SERVICE.columns))
    found = answer(rows, day - timedelta(days=1))
    found = found[found["product"].isin(split["product"])]
    assert found["product"].tolist() == split["product"].repeat(AHEAD).tolist()
    assert found["date"].iloc[0] == f"{day:%Y-%m-%d}"
    return found, SERVICE.encoding.encode(given)


@pytest.mark.parametrize("name", RULES)
def test_the_query_computes_the_feature(name, both):
    found, matrix = both
    units = matrix[:, NAMES.index(name)] * matrix[:, NAMES.index("level")]
    np.testing.assert_allclose(found[name], units, rtol=1e-5)


def test_one_of_its_columns_is_what_the_served_baseline_says(both, project):
    found, matrix = both
    served = artifact.load(SERVICE, project / "models/baseline")
    scores = served.scorer.run(matrix)[:, 0]
    near = [np.allclose(found[name], scores, rtol=1e-5) for name in RULES]
    assert sum(near) == 1
