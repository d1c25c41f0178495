"""Malformed requests: refused with 400, counted, and never a fault in the log."""

from types import SimpleNamespace

import pytest

from hostile.clients import exchange, request
from hostile.scenarios import END, LENGTH, LONG, MALFORMED, malformed, status

KEY = "k" * 32


@pytest.fixture(scope="module")
def service(started, tmp_path_factory):
    """A service that asks for a key, and the file that it logs into."""
    log = tmp_path_factory.mktemp("malformed") / "log"
    with log.open("wb") as out, started(stdout=out, SERVE_API_KEYS=KEY) as (_, target):
        yield SimpleNamespace(port=target.port, log=log)


@pytest.fixture
def logged(service):
    """Return `logged()`: what the service has logged since this test began."""
    before = len(service.log.read_text())
    return lambda: service.log.read_text()[before:]


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_request_is_refused_and_counted(sent, service, logged):
    before = malformed(service.port)
    assert [status(exchange(service.port, sent)) for _ in range(3)] == [400] * 3
    assert malformed(service.port) == before + 3
    assert request(service.port, "GET", "/healthz").status == 200
    assert "Traceback" not in logged()


@pytest.mark.parametrize("digits", LONG.values(), ids=LONG)
@pytest.mark.parametrize("key", [b"", KEY.encode()], ids=["without a key", "with a key"])
def test_a_length_of_thousands_of_digits_is_no_fault_of_the_service(digits, key, service, logged):
    answer = exchange(service.port, LENGTH + digits + b"\r\nX-API-Key: " + key + END + b"{}")
    assert status(answer) in ({400} if key else {400, 401})
    assert "Traceback" not in logged() and "request failed" not in logged()
