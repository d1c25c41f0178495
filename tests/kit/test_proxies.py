"""What asks this machine asks it directly where HTTP_PROXY is set and NO_PROXY is not."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from mlservice.model import mlflow_registry
from mlservice.proxies import LOOPBACK, exempt_loopback
from mlservice.testing import container, fixtures
from mlservice.training import mlflow_run
from toys.classification import SERVICE

NOWHERE = "http://127.0.0.1:9"  # nothing listens there
PROXIES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
PAGE = """
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"{}")
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Page)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture
def behind_a_proxy(monkeypatch):
    """Name a proxy that does not answer, and no exception."""
    for name in PROXIES:
        monkeypatch.setenv(name, NOWHERE)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")  # and restored, whatever a test writes there
        monkeypatch.delenv(name)
    monkeypatch.setattr(urllib.request, "_opener", None)  # it keeps the proxies of its first request


@pytest.fixture(scope="module")
def url():
    """The address of a server of this machine, in a process of its own."""
    with subprocess.Popen([sys.executable, "-c", PAGE], stdout=subprocess.PIPE, text=True) as server:
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        server.kill()


def read(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


@pytest.mark.usefixtures("behind_a_proxy")
def test_the_trap_is_real(url):
    with pytest.raises(urllib.error.URLError):
        read(url)


@pytest.mark.usefixtures("behind_a_proxy")
def test_tests_and_smoke_ask_this_machine_directly(url):
    fixtures.pytest_configure()
    assert read(url) == {}


@pytest.mark.usefixtures("behind_a_proxy")
def test_a_container_is_asked_directly_at_any_address(url):
    found = object.__new__(container.Container)
    found.url = url
    assert found.request("/") == (200, {})


@pytest.mark.usefixtures("behind_a_proxy")
def test_mlflow_on_this_machine_is_asked_directly(url, monkeypatch):
    with pytest.raises(mlflow_registry.ArtifactError, match="'model_version'"):  # it answered, with {}
        mlflow_registry.fetch(SERVICE, "champion", {"MLFLOW_TRACKING_URI": url})
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.delenv("no_proxy")
    monkeypatch.setattr(mlflow_run.mlflow, "set_experiment", lambda _: None)
    monkeypatch.setattr(mlflow_run.mlflow, "search_runs", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError), mlflow_run.run("name"):
        pass
    assert set(LOOPBACK) <= set(os.environ["NO_PROXY"].split(","))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ""),
        ({"NO_PROXY": "a.b, .c"}, "a.b,.c,"),
        ({"no_proxy": "a.b"}, "a.b,"),
        ({"NO_PROXY": "a", "no_proxy": "b,localhost"}, "a,b,"),
    ],
)
def test_what_was_exempt_stays_so(given, expected):
    environment = dict(given)
    exempt_loopback(environment)
    assert environment["NO_PROXY"] == environment["no_proxy"]
    assert environment["NO_PROXY"].startswith(expected)
    assert set(LOOPBACK) <= set(environment["NO_PROXY"].split(","))
    once = dict(environment)
    exempt_loopback(environment)
    assert environment == once


def test_no_entry_has_brackets():
    """httpx reads [::1] as a port and raises InvalidURL, in any program that is started afterwards."""
    environment = {}
    exempt_loopback(environment)
    assert "[" not in environment["NO_PROXY"]


def test_no_proxy_at_all_stays_so():
    environment = {"no_proxy": "*"}
    exempt_loopback(environment)
    assert environment == {"no_proxy": "*"}
