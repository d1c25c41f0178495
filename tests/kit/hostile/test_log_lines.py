"""Log lines of requests: the client's address and the path, and which proxies are believed."""

import json
from itertools import count

import pytest

from hostile.clients import HOST, request

CLIENT = "203.0.113.9"
FORWARDED = {
    "one": {"X-Forwarded-For": CLIENT},
    "claimed": {"X-Forwarded-For": f"198.51.100.1, {CLIENT}"},  # the first is what the client sent
}
NUMBERS = count()


@pytest.fixture(scope="module", params=["", HOST, "127.0.0.0/8", "198.51.100.7"], ids=lambda proxies: proxies or "none")
def service(request, started, tmp_path_factory):
    """A service that believes some proxies, and whether it believes this machine; its port and its log."""
    log = tmp_path_factory.mktemp("lines") / "log"
    settings = {"SERVE_FORWARDED_ALLOW_IPS": request.param} if request.param else {}
    with log.open("wb") as out, started(stdout=out, **settings) as (_, target):
        yield target.port, log, request.param.startswith("127")


def logged(service, path="/model?version=1", headers=None):
    """Ask for a page; return the log line of that request."""
    port, log, _ = service
    name = f"request-{next(NUMBERS)}"
    request(port, "GET", path, headers={"X-Request-ID": name} | (headers or {}))
    [line] = (line for line in map(json.loads, log.read_text().splitlines()) if line.get("request_id") == name)
    return line


def test_a_line_has_client_and_path(service):
    line = logged(service)
    assert line["client"] == HOST and line["path"] == "/model"


def test_a_long_path_does_not_make_a_long_line(service):
    line = logged(service, "/" + "x" * 10_000)
    assert line["status"] == 404 and "xxx" in line["path"] and len(line["path"]) <= 1_000


@pytest.mark.parametrize("headers", FORWARDED.values(), ids=FORWARDED)
def test_only_the_proxies_of_the_setting_are_believed(headers, service):
    assert logged(service, headers=headers)["client"] == (CLIENT if service[2] else HOST)
