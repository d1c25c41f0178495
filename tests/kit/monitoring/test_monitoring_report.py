"""The report of monitoring: what it shows, and that its plots are those of the numbers."""

import re

import numpy as np
import pandas as pd
import pytest
from mlservice.data.profile import profile, profile_like
from mlservice.data.reference import Reference
from mlservice.monitoring import report_plots
from mlservice.monitoring.detector import State
from mlservice.monitoring.findings import Findings, time_of
from mlservice.monitoring.history import Alarms, History
from mlservice.monitoring.log_reader import Skipped
from mlservice.monitoring.report_page import report_page
from mlservice.monitoring.windows import Window
from toys.classification import SERVICE

STARTS = [f"2026-03-{day:02}T00:00:00+00:00" for day in range(1, 5)]
RNG = np.random.default_rng(0)
COLUMNS = {"months": pd.Series(RNG.normal(30, 5, 500)), "contract": pd.Series(RNG.choice(["<monthly>", "yearly"], 500))}


def axes_of(figure):
    """Return the axes of a figure."""
    return figure.axes


def drift_of(name):
    """Return what history.json has of a column."""
    return {"psi": 0.1, "psi_without_drift": 0.09, "shift": 1.0, "missing": 0.0, "unknown": 0.0, "name": name}


def found(labels=True, expected=True):
    """Return the findings of four windows, the last of which is an alarm of both kinds."""
    interval = {"value": 0.41, "low": 0.39, "high": 0.44}
    windows = {
        start: {
            "rows": 500,
            "p_values": {
                "months: ranks": 0.5,
                "months: missing": 10.0**-at,
                "contract: levels": 0.3,
                "classifier": 0.2,
            },
            "columns": {name: drift_of(name) for name in COLUMNS},
            "expected": {"log_loss": interval} if expected else {},
            "performance": {"rows": 480, "models": {"model": {"log_loss": interval}}, "p_value": 0.1} if labels else {},
        }
        for at, start in enumerate(STARTS)
    }
    quiet, alarm = State(2.0, False, {}), State(900.0, True, {})
    states = dict(zip(STARTS, [quiet, quiet, quiet, alarm], strict=True))
    profiles = {name: profile(values) for name, values in COLUMNS.items()}
    window = Window(500, {n: profile_like(profiles[n], v) for n, v in COLUMNS.items()})
    return Findings(
        SERVICE,
        "log_loss",
        History("abc", windows),
        Alarms(365.0, states, states if labels else {}),
        Reference(profiles, {}, None, {"log_loss": interval}),
        {pd.Timestamp(STARTS[-1]).to_pydatetime(): window},
        Skipped(),
    )


def test_the_first_screen_says_alarm_how_many_and_since_when():
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", report_page(found())))
    assert "Alarm in the last window, which began 2026-03-04." in text
    assert "Alarms of drift 1 in 4 windows." in text and "with labels 1 in 4 windows with labels" in text
    assert "1 in 365 windows or fewer" in text and "0.410 [0.390, 0.440]" in text
    assert "cannot see that the same inputs mean something else" in text


def test_it_is_one_file_that_fetches_nothing_and_escapes_values():
    page = report_page(found())
    places = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert [place for place in places if not place.startswith(("#", "data:"))] == []
    assert "<monthly>" not in page and page.count("<svg role=") == 5 and len(page) < 1_000_000


def test_without_labels_it_says_how_they_come_and_without_probabilities_nothing_is_expected():
    page = report_page(found(labels=False, expected=False))
    assert "make labels" in page and 'id="metric"' not in page and "something else" not in page
    assert ">expected<" not in report_page(found(expected=False))


def test_without_a_window_there_is_a_page_that_says_so():
    empty = found()
    nothing = Findings(
        SERVICE, "log_loss", History("abc"), Alarms(365.0, {}, {}), empty.reference, {}, Skipped(files={"a": "odd"})
    )
    page = report_page(nothing)
    assert "No window has been judged." in page and "a: odd" in page and "<svg" not in page


def test_the_heat_map_has_the_smallest_p_value_of_each_column_times_its_tests():
    axes, _ = axes_of(report_plots.heat_map(found()))
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names[0] == "months" and {*names} == {"months", "contract", report_plots.TOGETHER}
    assert axes.images[0].get_array()[0].tolist() == pytest.approx(
        [0.0, 1 - np.log10(2), 2 - np.log10(2), 3 - np.log10(2)]
    )


@pytest.mark.parametrize("values", [RNG.normal(0, 1, 900), RNG.integers(0, 24, 900), np.zeros(900)])
def test_a_distribution_holds_all_rows_of_both(values):
    reference = profile(pd.Series(values.astype(float)))
    window = profile_like(reference, pd.Series(values[:300] + 1.0))
    [axes] = axes_of(report_plots.distribution("x", reference, window))
    assert [patch.get_data().values.sum() for patch in axes.patches] == pytest.approx([1.0, 1.0])


def test_a_window_is_named_by_its_day_or_its_time():
    assert time_of(STARTS[0]) == "2026-03-01" and time_of("2026-03-01T06:00:00+00:00") == "2026-03-01 06:00"
