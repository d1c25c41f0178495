"""A request that offers another protocol is answered in this one, and its body is read whole."""

import json
import subprocess

import pytest
from exchanges import answers_of, exchange
from posts import Post
from shapes import CHUNKED, HOST, get, head
from toys.classification import SERVICE

ROWS = 750  # of one request: 259 KB
LARGE = json.dumps({"instances": [SERVICE.example] * ROWS}).encode()
SMALL = json.dumps({"instances": [SERVICE.example]}).encode()
JSON = {"Content-Type": "application/json"}
H2C = (b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA")
OFFERS = {
    "HTTP/2": (b"Connection: Upgrade, HTTP2-Settings", *H2C),
    "HTTP/2 without settings": (b"Connection: Upgrade", b"Upgrade: h2c"),
    "HTTP/2 on a connection that closes": (b"Connection: close, Upgrade, HTTP2-Settings", *H2C),
    "HTTP/2 before it closes": (b"Connection: Upgrade, HTTP2-Settings", b"Connection: close", *H2C),
    "a web socket": (b"Connection: keep-alive, Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13"),
    "nothing": (b"Connection: upgrade",),
}
WEB_SOCKETS = {  # as in many a site's configuration; without the version, nginx speaks HTTP/1.0
    f"{value} {version}": f"{version} proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection {value};"
    for version in ("proxy_http_version 1.1;", "")
    for value in ('"upgrade"', "$connection_upgrade", "$http_connection")
}
OFFERED = [(), ("--http2",), ("-H", "Connection: Upgrade", "-H", "Upgrade: websocket")]  # by curl
MAP = 'map $http_upgrade $connection_upgrade { default upgrade; "" close; }'


def rows_of(text):
    """Return how many rows a request has, or predictions an answer."""
    content = json.loads(text)
    return len(content.get("predictions", content.get("instances")))


def chunked(body):
    """Write a body in chunks of 10,000 bytes."""
    parts = [body[at : at + 10_000] for at in range(0, len(body), 10_000)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def asked(port, *request):
    """Send a request, and another one behind it; return the first answer.

    The second must be answered, too, unless the first says that the connection is closed.
    """
    first, *others = answers_of(exchange(port, *request, get(b"Connection: close")))
    closed = first.headers.get("connection", "").lower() == "close"
    assert [each.status for each in others] == ([] if closed else [200])
    return first


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("body", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("offer", OFFERS)
def test_a_body_behind_an_offer_arrives_whole(offer, body, version, live):
    length = b"Content-Length: %d" % len(body)
    first = asked(live.port, head(b"POST /predict HTTP/" + version, HOST, length, *OFFERS[offer]), body)
    assert first.status == 200 and rows_of(first.body) == rows_of(body)


@pytest.mark.parametrize("offer", OFFERS)
def test_chunks_behind_an_offer_arrive_whole(offer, live):
    first = asked(live.port, head(b"POST /predict HTTP/1.1", HOST, CHUNKED, *OFFERS[offer]), chunked(LARGE))
    assert first.status == 200 and rows_of(first.body) == ROWS


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("offer", OFFERS)
def test_an_offer_without_a_body_is_answered(offer, version, live):
    assert asked(live.port, head(b"GET /readyz HTTP/" + version, HOST, *OFFERS[offer])).status == 200


def test_an_offer_does_not_pass_the_key_by(locked):
    request = head(b"POST /predict HTTP/1.1", HOST, b"Content-Length: %d" % len(SMALL), *OFFERS["HTTP/2"])
    first, *_ = answers_of(exchange(locked.port, request, SMALL, ended=True))
    assert first.status == 401


@pytest.fixture(scope="session")
def file(tmp_path_factory):
    """A file with the large body."""
    path = tmp_path_factory.mktemp("upgrade") / "body.json"
    path.write_bytes(LARGE)
    return path


def posted(curl, url, file, *more):
    """Post a file with curl; return how many predictions came."""
    command = [curl, "-sS", "--max-time", "10", "--data-binary", f"@{file}", "-H", "Content-Type: application/json"]
    ran = subprocess.run([*command, *more, f"{url}/predict"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0 and '"predictions"' in ran.stdout, ran.stdout[:300] + ran.stderr
    return rows_of(ran.stdout)


@pytest.mark.parametrize("more", [(), ("-H", "Transfer-Encoding: chunked"), ("-H", "Expect: 100-continue")], ids=str)
def test_curl_that_offers_http_2(more, live, file, program):
    assert posted(program("curl"), live.url, file, "--http2", *more) == ROWS


@pytest.mark.parametrize("client", ["java"], indirect=True)
def test_java_s_client_as_it_comes(client, live, file):
    kinds = ["bytes", "stream", "bytes", "stream"]
    answers = client([Post(f"{live.url}/predict", file, JSON, kind) for kind in kinds])
    assert [status for status, _ in answers] == ["200"] * len(kinds), answers
    assert [rows_of(text) for _, text in answers] == [ROWS] * len(kinds)


@pytest.mark.parametrize("name", WEB_SOCKETS)
def test_nginx_with_its_settings_for_web_sockets(name, nginx, live, file, program):
    with nginx(f"location / {{ proxy_pass {live.url}; {WEB_SOCKETS[name]} }}", MAP) as proxy:
        found = [posted(program("curl"), proxy.url, file, *offer) for offer in OFFERED]
    assert found == [ROWS] * len(OFFERED)
