"""The baseline is one SQL query: it forecasts what the served baseline forecasts."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from {{ cookiecutter.package_name }} import artifact, prepare
from {{ cookiecutter.package_name }}.features import NAMES, encode
from {{ cookiecutter.package_name }}.schema import AHEAD

QUERY = Path(__file__).parents[2] / "baseline.sql"


def asked(rows, last):
    """Run the query on rows up to `last`, and after it: the future must not matter."""
    table = rows[["date", "product", "units"]]
    with sqlite3.connect(":memory:") as database:
        table.assign(date=table["date"].dt.strftime("%Y-%m-%d")).to_sql(
            "sales", database, index=False
        )
        given = {"last": f"{last:%Y-%m-%d}", "horizon": AHEAD}
        text = QUERY.read_text(encoding="utf-8")
        return pd.read_sql_query(text, database, params=given)


@pytest.fixture(scope="module", params=[0, 3, -1])
def both(request, rows, windows):
    """The query's answer, and the matrix of the same products on the same day."""
    part = windows["test"]
    first = pd.to_datetime(part["start"]) + pd.to_timedelta(part["units"].map(len), "D")
    day = first.unique()[request.param]
    part = part[first == day].sort_values("product")
    given = [prepare.instance_of(r) for r in part[prepare.ASKED].to_dict("records")]
    found = asked(rows, day - timedelta(days=1))
    found = found[found["product"].isin(part["product"])]
    assert found["product"].tolist() == part["product"].repeat(AHEAD).tolist()
    assert found["date"].iloc[0] == f"{day:%Y-%m-%d}"
    return found, encode(given)


@pytest.mark.parametrize("name", ["median_90", "seasonal_naive"])
def test_the_query_computes_the_feature(name, both):
    found, matrix = both
    units = matrix[:, NAMES.index(name)] * matrix[:, NAMES.index("level")]
    np.testing.assert_allclose(found[name], units, rtol=1e-5)


def test_one_of_its_columns_is_what_the_served_baseline_says(both, project):
    found, matrix = both
    served = artifact.load(project / "models/baseline").scorer.run(matrix)[:, 0]
    near = [
        np.allclose(found[name], served, rtol=1e-5)
        for name in ("median_90", "seasonal_naive")
    ]
    assert sum(near) == 1
