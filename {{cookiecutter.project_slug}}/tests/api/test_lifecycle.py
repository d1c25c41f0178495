"""How the service starts without a model, and stops without losing a request."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from {{ cookiecutter.package_name }} import listener, serve
from {{ cookiecutter.package_name }}.schema import EXAMPLE

CLIENTS = 8
BODY = json.dumps({"instances": [EXAMPLE]})
PATIENCE = 20  # seconds


def until(met):
    """Wait until met() is true; fail if it never is."""
    for _ in range(PATIENCE * 20):
        if met():
            return
        time.sleep(0.05)
    pytest.fail("it never came true")


def test_a_model_that_comes_later_is_served(serving, project, tmp_path):
    folder = tmp_path / "later"
    with serving(model_dir=folder, retry_after_seconds=1) as client:
        assert "no model in" in client.get("/readyz").json()["detail"]
        shutil.copytree(project / "models/current", folder)
        until(lambda: client.get("/readyz").status_code == 200)
        answer = client.post("/predict", content=BODY)
    assert answer.status_code == 200


def test_the_reason_is_logged_once(serving, tmp_path, log_lines):
    with serving(model_dir=tmp_path / "none", retry_after_seconds=0) as client:
        time.sleep(1.5)  # it has tried again meanwhile
        assert client.get("/healthz").status_code == 200
    assert [line["event"] for line in log_lines()].count("not ready") == 1


def test_an_alias_without_a_server_is_told(serving, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db")
    with serving(model_alias="champion") as client:
        detail = client.get("/readyz").json()["detail"]
    assert "needs MLFLOW_TRACKING_URI to name a server" in detail


@pytest.fixture
def process(project, free_port):
    """The service in a process of its own that drains for a second."""
    settings = {
        "SERVE_PORT": str(free_port),
        "SERVE_MODEL_DIR": str(project / "models/current"),
        "SERVE_DRAIN_SECONDS": "1",
    }
    with subprocess.Popen(
        [sys.executable, "-m", serve.__package__],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,  # a full pipe would stop it
    ) as started:
        started.port = free_port
        until(lambda: ask(free_port, "GET", "/readyz") == 200)
        yield started
        started.kill()


def ask(port, *words):
    """Ask on a new connection; return the status, or 0 where nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.connect()
    except ConnectionRefusedError:
        return 0
    try:
        connection.request(*words)
        return connection.getresponse().status
    finally:
        connection.close()


def test_no_connection_is_lost_when_it_stops(process):
    answered, faults = [], []

    def client():
        try:
            while status := ask(process.port, "POST", "/predict", BODY):
                answered.append(status)
        except (OSError, http.client.HTTPException) as fault:
            faults.append(fault)

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in clients:
        thread.start()
    time.sleep(0.5)
    before = len(answered)
    process.send_signal(signal.SIGTERM)
    for thread in clients:
        thread.join()
    assert process.wait(PATIENCE) == 0
    assert not faults
    assert set(answered) == {200} and len(answered) > before > 0


def test_while_it_drains_it_answers_but_is_not_ready(process):
    kept = http.client.HTTPConnection("127.0.0.1", process.port, timeout=PATIENCE)
    kept.request("POST", "/predict", BODY)
    assert not (answer := kept.getresponse()).will_close
    answer.read()
    process.send_signal(signal.SIGTERM)
    until(lambda: ask(process.port, "GET", "/readyz") == 503)
    kept.request("POST", "/predict", BODY)
    answer = kept.getresponse()
    assert answer.status == 200 and answer.will_close
    assert ask(process.port, "GET", "/healthz") == 200
    assert process.wait(PATIENCE) == 0


def test_a_second_signal_ends_it_at_once(process):
    process.send_signal(signal.SIGTERM)
    until(lambda: ask(process.port, "GET", "/readyz") == 503)
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert process.wait(PATIENCE) == 0
    assert time.monotonic() - began < 1


def test_whoever_waits_is_taken_before_the_port_closes(free_port):
    with listener.listen("127.0.0.1", free_port) as port:
        knocked = [socket.create_connection(("127.0.0.1", free_port)) for _ in range(3)]
        taken = listener.take_the_last(port)
    assert len(taken) == len(knocked)
    for ours, theirs in zip(taken, knocked, strict=True):
        ours.sendall(b"!")
        assert theirs.recv(1) == b"!"
        ours.close()
        theirs.close()
