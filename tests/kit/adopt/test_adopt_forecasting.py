"""Adopting series of days: what is found, what is refused, and what is written."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from mlservice.adopt import sources
from mlservice.adopt.plan import Options
from mlservice.adopt.project import Project
from mlservice.adopt.tasks.forecasting import days, outputs, schema_code, series
from mlservice.errors import UserError

PROJECT = Project("shops", "forecasting")
OPTIONS = Options("Sales (€)", time="Date", group="Store", keep=("Promo",))


def table(series=6, count=110):
    """A table of series, a few days of which have no row."""
    rng = np.random.default_rng(2)
    dates = pd.date_range("2024-03-01", periods=count)
    frame = pd.DataFrame({"Date": np.repeat(dates, series)})
    place = np.arange(len(frame)) % series
    frame["Store"] = [f"0{n}" for n in place]
    frame["Type"] = np.where(place % 2, "big", "small")
    frame["Promo"] = (rng.random(len(frame)) < 0.2).astype(int)
    week = frame["Date"].dt.day_of_week
    frame["Sales (€)"] = ((20 + 9 * week) * rng.uniform(0.8, 1.2, len(frame))).round(2)
    frame["Weather"] = rng.choice(["sun", "rain"], len(frame))
    return frame.sample(frac=0.95, random_state=0).sort_values("Date")


def plan(frame, folder, options=OPTIONS, **written):
    """Plan for a frame, as the file that a person would have; return source, too."""
    frame.to_csv(folder / "mine.csv", index=False, **written)
    source = sources.open_source(str(folder / "mine.csv"))
    sample = source.sample(10_000)
    return source, sample, series.plan_for(source, sample, options)


def test_each_column_has_its_part(tmp_path):
    _, _, found = plan(table(), tmp_path)
    roles = {one.name: one.column for one in found.columns}
    assert roles == {
        "date": "Date",
        "product": "Store",
        "group": "Type",
        "price": "Promo",
        "units": "Sales (€)",
    }
    assert found.problem == "number" and found.features[-1].low == 0
    (aside,) = found.aside
    assert aside.column == "Weather" and "only on the day itself" in aside.why
    assert "5.0% of the days" in found.warnings[0]
    assert "really planned" in found.features[-1].warning


def test_one_series_needs_no_group(tmp_path):
    options = Options("Sales (€)", time="Date")
    _, _, found = plan(table(1, 200), tmp_path, options)
    assert [one.name for one in found.columns] == ["date", "units"]


def test_days_and_numbers_may_be_written_as_in_germany(tmp_path):
    frame = table()
    frame["Date"] = frame["Date"].dt.strftime("%d.%m.%Y")
    _, _, found = plan(frame, tmp_path, sep=";", decimal=",")
    assert found.features[0].why.startswith("2024-03-01 to ")


def weekly(frame):  # one day of each week
    return frame[frame["Date"].dt.day_of_week == 1]


def hourly(frame):  # two rows a day
    return pd.concat([frame, frame.assign(Date=frame["Date"] + pd.Timedelta(hours=5))])


@pytest.mark.parametrize(
    ("change", "options", "sentence"),
    [
        (None, {"time": ""}, "say with TIME= which column holds the days.*TIME=Date"),
        (None, {"time": "Dat"}, "no column is called 'Dat'.*'Date'"),
        (None, {"time": "Weather"}, "TIME=Weather holds no dates"),
        (None, {"target": "Weather"}, "TARGET=Weather holds no numbers"),
        (None, {"target": "Store"}, "must be different columns"),
        (None, {"group": ""}, "share Date with another.*GROUP=, or sum them first"),
        (hourly, {}, "share Store and Date with another.*sum them first"),
        (weekly, {}, "rows are 7 days apart"),
        (lambda frame: frame.iloc[:240], {}, "days are too few: 84 are needed"),
        (lambda frame: frame.assign(**{"Sales (€)": 3}), {}, "same in every row"),
        (lambda frame: frame.replace({"Store": "01"}, ""), {}, "rows have no Store"),
        (lambda frame: frame.replace({"Promo": 1}, -1), {}, "KEEP=Promo is below 0"),
        (
            lambda frame: frame.assign(**{"Sales (€)": frame["Sales (€)"] - 40}),
            {},
            "below 0 in .* rows",
        ),
        (
            lambda frame: frame.rename(columns={"Promo": "start"}),
            {"keep": ("start",)},
            "rename the column start",
        ),
        (
            lambda frame: frame.assign(Date=frame["Date"].dt.strftime("%Y-%m-%d 08:30:00")),
            {},
            "TIME=Date holds times of day",
        ),
    ],
)
def test_what_is_no_daily_series_is_refused_in_a_sentence(change, options, sentence, tmp_path):
    frame = change(table()) if change else table()
    with pytest.raises(UserError, match=sentence) as caught:
        plan(frame, tmp_path, Options(**vars(OPTIONS) | options))
    assert "\n" not in str(caught.value)


def test_midnight_is_a_day_alone(tmp_path):
    frame = table()
    frame["Date"] = frame["Date"].dt.strftime("%Y-%m-%d 00:00:00")
    _, _, found = plan(frame, tmp_path)
    assert found.features[0].name == "date"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((1_000, 30), (42, 84)),
        ((84, 30), (14, 14)),
        ((200, 5), (14, 28)),
        ((154, 1), (14, 84)),
    ],
)
def test_what_is_kept_for_judging_grows_with_the_days(given, expected):
    assert days.splits(*given) == expected


@pytest.fixture
def home(documents):
    """The project's documents, in the current folder."""
    return documents("forecasting")


@pytest.mark.parametrize("alone", [False, True])
def test_every_file_is_written_and_holds_no_row(home, alone):
    options = Options("Sales (€)", time="Date") if alone else OPTIONS
    frame = table(1, 200) if alone else table()
    frame["Store"] = "secret " + frame["Store"]
    source, sample, found = plan(frame, home, options)
    written = outputs.texts(found, sample, PROJECT)
    names = {path.name for path in written}
    assert {"schema.py", "sample.py", "params.yaml", "README.md"} <= names
    assert {"baseline.sql", "design-doc.md", "test_behaviour.py"} <= names
    for path, text in written.items():
        assert "secret" not in text, path
        if path.suffix == ".py":
            compile(text, path.name, "exec")
    assert written == outputs.texts(found, sample, PROJECT)
    params = yaml.safe_load(written[Path("params.yaml")])
    assert ("group" in params["gate"]["slices"]) is not alone
    test = params["prepare"]["test_days"]
    assert f"`prepare.test_days` = `{test}`" in written[Path("docs/design-doc.md")]
    assert '"Sales (€)": [' in written[Path("README.md")]
    assert ("ClassVar" in written[PROJECT.source / "schema.py"]) is alone
    assert source.rows == len(frame)


def test_the_query_s_comment_stands_once(home):
    _, sample, found = plan(table(), home)
    query = Path("docs/baseline.sql")
    for _ in range(2):
        query.write_text(outputs.texts(found, sample, PROJECT)[query], encoding="utf-8")
    assert query.read_text(encoding="utf-8").count("CREATE VIEW") == 1


@pytest.mark.parametrize(("level", "least", "digits"), [(530, 0.1, 2), (1.5, 0.01, 2), (0.004, 1e-5, 5)])
def test_a_small_level_has_more_decimals(level, least, digits):
    shape = schema_code.Shape(series=1, days=300, level=level, usual=1.0)
    assert (shape.least, shape.digits) == (pytest.approx(least), digits)
