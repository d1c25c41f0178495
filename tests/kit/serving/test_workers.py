"""Several workers on one port: one count, one stop, and another for one that dies."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from clients_under_stop import PATIENCE, loses_no_request, until
from mlservice.serving import workers
from raw_http import HEALTH, METRICS, ask, hear, say

KEY = "a-key-of-the-operators"
RELOAD = (
    "POST /admin/reload HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" f"X-API-Key: {KEY}\r\nContent-Length: 0\r\n\r\n"
).encode()
REQUESTS = 40


@pytest.fixture
def crew(model_folder, free_port, tmp_path):
    """Two workers and their parent."""
    settings = {
        "SERVE_PORT": str(free_port),
        "SERVE_MODEL_DIR": str(model_folder),
        "SERVE_WORKERS": "2",
        "SERVE_ADMIN_KEYS": KEY,
    }
    said = tmp_path / "said.jsonl"
    with (
        said.open("w") as file,
        subprocess.Popen(
            [sys.executable, "-m", "toys.classification"],
            env=os.environ | settings,
            stdout=file,
        ) as parent,
    ):
        parent.port, parent.said = free_port, said
        until(lambda: len(told(parent, "ready")) == 2)
        yield parent
        parent.kill()
        until(lambda: not answers(free_port))


def told(parent, event):
    """Return the log lines of an event."""
    lines = map(json.loads, parent.said.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line["event"] == event]


def answers(port):
    """Tell whether anybody listens."""
    try:
        return ask(port, HEALTH) == b"HTTP/1.1 200 OK"
    except OSError:
        return False


def figure(parent, name):
    """Return the sum of a metric's samples, whichever worker tells it."""
    text = hear(say(parent.port, METRICS)).decode()
    lines = [line for line in text.splitlines() if line.startswith(name)]
    return sum(float(line.split()[-1]) for line in lines)


def test_several_workers_are_one_service(crew):
    for _ in range(REQUESTS):
        assert ask(crew.port) == b"HTTP/1.1 200 OK"
    assert {figure(crew, "predictions_total") for _ in range(8)} == {REQUESTS}
    assert figure(crew, "model_info") == 1
    assert figure(crew, "process_resident_memory_bytes") > 100e6  # two of 60 and more

    os.kill(told(crew, "worker started")[0]["worker"], signal.SIGKILL)
    until(lambda: len(told(crew, "worker started")) == 3)
    crew.send_signal(signal.SIGHUP)  # whoever is still starting bears it, too
    until(lambda: len(told(crew, "ready")) == 3)
    assert [line["exit_code"] for line in told(crew, "worker died")] == [-9]
    assert ask(crew.port) == b"HTTP/1.1 200 OK"
    assert figure(crew, "predictions_total") == REQUESTS + 1

    loses_no_request(crew)
    assert not answers(crew.port)


def test_a_reload_reaches_every_worker(crew):
    assert ask(crew.port, RELOAD) == b"HTTP/1.1 200 OK"
    until(lambda: len(told(crew, "reloaded")) == 1 + 2)  # who was asked, then all
    assert figure(crew, "model_info") == 1


def test_workers_do_not_outlive_their_parent(crew):
    crew.kill()
    until(lambda: not answers(crew.port))


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
        timeout=PATIENCE * 3,
        check=False,
    )
    assert ended.returncode == 1
    assert "no worker can start" in ended.stdout
    assert time.monotonic() - began < PATIENCE


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
