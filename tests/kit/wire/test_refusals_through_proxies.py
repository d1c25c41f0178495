"""An early refusal passes through proxies with the settings they come with, and no replica counts as failed.

A reset is a failure to a proxy: it answers 502 and takes the replica out.
"""

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from own_endpoints import KEY
from proxies import servers_of, upstream
from raw_http import BODY

TIMES, AT_ONCE = 10, 8  # posts of each refusal, clients
JSON = {"Content-Type": "application/json", "X-API-Key": KEY}
REFUSALS = [  # size of the body, headers, status
    (1_020_000, JSON, 413),  # nginx passes on 1 MiB
    (900_000, JSON | {"X-API-Key": "no-key-of-these-0123"}, 401),
    (900_000, JSON | {"Content-Type": "text/plain"}, 415),
]


def post(port, size, headers):
    """Post spaces; return the status and the replica that answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", "/predict", BODY.ljust(size), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers["X-Upstream"]
    except (OSError, http.client.HTTPException) as error:
        return repr(error), None
    finally:
        connection.close()


def answers(port, refusals):
    """Post each refusal so often, from several clients at once; return how often each answer came."""
    posts = [(port, size, headers) for size, headers, _status in refusals] * TIMES
    with ThreadPoolExecutor(AT_ONCE) as clients:
        return list(clients.map(lambda each: post(*each), posts))


def expected(refusals):
    """Return how often each status must come."""
    return {status: TIMES for *_, status in refusals}


def faults_of(proxy):
    """Return what nginx logged of replicas that failed."""
    lines = proxy.errors.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if "upstream" in line and "is buffered to a temporary file" not in line]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_nginx_passes_refusals_on_and_keeps_both_replicas(version, nginx, locked, twin):
    location = f"location / {{ proxy_pass http://replicas; proxy_http_version {version}; }}"
    with nginx(location, upstream(locked, twin)) as proxy:
        found = answers(proxy.port, REFUSALS)
        assert Counter(status for status, _ in found) == expected(REFUSALS), faults_of(proxy)
        used = {post(proxy.port, len(BODY), JSON) for _ in range(4)}
        assert not faults_of(proxy)
    assert used == {(200, f"127.0.0.1:{service.port}") for service in (locked, twin)}


def test_nginx_that_does_not_buffer_passes_refusals_on(nginx, locked, twin):
    location = "location / { proxy_pass http://replicas; proxy_request_buffering off; client_max_body_size 9m; }"
    refusals = [*REFUSALS, (3_000_000, JSON, 413)]
    with nginx(location, upstream(locked, twin)) as proxy:
        found = answers(proxy.port, refusals)
        assert Counter(status for status, _ in found) == Counter(expected(refusals)) + Counter({413: TIMES})
        assert not faults_of(proxy)


def test_nginx_passes_on_that_a_replica_is_not_ready(nginx, unready):
    with nginx("location / { proxy_pass http://replicas; }", upstream(unready)) as proxy:
        refusals = [(900_000, JSON, 503)]
        assert Counter(status for status, _ in answers(proxy.port, refusals)) == expected(refusals)
        assert not faults_of(proxy)


def test_haproxy_passes_refusals_on_and_keeps_both_replicas(haproxy, locked, twin):
    servers = [f"server {at} 127.0.0.1:{each.port} check inter 100" for at, each in enumerate((locked, twin))]
    refusals = [*REFUSALS, (3_000_000, JSON, 413)]
    with haproxy("balance roundrobin", "option redispatch", *servers) as proxy:
        found = answers(proxy.port, refusals)
        rows = servers_of(proxy)
    assert Counter(status for status, _ in found) == Counter(expected(refusals)) + Counter({413: TIMES})
    for name in "01":
        assert rows[name]["status"] == "UP" and rows[name]["chkdown"] == "0"
        assert int(rows[name]["hrsp_4xx"]) >= TIMES and rows[name]["hrsp_5xx"] == rows[name]["eresp"] == "0"
