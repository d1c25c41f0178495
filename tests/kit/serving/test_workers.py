"""Several workers on one port: one count, one stop, and another for one that dies."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from clients_under_stop import TIMEOUT, loses_no_request, until
from mlservice.serving import workers
from raw_http import HEALTH, METRICS, ask, receive_all, send

KEY = "a-key-of-the-operators"
RELOAD = (
    "POST /admin/reload HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" f"X-API-Key: {KEY}\r\nContent-Length: 0\r\n\r\n"
).encode()
REQUESTS = 40


@pytest.fixture
def two_workers(model_folder, free_port, tmp_path):
    """Two workers and their parent."""
    settings = {
        "SERVE_PORT": str(free_port),
        "SERVE_MODEL_DIR": str(model_folder),
        "SERVE_WORKERS": "2",
        "SERVE_ADMIN_KEYS": KEY,
    }
    log = tmp_path / "log.jsonl"
    with (
        log.open("w") as file,
        subprocess.Popen(
            [sys.executable, "-m", "toys.classification"],
            env=os.environ | settings,
            stdout=file,
        ) as parent,
    ):
        parent.port, parent.log = free_port, log
        until(lambda: len(logged(parent, "ready")) == 2)
        yield parent
        parent.kill()
        until(lambda: not answers(free_port))


def logged(parent, event):
    """Return the log lines of an event."""
    lines = map(json.loads, parent.log.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line["event"] == event]


def answers(port):
    """Tell whether anybody listens."""
    try:
        return ask(port, HEALTH) == b"HTTP/1.1 200 OK"
    except OSError:
        return False


def metric_sum(parent, name):
    """Return the sum of a metric's samples, whichever worker tells it."""
    text = receive_all(send(parent.port, METRICS)).decode()
    lines = [line for line in text.splitlines() if line.startswith(name)]
    return sum(float(line.split()[-1]) for line in lines)


def test_several_workers_are_one_service(two_workers):
    for _ in range(REQUESTS):
        assert ask(two_workers.port) == b"HTTP/1.1 200 OK"
    assert {metric_sum(two_workers, "predictions_total") for _ in range(8)} == {REQUESTS}
    assert metric_sum(two_workers, "model_info") == 1
    assert metric_sum(two_workers, "process_resident_memory_bytes") > 100e6  # two of 60 and more

    os.kill(logged(two_workers, "worker started")[0]["worker"], signal.SIGKILL)
    until(lambda: len(logged(two_workers, "worker started")) == 3)
    two_workers.send_signal(signal.SIGHUP)  # whoever is still starting bears it, too
    until(lambda: len(logged(two_workers, "ready")) == 3)
    assert [line["exit_code"] for line in logged(two_workers, "worker died")] == [-9]
    assert ask(two_workers.port) == b"HTTP/1.1 200 OK"
    assert metric_sum(two_workers, "predictions_total") == REQUESTS + 1

    loses_no_request(two_workers)
    assert not answers(two_workers.port)


def test_a_reload_reaches_every_worker(two_workers):
    assert ask(two_workers.port, RELOAD) == b"HTTP/1.1 200 OK"
    until(lambda: len(logged(two_workers, "reloaded")) == 1 + 2)  # who was asked, then all
    assert metric_sum(two_workers, "model_info") == 1


def test_workers_do_not_outlive_their_parent(two_workers):
    two_workers.kill()
    until(lambda: not answers(two_workers.port))


def test_workers_that_cannot_start_are_no_service():
    code = (
        f"from {workers.__name__} import run\n"
        "run.__globals__['YOUNG'] = 60\n"
        "if __name__ == '__main__': raise SystemExit(run(2, print_and_fail, 3, []))"
    )
    Path("broken.py").write_text(
        "import sys\ndef print_and_fail(*_): sys.exit('cannot')\n" + code,
        encoding="utf-8",
    )
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "broken.py"],
        capture_output=True,
        text=True,
        timeout=TIMEOUT * 3,
        check=False,
    )
    assert ended.returncode == 1
    assert "no worker can start" in ended.stdout
    assert time.monotonic() - began < TIMEOUT


@pytest.mark.parametrize(
    ("quota", "expected"),
    [("150000 100000", 2), ("50000 100000", 1), ("max 100000", 6), (None, 6)],
)
def test_the_cores_are_those_that_it_may_use(quota, expected, tmp_path, monkeypatch):
    file = tmp_path / "cpu.max"
    if quota:
        file.write_text(quota + "\n", encoding="ascii")
    monkeypatch.setattr(workers, "QUOTA", file)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    assert workers.cores() == expected
