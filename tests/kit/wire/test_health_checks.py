"""HEAD of a probe, as load balancers send it: the answer is that of GET without its body."""

import pytest
from exchanges import answer_of, exchange
from processes import until
from proxies import servers_of
from shapes import get, head

PROBES = pytest.mark.parametrize("path", ["/healthz", "/readyz"])
LAST = b"Connection: close"
VARY = {"date", "x-request-id"}  # from answer to answer


def ask(port, method, path):
    """Ask on a connection of its own; return the answer."""
    request = get(LAST, line=f"{method} {path} HTTP/1.1".encode())
    return answer_of(exchange(port, request), without_body=method == "HEAD")


def same(answer):
    """Return what must be the same each time."""
    return answer.status, {name: value for name, value in answer.headers.items() if name not in VARY}


@PROBES
@pytest.mark.parametrize("service", ["live", "locked"])
def test_head_of_a_probe_is_get_without_a_body(path, service, request):
    port = request.getfixturevalue(service).port
    answer = ask(port, "HEAD", path)
    assert answer.status == 200 and answer.body == b"" and int(answer.headers["content-length"]) > 0
    assert same(answer) == same(ask(port, "GET", path))


def test_head_tells_that_the_service_is_not_ready(unready):
    answers = ask(unready.port, "HEAD", "/readyz"), ask(unready.port, "GET", "/readyz")
    assert [each.status for each in answers] == [503, 503]
    assert same(answers[0]) == same(answers[1])
    assert ask(unready.port, "HEAD", "/healthz").status == 200


def test_a_connection_goes_on_after_head(live):
    received = exchange(live.port, get(line=b"HEAD /healthz HTTP/1.1"), get(LAST))
    first, _, rest = received.partition(b"\r\n\r\n")
    second = answer_of(rest)
    assert first.startswith(b"HTTP/1.1 200 ") and second.status == 200 and second.body


def test_head_in_the_form_of_old_checks(live):
    answer = answer_of(exchange(live.port, head(b"HEAD /healthz HTTP/1.0")), without_body=True)
    assert answer.status == 200 and not answer.body


@PROBES
def test_haproxy_s_check_with_head_says_up(path, haproxy, live):
    server = f"server replica 127.0.0.1:{live.port} check inter 100 fall 1"
    with haproxy(f"option httpchk HEAD {path}", server) as proxy:
        until(lambda: servers_of(proxy)["replica"]["check_code"], "a check by haproxy")
        row = servers_of(proxy)["replica"]
    assert (row["status"], row["check_code"]) == ("UP", "200")


def test_haproxy_s_check_with_head_says_down(haproxy, unready):
    server = f"server replica 127.0.0.1:{unready.port} check inter 100 fall 1"
    with haproxy("option httpchk HEAD /readyz", server) as proxy:
        until(lambda: servers_of(proxy)["replica"]["check_code"], "a check by haproxy")
        row = servers_of(proxy)["replica"]
    assert (row["status"], row["check_code"]) == ("DOWN", "503")
