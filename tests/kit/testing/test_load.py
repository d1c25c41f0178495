"""The load test fails when a value exceeds its budget, and names it."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
import yaml

import toys
from mlservice.errors import UserError, run
from mlservice.params import Budget
from mlservice.paths import CURRENT
from mlservice.testing import load
from mlservice.testing.load_budget import Measurement, measure, quantile, table, violations
from mlservice.testing.server_process import running
from mlservice.testing.toy_models import save_toy

BUDGET = Budget(users=4, requests_per_second=50, seconds=5, p99_ms=20, error_rate=0.01)
KEPT = Measurement(requests=500, error_rate=0.01, p50_ms=2, p99_ms=20, rate=100)
MAIN = "import runpy; runpy.run_module('toys.classification', run_name='__main__')\n"
WAIT = """
from time import perf_counter
from types import SimpleNamespace as Namespace
from mlservice.testing.locustfile import Client
client = object.__new__(Client)
client.environment = Namespace(parsed_options=Namespace(num_users=5))
client._cp_last_run, client._cp_last_wait_time = perf_counter(), 0
print(client.wait_time())
"""  # in a process of its own: locust patches the standard library


def test_times_and_errors_are_summed_over_all_requests():
    statistics = [
        {"num_requests": 98, "num_failures": 1, "response_times": {"3": 97, "4": 1}},
        {"num_requests": 2, "num_failures": 1, "response_times": {"900": 2}},
    ]
    assert measure(statistics, 10) == Measurement(100, 0.02, 3, 900, 10)


@pytest.mark.parametrize(("share", "time"), [(0.5, 1), (0.98, 1), (0.99, 7), (1, 8)], ids=str)
def test_a_quantile_is_a_time_that_was_measured(share, time):
    assert quantile({8: 1, 1: 98, 7: 1}, share) == time


def test_without_an_answer_the_budget_is_not_kept():
    missed = violations(measure([], 10), BUDGET)
    assert missed[0].startswith("p99 was inf ms")


def test_a_value_at_its_budget_keeps_it():
    assert not violations(KEPT, BUDGET)
    late = violations(KEPT._replace(p99_ms=21), BUDGET)
    assert late == ["p99 was 21 ms, and budget.p99_ms allows 20"]
    failed = violations(KEPT._replace(error_rate=0.02), BUDGET)
    assert failed[0].startswith("2.00% of the requests failed") and not failed[1:]


def test_the_table_has_every_value():
    rows = [line.split() for line in table(KEPT, BUDGET).splitlines()]
    assert rows == [
        ["measured", "budget"],
        ["p99,", "ms", "20", "20"],
        ["failed", "1.00%", "1.00%"],
        ["p50,", "ms", "2"],
        ["requests", "500"],
        ["requests/s", "100"],
    ]


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
def test_a_slow_run_is_repeated_and_a_failed_one_is_not(times, failures, missed, monkeypatch, capsys):
    left = list(times)

    def run_locust(*_):
        counts = {"num_requests": 100, "num_failures": failures}
        return [{**counts, "response_times": {str(left.pop(0)): 100}}]

    monkeypatch.setattr(load, "run_locust", run_locust)
    phrases = load.measure_until_kept(8000, BUDGET, Path("requests.json"))
    assert not left and [text.split(", and ")[0] for text in phrases] == missed
    assert capsys.readouterr().out.count("asked again") == len(times) - 1


@pytest.fixture
def toy_package(tmp_path, monkeypatch):
    """The name of a package that serves the toy of classification; its project is the current folder."""
    package = tmp_path / "src/toy_churn"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(MAIN, "utf-8")
    (package / "service.py").write_text("from toys.classification import SERVICE\n", "utf-8")
    save_toy(toys.SERVICES["classification"], CURRENT)
    write_budget(p99_ms=5_000)
    monkeypatch.setenv("PYTHONPATH", str(package.parent), prepend=os.pathsep)
    monkeypatch.syspath_prepend(package.parent)
    return package.name


def write_budget(**changes):
    """Write a params.yaml with a budget and a section that the load test does not know."""
    budget = BUDGET.model_dump() | {"seconds": 3, "error_rate": 0.0} | changes
    Path("params.yaml").write_text(yaml.safe_dump({"train": {"seed": 7}, "budget": budget}), "utf-8")


def load_test(package, *words):
    """Run `make load-test` without make."""
    command = [sys.executable, "-m", "mlservice.testing.load", "--package", package, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_service_that_keeps_its_budget_passes(toy_package, monkeypatch):
    monkeypatch.setenv("SERVE_API_KEYS", "k" * 16)  # of the caller: the service has none
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):  # of the caller, for what is outside
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    done = load_test(toy_package, "--users=3", "--seconds=4")
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 users asked for 50 predictions a second, for 4 s" in done.stdout
    requests = int(next(line for line in done.stdout.splitlines() if "requests  " in line).split()[1])
    assert requests >= 3


def test_the_users_share_the_rate(tmp_path, monkeypatch):
    requests = tmp_path / "requests.json"
    requests.write_text(json.dumps({"rate": 50, "body": {}}), "utf-8")
    monkeypatch.setenv("LOAD_TEST_REQUESTS", str(requests))
    done = subprocess.run([sys.executable, "-c", WAIT], capture_output=True, text=True, check=True)
    assert float(done.stdout) == pytest.approx(5 / 50, rel=0.1)


def test_a_missed_budget_is_one_sentence(toy_package, call, monkeypatch, capsys):
    monkeypatch.setattr(load, "ATTEMPTS", 1)
    write_budget(p99_ms=0.001)
    with pytest.raises(SystemExit) as ended:
        run(partial(call, load.main, "--package", toy_package, "--seconds=2", "--users=3"))
    line = ended.value.code  # Python prints a text and exits with 1
    assert line.startswith("error: the budget of params.yaml is missed: p99 was")
    assert len(line.splitlines()) == 1
    printed = capsys.readouterr().out
    assert "3 users" in printed and "0.00%" in printed


def test_a_refused_request_is_an_error(toy_package):
    source = Path("src/toy_churn/service.py")
    source.write_text(source.read_text("utf-8") + "SERVICE.example['months'] = -1\n", "utf-8")
    done = load_test(toy_package)
    assert done.returncode == 1
    assert "100.00% of the requests failed, and budget.error_rate allows 0.00%" in done.stderr
    assert "asked again" not in done.stdout


def test_a_wrong_size_is_one_sentence(toy_package):
    done = load_test(toy_package, "--users=0", "--seconds=many")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.startswith("error: users: Input should be greater than 0, sec")


def test_a_package_that_does_not_exist_is_one_sentence(toy_package):
    done = load_test(f"{toy_package}s")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.startswith("error: there is no module toy_churns.service; name")


def test_a_service_without_a_model_is_one_sentence(toy_package):
    (CURRENT / "model.onnx").unlink()
    done = load_test(toy_package)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.startswith("error: the service is not ready: ") and "no model in models/current" in done.stderr


@pytest.mark.parametrize(
    ("code", "reason"),
    [("print('no JSON')", "no JSON"), ("", "it logs nothing"), ("import time; time.sleep(60)", "it logs nothing")],
)
def test_a_process_that_never_serves_is_named(code, reason, toy_package, tmp_path, monkeypatch):
    monkeypatch.setattr("mlservice.testing.server_process.TIMEOUT", 1)
    Path("src/toy_churn/__main__.py").write_text(code, "utf-8")
    with pytest.raises(UserError, match=f"the service is not ready: {reason}"):
        with running(toy_package, CURRENT, tmp_path / "log"):
            pass


@pytest.mark.parametrize(
    ("handler", "reason"),
    [("os._exit(3)", "ended with exit code 3 after SIGTERM"), ("None", "runs 2 s after SIGTERM")],
)
def test_a_process_that_does_not_stop_well_is_named(handler, reason, toy_package, tmp_path, monkeypatch):
    monkeypatch.setattr("mlservice.testing.server_process.TIMEOUT", 2)
    log = ['{"event": "listening", "port": 1}', '{"event": "ready"}']
    code = f"import os, signal, time\nsignal.signal(signal.SIGTERM, lambda *_: {handler})\n"
    code += "".join(f"print('{line}', flush=True)\n" for line in log) + "time.sleep(30)\n"
    Path("src/toy_churn/__main__.py").write_text(code, "utf-8")
    with pytest.raises(UserError, match=f"the service {reason}"):
        with running(toy_package, CURRENT, tmp_path / "log") as port:
            assert port == 1
