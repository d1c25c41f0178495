"""The benchmarks of tuning and of monitoring judge what they measured as their tables say."""

import importlib.util
import sys

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
# pylint: disable=wrong-import-position,import-error  # benchmarks/ is no package, and none that pylint is shown
import tune  # noqa: E402


def loaded():
    """Load benchmarks/monitoring, whose module is called `__main__`."""
    path = ROOT / "benchmarks/monitoring/__main__.py"
    spec = importlib.util.spec_from_file_location("benchmark_of_monitoring", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("low", "high", "met"), [(-0.02, -0.01, False), (-0.02, 0.01, True), (0.01, 0.02, True)])
def test_tuning_misses_where_a_table_became_significantly_worse(low, high, met):
    found = [tune.Tuned("a", True, ((low + high) / 2, low, high)), tune.Tuned("b", False, (0.0, 0.0, 0.0))]
    failed, worse, better = tune.lines(found, [])
    assert (failed.met, worse.met) == (True, met) and better.measured == f"{int(low + high > 0)} of 2, {int(low > 0)}"
    assert tune.lines(found, ["c"])[0].met is False


def test_a_year_with_an_alarm_counts_and_a_shift_that_is_never_found_too(monkeypatch):
    monitoring = loaded()
    monkeypatch.setattr(monitoring, "simulated", lambda case, times: [None, 3, 5, None][:times] * (times // 4))
    lines = monitoring.alarms(8)
    assert len(lines) == 6 and {line.measured for line in lines} == {"0.50"} and not any(line.met for line in lines)
    monkeypatch.setattr(monitoring, "simulated", lambda case, times: [4, 5, 6, 7, None])
    first, second = monitoring.shifts(5)
    assert first.measured == "6 (90 %: inf)" and first.met and second.met
