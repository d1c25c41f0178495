"""How the service starts without a model, and stops without losing a request."""

import http.client
import shutil
import signal
import socket
import time

from clients_under_stop import BODY, TIMEOUT, ask, loses_no_request, until
from mlservice.serving.shutdown import accept_pending, listen


def test_a_model_that_comes_later_is_served(serving, model_folder, tmp_path):
    folder = tmp_path / "later"
    with serving(model_dir=folder, retry_after_seconds=1) as client:
        assert "no model in" in client.get("/readyz").json()["detail"]
        shutil.copytree(model_folder, folder)
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


def test_no_connection_is_lost_when_it_stops(process):
    loses_no_request(process)


def test_while_it_drains_it_answers_but_is_not_ready(process):
    kept = http.client.HTTPConnection("127.0.0.1", process.port, timeout=TIMEOUT)
    kept.request("POST", "/predict", BODY)
    assert not (answer := kept.getresponse()).will_close
    answer.read()
    process.send_signal(signal.SIGTERM)
    until(lambda: ask(process.port, "GET", "/readyz") == 503)
    time.sleep(0.7)  # much longer than it takes to stop
    kept.request("POST", "/predict", BODY)
    answer = kept.getresponse()
    assert answer.status == 200 and answer.will_close
    assert ask(process.port, "GET", "/healthz") == 200
    assert process.wait(TIMEOUT) == 0


def test_a_second_signal_ends_it_at_once(process):
    process.send_signal(signal.SIGTERM)
    until(lambda: ask(process.port, "GET", "/readyz") == 503)
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert process.wait(TIMEOUT) == 0
    assert time.monotonic() - began < 1


def test_whoever_waits_is_taken_before_the_port_closes(free_port):
    with listen("127.0.0.1", free_port) as port:
        knocked = [socket.create_connection(("127.0.0.1", free_port)) for _ in range(3)]
        taken = accept_pending(port)
    assert len(taken) == len(knocked)
    for ours, theirs in zip(taken, knocked, strict=True):
        ours.sendall(b"!")
        assert theirs.recv(1) == b"!"
        ours.close()
        theirs.close()
