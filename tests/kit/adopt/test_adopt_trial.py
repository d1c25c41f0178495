"""Adopting ends with a trial of the pipeline on the real rows: what it takes, `make pipeline` can run."""

import numpy as np
import pandas as pd
import pytest
from adopt_helpers import contents

from mlservice.adopt import __main__ as adopt
from mlservice.adopt.plan import ColumnFault
from mlservice.adopt.tasks.table import hyperparameters
from mlservice.errors import UserError

SIZE = dict(zip(hyperparameters.NAMES, hyperparameters.DEFAULT, strict=True))
RNG = np.random.default_rng(1)


def signal(rows, **columns):
    """A table whose class follows from x."""
    x = RNG.normal(size=rows).round(3)
    y = np.where(x + RNG.normal(0, 0.5, rows) > 0, "yes", "no")
    return pd.DataFrame({"x": x, "z": RNG.normal(size=rows).round(2), **columns, "y": y})


def tag(at):
    """A category of which each occurs twice; one is as long as a text."""
    return f"v{at % 1300:04}" if at != 1299 else "words " * 60


def test_what_is_adopted_goes_through_the_pipeline(whole, tmp_path, call, capsys):
    rows = 2600  # what broke `make pipeline` in 0.6.0 after adopting said yes, in one table
    frame = signal(
        rows,
        tag=[tag(at) for at in range(rows)],
        amount=[f"{n}" + "0" * 16 for n in RNG.integers(10**3, 10**4, rows)],
        day=[f"{2020 if at < rows - 90 else 2300}-{at % 12 + 1:02}-{at % 28 + 1:02}" for at in range(rows)],
    ).sort_values("x")
    frame = frame.assign(y=["a"] * (rows - 25) + ["b"] * 25).sample(frac=1, random_state=0)
    frame.to_csv(tmp_path / "mine.csv", index=False)
    words = ("y", "--yes", "--package", whole.package, "--keep", "amount")
    assert call(adopt.main, tmp_path / "mine.csv", *words) == 0
    output = " ".join(capsys.readouterr().out.split())
    assert "1 texts of more than 200 characters are cut" in output
    assert "the rarer class has 25 rows: 44% of all rows" in output
    assert "day: dates outside 1900 to 2199 are years here" in output
    schema = (whole.folder / "src" / whole.package / "schema.py").read_text("utf-8")
    assert "amount: float = number(" in schema and "day_: float = number(" in schema


def test_what_fails_in_the_trial_is_refused_before_anything_is_written(whole, tmp_path, call):
    before = contents(whole.folder)
    signal(300, kind=["a"] * 300).assign(y=["no"] * 285 + ["yes"] * 15).to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(UserError, match="nothing was written: too few test rows .10 of each class"):
        call(adopt.main, tmp_path / "mine.csv", "y", "--yes", "--package", whole.package)
    assert contents(whole.folder) == before


def test_a_column_that_fails_in_the_trial_is_set_aside_with_the_reason(home, data, call, monkeypatch, capsys):
    def fails(_project, plan, *_):
        if any(one.column == "class" for one in plan.features):
            raise ColumnFault("class", "row 3, column class: 'x' is not readable")

    monkeypatch.setattr(adopt, "add_to_dvc", lambda: None)
    monkeypatch.setattr(adopt.trial, "attempt", fails)
    monkeypatch.setattr(hyperparameters, "choose", lambda *_: SIZE)
    monkeypatch.setenv("COLUMNS", "160")  # the reason in one line
    assert call(adopt.main, data, *home.words) == 0
    assert "row 3, column class: 'x' is not" in " ".join(capsys.readouterr().out.split())
    schema = (home.folder / "src" / home.package / "schema.py").read_text("utf-8")
    assert "class_" not in schema and "mood" in schema
    with pytest.raises(UserError, match="column class: row 3.*DROP=class leaves it out"):
        call(adopt.main, data, *home.words, "--keep", "class")


@pytest.mark.parametrize("home", ["forecasting"], indirect=True)
def test_a_series_that_stands_still_for_weeks_goes_through_the_pipeline(whole, tmp_path, call):
    days = pd.date_range("2024-01-01", periods=400)
    units = RNG.poisson(20, 400) + 9 * (np.arange(400) % 7)
    units[180:300] = 25  # the weeks of validation, and what a forecast looks at before
    pd.DataFrame({"day": days.astype(str), "units": units}).to_csv(tmp_path / "mine.csv", index=False)
    words = ("units", "--yes", "--package", whole.package, "--time", "day")
    assert call(adopt.main, tmp_path / "mine.csv", *words) == 0
