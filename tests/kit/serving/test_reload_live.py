"""A reload of a running service, asked for or by SIGHUP, loses no request."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest
from damaged_models import another, tamper
from toys.classification import SERVICE

EXAMPLE = SERVICE.example

KEY = "admin-key-0123456789"
BODY = json.dumps({"instances": [EXAMPLE]})
CLIENTS = 4
TIMEOUT = 20  # seconds


class Service(subprocess.Popen):
    """The service in a process of its own, with its folder, port and log."""

    def __init__(self, folder, port, log, **options):
        self.folder, self.port, self.log = folder, port, log
        settings = {
            "SERVE_MODEL_DIR": str(folder),
            "SERVE_PORT": str(port),
            "SERVE_ADMIN_KEYS": KEY,
            "SERVE_DRAIN_SECONDS": "0",
        }
        words = [sys.executable, "-m", "toys.classification"]
        with log.open("wb") as out:
            super().__init__(words, env=os.environ | settings, stdout=out, stderr=out, **options)
        self.logs('"ready"')

    def logs(self, text):
        """Wait until the log has it; fail if it never does."""
        for _ in range(TIMEOUT * 50):
            if text in self.log.read_text(encoding="ascii"):
                return
            time.sleep(0.02)
        pytest.fail(f"the log never had {text}")


@pytest.fixture
def start(model_folder, tmp_path, free_port):
    """Return `start(**options)`: a service that ends with the test at the latest."""
    started = []
    folder = shutil.copytree(model_folder, tmp_path / "served")

    def begin(**options):
        started.append(Service(folder, free_port, tmp_path / "log", **options))
        return started[0]

    yield begin
    for service in started:
        with service:
            service.kill()


class Client(threading.Thread):
    """Asks on one connection until it is stopped or fails; keeps the answers."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.answered, self.stopped = [], threading.Event()

    def run(self):
        while not self.stopped.is_set():
            try:
                self.connection.request("POST", "/predict", BODY)
                answer = self.connection.getresponse()
                content = json.loads(answer.read())
                self.answered.append((answer.status, content["model_version"]))
            except (OSError, http.client.HTTPException, KeyError) as fault:
                self.answered.append((repr(fault), ""))
                break
        self.connection.close()


def test_a_reload_loses_no_request(start, ask):
    service = start()
    clients = [Client(service.port) for _ in range(CLIENTS)]
    for client in clients:
        client.start()

    def reload(status):
        key = {"X-API-Key": KEY}
        answer, _ = ask(service.port, "POST", "/admin/reload", None, key)
        assert answer.status == status

    def version():
        answer, content = ask(service.port, "POST", "/predict", BODY)
        assert answer.status == 200
        return json.loads(content)["model_version"]

    versions = [version()]
    for _ in range(3):
        versions.append(another(service.folder))
        reload(200)
        assert version() == versions[-1]
        versions.append(another(service.folder))
        service.send_signal(signal.SIGHUP)
        service.logs(f'"before":"{versions[-2]}"')
        assert version() == versions[-1]
    tamper(service.folder)
    service.send_signal(signal.SIGHUP)
    service.logs("reload refused")
    reload(409)
    assert version() == versions[-1]
    for client in clients:
        client.stopped.set()
        client.join()
        assert {status for status, _ in client.answered} == {200}
        assert {given for _, given in client.answered} <= set(versions)
    service.terminate()
    assert service.wait(TIMEOUT) == 0


def test_a_terminal_that_is_closed_ends_it(start):
    ours, theirs = os.openpty()
    service = start(stdin=theirs)
    os.close(theirs)
    service.send_signal(signal.SIGHUP)
    service.logs('"reloaded"')
    os.close(ours)
    service.send_signal(signal.SIGHUP)
    assert service.wait(TIMEOUT) == 0
