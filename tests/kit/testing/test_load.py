"""The load test fails when a figure is over its budget, and says which."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from load import __main__ as load_main
from load.budget import Figures, figures, misses, quantile, table

from {{ cookiecutter.package_name }}.config import Budget
from {{ cookiecutter.package_name }}.errors import run

TESTS = Path(__file__).parents[1]
BUDGET = Budget(users=4, requests_per_second=50, seconds=5, p99_ms=20, error_rate=0.01)
KEPT = Figures(requests=500, error_rate=0.01, p50_ms=2, p99_ms=20, rate=100)


def test_times_and_errors_are_summed_over_all_requests():
    stats = [
        {"num_requests": 98, "num_failures": 0, "response_times": {"3": 97, "4": 1}},
        {"num_requests": 2, "num_failures": 1, "response_times": {"900": 2}},
    ]
    assert figures(stats, 10) == Figures(100, 0.01, 3, 900, 10)


@pytest.mark.parametrize(
    ("share", "time"), [(0.5, 1), (0.98, 1), (0.99, 7), (1, 8)], ids=str
)
def test_a_quantile_is_a_time_that_was_measured(share, time):
    assert quantile({8: 1, 1: 98, 7: 1}, share) == time


def test_without_an_answer_nothing_is_kept():
    missed = misses(figures([], 10), BUDGET)
    assert missed[0].startswith("p99 was inf ms")


def test_a_figure_at_its_budget_keeps_it():
    assert not misses(KEPT, BUDGET)
    late = misses(KEPT._replace(p99_ms=21), BUDGET)
    assert late == ["p99 was 21 ms, and budget.p99_ms allows 20"]
    failed = misses(KEPT._replace(error_rate=0.02), BUDGET)
    assert failed[0].startswith("2.00% of the requests failed") and not failed[1:]


def test_the_table_has_every_figure():
    text = table(KEPT, BUDGET)
    assert all(word in text for word in ("p99, ms", "20", "1.00%", "500", "100"))


@pytest.mark.parametrize(
    ("times", "failures", "missed"),
    [
        ([20], 0, []),
        ([21, 20], 0, []),
        ([21, 22, 23], 0, ["p99 was 23 ms"]),
        ([21], 9, ["p99 was 21 ms", "9.00% of the requests failed"]),
        ([20], 9, ["9.00% of the requests failed"]),
    ],
    ids=str,
)
def test_a_slow_run_is_repeated_and_a_failed_one_is_not(
    times, failures, missed, monkeypatch, capsys
):
    left = list(times)

    def asked(*_):
        counts = {"num_requests": 100, "num_failures": failures}
        return [{**counts, "response_times": {str(left.pop(0)): 100}}]

    monkeypatch.setattr(load_main, "asked", asked)
    told = load_main.judged(8000, BUDGET)
    assert not left and [text.split(", and ")[0] for text in told] == missed
    assert capsys.readouterr().out.count("asked again") == len(times) - 1


def load_test(*words):
    """Run `make load-test` without make."""
    return subprocess.run(
        [sys.executable, "-m", "load", *words],
        env=os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent / 'src'}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missed_budget_is_told_in_one_sentence(
    own_project, call, monkeypatch, capsys
):
    monkeypatch.setattr(load_main, "ATTEMPTS", 1)
    knobs = yaml.safe_load((own_project / "params.yaml").read_text("utf-8"))
    knobs["budget"]["p99_ms"] = 0.001
    (own_project / "params.yaml").write_text(yaml.safe_dump(knobs), "utf-8")
    with pytest.raises(SystemExit) as ended:
        call(lambda: run(load_main.main), "--seconds=1", "--users=3")
    told = ended.value.code  # Python prints a text and exits with 1
    assert told.startswith("error: the budget of params.yaml is missed: p99 was")
    assert len(told.splitlines()) == 1
    printed = capsys.readouterr().out
    assert "3 users" in printed and "0.00%" in printed


@pytest.mark.usefixtures("own_project")
def test_a_wrong_size_is_told_in_one_sentence():
    done = load_test("--users=0", "--seconds=many")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.startswith("error: users: Input should be greater than 0, sec")
