"""Malformed requests: refused with 400, counted, and never a fault in the log."""

import re
from types import SimpleNamespace

import pytest

from hostile.clients import exchange, request

KEY = "k" * 32
DIGITS = 5_000  # Python converts at most 4,300 without an error
END = b"\r\nConnection: close\r\n\r\n"
LENGTH = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: "
LONG = {"nines": b"9" * DIGITS, "zeros and a two": b"0" * (DIGITS - 1) + b"2"}
MALFORMED = {
    "no HTTP": b"hello\r\n\r\n",
    "control characters": b"GET /\x00\x01 HTTP/1.1\r\nHost: x" + END,
    "a header without a colon": b"GET /healthz HTTP/1.1\r\nHost: x\r\nnonsense" + END,
    "a negative length": LENGTH + b"-1" + END,
    "two lengths": LENGTH + b"1\r\nContent-Length: 2" + END + b"{}",
    "a length of 5,000 nines": LENGTH + LONG["nines"] + END + b"{}",
    "no host": b"GET /healthz HTTP/1.1" + END,
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y" + END,
}


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


def status(answer):
    """Return the status of an answer; 0 if there is none."""
    found = re.match(rb"HTTP/1\.1 (\d+) ", answer)
    return int(found[1]) if found else 0


def malformed(port):
    """Return how many requests the service counts as malformed."""
    text = request(port, "GET", "/metrics").text
    found = re.search(r'^requests_refused_total\{reason="malformed"\} (\S+)$', text, re.MULTILINE)
    return float(found[1]) if found else 0


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
