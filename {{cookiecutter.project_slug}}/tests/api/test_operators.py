"""Operators have a port of their own; a reload, or a SIGHUP, loses no request."""

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
from contextlib import contextmanager

import pytest
from spoiling import another, tamper

from {{ cookiecutter.package_name }} import serve
from {{ cookiecutter.package_name }}.config import Settings
from {{ cookiecutter.package_name }}.errors import UserError
from {{ cookiecutter.package_name }}.schema import EXAMPLE

KEY = "admin-key-0123456789"
BODY = json.dumps({"instances": [EXAMPLE]})
CLIENTS = 4
PATIENCE = 20  # seconds


@pytest.fixture
def ports():
    """Two ports that nobody uses."""
    with socket.socket() as first, socket.socket() as second:
        for probe in (first, second):
            probe.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


@pytest.fixture
def start(project, tmp_path, ports):
    """Return `start(**options)`: a process of its own, with folder, ports and log."""
    folder = shutil.copytree(project / "models/current", tmp_path / "served")
    settings = {
        "SERVE_MODEL_DIR": str(folder),
        "SERVE_PORT": str(ports[0]),
        "SERVE_ADMIN_PORT": str(ports[1]),
        "SERVE_ADMIN_KEYS": KEY,
        "SERVE_DRAIN_SECONDS": "0",
    }
    log, words = tmp_path / "log", [sys.executable, "-m", serve.__package__]

    @contextmanager
    def begin(**options):
        options |= {"env": os.environ | settings}
        with (
            log.open("wb") as out,
            subprocess.Popen(words, stdout=out, stderr=out, **options) as process,
        ):
            process.folder, process.log, process.ports = folder, log, ports
            until(lambda: ask(ports[0], "GET", "/readyz")[0] == 200)
            yield process
            process.kill()

    return begin


def until(met):
    """Wait until met() is true; fail if it never is."""
    for _ in range(PATIENCE * 50):
        if met():
            return
        time.sleep(0.02)
    pytest.fail("it never came true")


def ask(port, *words):
    """Ask on a new connection; return status and content, or 0 if nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(*words)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except ConnectionRefusedError:
        return 0, ""
    finally:
        connection.close()


def version(port):
    """Return what version answers a new request."""
    status, content = ask(port, "POST", "/predict", BODY)
    assert status == 200
    return json.loads(content)["model_version"]


def reload(port):
    """Ask for a reload with the key; return the answer's status."""
    return ask(port, "POST", "/admin/reload", None, {"X-API-Key": KEY})[0]


class Client(threading.Thread):
    """Asks on one connection until it is told to stop; keeps what it was answered."""

    def __init__(self, port):
        super().__init__()
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
        self.connection.close()


def test_a_reload_loses_no_request(start):
    with start() as process:
        reload_under_load(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        for port in process.ports:
            assert ask(port, "GET", "/readyz")[0] == 0


def reload_under_load(process):
    """Change the model in every way while clients ask; each must be answered."""
    main, admin = process.ports
    clients, versions = [Client(main) for _ in range(CLIENTS)], [version(main)]
    for client in clients:
        client.start()
    for _ in range(3):
        versions.append(another(process.folder))
        assert reload(admin) == 200 and version(main) == versions[-1]
        versions.append(another(process.folder))
        process.send_signal(signal.SIGHUP)
        until(lambda: version(main) == versions[-1])
    tamper(process.folder)
    process.send_signal(signal.SIGHUP)
    until(lambda: b"reload refused" in process.log.read_bytes())
    assert reload(admin) == 409 and version(main) == versions[-1]
    for client in clients:
        client.stopped.set()
        client.join()
        assert {status for status, _ in client.answered} == {200}
        assert {given for _, given in client.answered} <= set(versions)


def test_a_terminal_that_is_closed_ends_it(start):
    ours, theirs = os.openpty()
    with start(stdin=theirs) as process:
        os.close(theirs)
        process.send_signal(signal.SIGHUP)
        until(lambda: b'"reloaded"' in process.log.read_bytes())
        os.close(ours)
        process.send_signal(signal.SIGHUP)
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize(
    ("words", "on_main", "on_admin"),
    [
        (("GET", "/metrics"), 404, 200),
        (("POST", "/admin/reload"), 404, 401),
        (("GET", "/admin/reload"), 404, 405),
        (("POST", "/predict", BODY), 200, 404),
        (("GET", "/model"), 200, 404),
        (("GET", "/docs"), 200, 404),
        (("GET", "/healthz"), 200, 200),
        (("GET", "/readyz"), 200, 200),
    ],
)
def test_a_path_answers_on_its_port_alone(words, on_main, on_admin, both):
    main, admin = both
    assert (ask(main, *words)[0], ask(admin, *words)[0]) == (on_main, on_admin)


@pytest.fixture(scope="module")
def both(answering):
    """The two ports of a running service."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    with answering(admin_port=free, admin_keys=KEY) as running:
        yield running


def test_their_address_may_be_another(answering, ports):
    if not socket.has_ipv6:
        pytest.skip("this machine has one address only")
    with answering(admin_port=ports[1], admin_host="::1") as (main, admin):
        assert ask(main, "GET", "/metrics")[0] == 404
        assert ask(admin, "GET", "/healthz")[0] == 0  # on 127.0.0.1
        address = socket.create_connection(("::1", admin), timeout=PATIENCE)
        with address as connection:
            connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200")


def test_their_port_taken_is_told_in_one_sentence(ports):
    with socket.create_server(("127.0.0.1", ports[1])):
        taken = serve.listeners(Settings(port=0, admin_port=ports[1]))
        with next(taken), pytest.raises(UserError, match="set SERVE_ADMIN_HOST or"):
            next(taken)


def test_two_ports_are_two(monkeypatch):
    monkeypatch.setenv("SERVE_PORT", "8000")
    monkeypatch.setenv("SERVE_ADMIN_PORT", "8000")
    with pytest.raises(UserError, match="admin_port is port"):
        Settings.load()
