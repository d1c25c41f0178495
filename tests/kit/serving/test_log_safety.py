"""Whatever is sent, the log is lines of JSON that no terminal takes as orders."""

import json
import os
import re
import socket
import subprocess
import sys
import time

import pytest
from pydantic_core import to_json
from toys.classification import SERVICE

EXAMPLE = SERVICE.example

KEY = b"secret-key-0123456789"
BODY = to_json({"instances": [EXAMPLE]})
HOSTILE = {
    "newline": b'GET /evil%0a{"event":"forged"} HTTP/1.1\r\nHost: x\r\n\r\n',
    "escape": b"GET /%1b[31mevil%1b[2J HTTP/1.1\r\nHost: x\r\n\r\n",
    "raw escape": b"GET /\x1b[31mevil HTTP/1.1\r\nHost: x\r\n\r\n",
    "raw newline": b'GET /evil\n{"event":"forged"} HTTP/1.1\r\nHost: x\r\n\r\n',
    "folders": b"GET /../../evil/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    "lookup": b"GET /${jndi:ldap://evil} HTTP/1.1\r\nHost: ${jndi:x}\r\n\r\n",
    "bytes": b"GET /\xff\xfe%ff%00evil HTTP/1.1\r\nHost: x\r\n\r\n",
    "long path": b"GET /" + b"evil" * 10_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "query": b"GET /healthz?evil=%0d%0a HTTP/1.1\r\nHost: x\r\n\r\n",
    "method": b"EVIL\x1b[1m /evil HTTP/1.1\r\nHost: x\r\n\r\n",
    "huge id": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-ID: " + b"evil" * 5_000 + b"\r\n\r\n",
    "id of escapes": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-ID: \x1b[31mevil\r\n\r\n",
    "id of C1": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-ID: \x9b31mevil\xc2\x9b\r\n\r\n",
    "id of JSON": b'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-ID: ","evil":"\r\n\r\n',
    "agent": b"GET /healthz HTTP/1.1\r\nHost: x\r\nUser-Agent: evil\x1b]0;x\x07\r\n\r\n",
    "wrong key": b"GET /model HTTP/1.1\r\nHost: x\r\nX-API-Key: evil-secret-\xc2\x9b1m\r\n\r\n",
    "right key": b"GET /model HTTP/1.1\r\nHost: x\r\nX-API-Key: %s\r\n\r\n" % KEY,
    "no http": b"\x1b[31mevil\r\n\r\n",
    "upgrade": b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\n" b"Upgrade: evil\x1b[1m\r\n\r\n",
    "body": b"POST /predict HTTP/1.1\r\nHost: x\r\nX-API-Key: %s\r\nContent-Length: 24\r\n\r\n"
    b'{"evil\xc2\x9b1m\\n \\u001b": 1}' % KEY,
}


@pytest.fixture
def lines(model_folder, free_port, tmp_path):
    """Return `lines(requests)`: what a service logs while it is asked all that."""
    settings = {
        "SERVE_PORT": str(free_port),
        "SERVE_MODEL_DIR": str(model_folder),
        "SERVE_API_KEYS": KEY.decode(),
        "SERVE_LOG_LEVEL": "DEBUG",
        "SERVE_DRAIN_SECONDS": "0",
    }
    path = tmp_path / "log"

    def read(requests):
        with (
            path.open("wb") as out,
            subprocess.Popen(
                [sys.executable, "-m", "toys.classification"],
                env=os.environ | settings,
                stdout=out,
                stderr=out,
            ) as process,
        ):
            try:
                while b'"ready"' not in path.read_bytes() and process.poll() is None:
                    time.sleep(0.02)
                answers = [send(free_port, request) for request in requests]
            finally:
                process.terminate()
        return answers, path.read_bytes()

    return read


def send(port, request):
    """Send bytes; return the status of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return int(connection.makefile("rb").readline().split()[1])


def test_nothing_hostile_is_logged_as_it_came(lines):
    answers, logged = lines(HOSTILE.values())
    assert set(answers) <= {200, 400, 401, 404, 405, 422, 431}
    assert {200, 400, 401, 422} <= set(answers)
    assert b"secret" not in logged
    for line in logged.splitlines():
        entry = json.loads(line)
        assert re.fullmatch(r"[\w/.~%-]{0,600}", entry.pop("path", ""), re.ASCII)
        assert entry["event"] and line.decode("ascii").isprintable()
        assert not re.search("evil|forged|jndi", str(entry), re.IGNORECASE)
    assert logged.count(b'"event":"request"') >= len(HOSTILE) // 2


def test_a_defect_that_quotes_its_input_is_one_safe_line(client, log_lines, capfd, monkeypatch):
    def fail(_):
        raise RuntimeError("evil \x1b[31m \x9b2J \u2028 \x85 \x07 \x00 \n forged")

    monkeypatch.setattr(client.app.state.predictor, "predict_with_scores", fail)
    answer = client.post("/predict", content=BODY)
    assert answer.status_code == 500 and "evil" not in answer.text
    logged = capfd.readouterr().out
    assert "evil" in logged  # the operator wants to know
    assert len(logged.splitlines()) == 2 and log_lines() == []
    for line in logged.splitlines():
        assert json.loads(line) and line.isascii() and line.isprintable()
