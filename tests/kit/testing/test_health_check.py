"""The image's HEALTHCHECK asks the service at whatever address it listens on, and fails where that is not ready."""

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer

import pytest
from toy_project import health_check

HOSTS = ["0.0.0.0", "127.0.0.1", "127.0.0.2", "::", "::1", "localhost"]
PATIENCE = 20  # seconds until a command counts as hanging, on a busy machine too


def exit_code(host, port, **more):
    """Run the command in the environment of a container."""
    return exit_code_of(health_check(), SERVE_HOST=host, SERVE_PORT=str(port), **more)


def exit_code_of(check, **more):
    """Run the command of a HEALTHCHECK with a larger environment."""
    env, command = os.environ | more, [sys.executable, *check[1:]]
    return subprocess.run(command, env=env, timeout=PATIENCE, check=False, capture_output=True).returncode


@contextmanager
def answering(host, status):
    """Run a server that answers /readyz with a status and every other path with 404; give its port."""

    class Ready(BaseHTTPRequestHandler):
        """Answers as the service does, or MLflow."""

        def do_GET(self):  # pylint: disable=invalid-name # the name that the library calls
            self.send_response(status if self.path in ("/readyz", "/health") else 404)
            self.end_headers()

        def log_message(self, *_):  # pylint: disable=arguments-differ
            """Say nothing."""

    class Server(TCPServer):
        """Listens on either family."""

        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

    try:
        server = Server((host, 0), Ready)
    except OSError as error:
        pytest.skip(f"no {host} here: {error}")
    with server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


@pytest.mark.parametrize("host", HOSTS)
def test_a_service_that_is_ready_is_healthy_wherever_it_listens(host):
    with answering(host, 200) as port:
        assert exit_code(host, port) == 0


@pytest.mark.parametrize("host", HOSTS)
def test_one_that_is_not_ready_is_not_healthy(host):
    with answering(host, 503) as port:
        assert exit_code(host, port) != 0
    assert exit_code(host, port) != 0, "nobody listens there any more"


def test_a_proxy_for_the_outside_is_not_asked():
    with answering("0.0.0.0", 200) as port:
        assert exit_code("0.0.0.0", port, http_proxy="http://127.0.0.1:9", HTTP_PROXY="http://127.0.0.1:9") == 0


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_mlflow_s_health_is_asked_past_a_proxy(status, code):
    with answering("127.0.0.1", status) as port:
        check = [
            word.replace("127.0.0.1:5000", f"127.0.0.1:{port}") for word in health_check("deploy/mlflow/Dockerfile")
        ]
        proxies = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
        assert exit_code_of(check, **proxies) == code


def test_a_path_prefix_changes_nothing():
    with answering("0.0.0.0", 200) as port:
        assert exit_code("0.0.0.0", port, SERVE_ROOT_PATH="/models") == 0


def test_a_service_that_hangs_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        assert exit_code("127.0.0.1", silent.getsockname()[1]) != 0
        assert time.monotonic() - began < PATIENCE
