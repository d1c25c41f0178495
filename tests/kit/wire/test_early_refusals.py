"""An answer that comes before the body was read reaches the client, whatever library it uses.

A connection that is closed with unread input is reset, and a reset overtakes the answer.
"""

import pytest
from own_endpoints import KEY
from posts import Post

TIMES = 10  # each: the answer was lost in some of them only
SIZES = {"large": 900_000, "over": 1_020_000, "far over": 3_000_000}  # bytes; the limit is 1,000,000
JSON = {"Content-Type": "application/json"}
REFUSALS = {  # service, size, headers, status
    "too large": ("locked", "over", JSON | {"X-API-Key": KEY}, "413"),
    "far too large": ("locked", "far over", JSON | {"X-API-Key": KEY}, "413"),
    "of an unknown key": ("locked", "large", JSON | {"X-API-Key": "no-key-of-these-0123"}, "401"),
    "without a key": ("locked", "large", JSON, "401"),
    "of another kind": ("locked", "large", {"Content-Type": "text/plain", "X-API-Key": KEY}, "415"),
    "of no path": ("locked", "large", JSON, "404"),
    "without a model": ("unready", "large", JSON, "503"),
}


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
