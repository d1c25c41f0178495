"""An answer that comes before the body was read reaches the client, whatever library it uses.

A connection that is closed with unread input is reset, and a reset overtakes the answer.
"""

import time

import pytest
from exchanges import answer_of
from own_endpoints import KEY
from posts import Post
from raw_http import receive_all, send
from shapes import POST, get

TIMES = 10  # each: the answer was lost in some of them only
SIZES = {"large": 900_000, "over": 1_020_000, "far over": 3_000_000}  # bytes; the limit is 1,000,000
JSON = {"Content-Type": "application/json"}
REFUSALS = {  # service, size, headers, status
    "too large": ("locked", "over", JSON | {"X-API-Key": KEY}, "413"),
    "far too large": ("locked", "far over", JSON | {"X-API-Key": KEY}, "413"),
    "of an unknown key": ("locked", "large", JSON | {"X-API-Key": "no-key-of-these-0123"}, "401"),
    "without a key": ("locked", "large", JSON, "401"),
    "of another kind": ("locked", "large", {"Content-Type": "text/plain", "X-API-Key": KEY}, "415"),
    "of no path": ("locked", "large", JSON | {"X-API-Key": KEY}, "404"),
    "without a model": ("unready", "large", JSON, "503"),
}
SLOW = 0.2  # seconds between the parts of a slow client's body
ENDLESS = 20  # seconds after which a client that never stops must have been cut


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """A file of each size."""
    folder = tmp_path_factory.mktemp("bodies")
    for name, size in SIZES.items():
        (folder / name).write_bytes(b" " * size)
    return folder


@pytest.fixture
def posts(locked, unready, files):
    """Return `posts(kind)`: each refusal so often, by its name."""
    services = {"locked": locked, "unready": unready}

    def of(kind):
        for name, (service, size, headers, status) in REFUSALS.items():
            path = "/predict" if status != "404" else "/none"
            for _ in range(TIMES):
                yield name, Post(services[service].url + path, files / size, headers, kind)

    return of


def statuses(client, pairs):
    """Return the statuses of the answers, by the name of the refusal."""
    names, posts = zip(*pairs, strict=True)
    found = {name: [] for name in names}
    for name, (status, text) in zip(names, client(posts), strict=True):
        found[name].append(status if status != "none" else text)
    return found


def expected(names):
    """Return the statuses that the table names."""
    return {name: [REFUSALS[name][-1]] * TIMES for name in names}


def test_a_refusal_reaches_the_client(client, posts):
    assert statuses(client, posts("bytes")) == expected(REFUSALS)


@pytest.mark.parametrize("client", ["http.client", "node", "java"], indirect=True)
def test_a_refusal_of_a_stream_reaches_the_client(client, posts):
    assert statuses(client, posts("stream")) == expected(REFUSALS)


@pytest.mark.parametrize("name", ["too large", "of an unknown key", "without a model"])
def test_a_refusal_waits_for_a_slow_client(name, posts):
    post = next(each for refusal, each in posts("bytes") if refusal == name)
    body, port = post.file.read_bytes(), int(post.url.split(":")[2].split("/")[0])
    headers = [f"{name}: {value}".encode() for name, value in post.headers.items()]
    with send(port, get(*headers, b"Content-Length: %d" % len(body), b"Connection: close", line=POST)) as connection:
        for at in range(0, len(body), len(body) // 4):
            time.sleep(SLOW)
            connection.sendall(body[at : at + len(body) // 4])
        assert str(answer_of(receive_all(connection)).status) == REFUSALS[name][-1]


def test_a_client_that_never_stops_is_cut(locked):
    began = time.monotonic()
    key = f"X-API-Key: {KEY}".encode()
    with send(locked.port, get(key, b"Content-Length: %d" % 10**12, line=POST)) as connection:
        with pytest.raises(ConnectionError):
            while time.monotonic() < began + ENDLESS:
                connection.sendall(b" " * 10_000)
                time.sleep(0.01)
