"""Shapes on the wire, proper or not: each is answered once or refused, and the service goes on."""

import json

import pytest
from exchanges import answers_of, exchange
from raw_http import REQUEST, ask
from shapes import BAD
from shapes_of_bodies import CHUNKS, CODINGS, LENGTHS
from shapes_of_heads import HEADERS, LINES, TURNS

TABLES = (LENGTHS, CODINGS, CHUNKS, LINES, HEADERS, TURNS)
SHAPES = {name: shape for table in TABLES for name, shape in table.items()}
CLOSED = [name for name, (_sent, *answers) in SHAPES.items() if answers[-1] == BAD]


def compare(name, received):
    """Fail unless the answers are those that the table allows."""
    found = [answer.status for answer in answers_of(received)]
    allowed = [each if isinstance(each, tuple) else (each,) for each in SHAPES[name][1:]]
    assert len(found) <= len(allowed), f"more answers than requests: {found}"
    found += [None] * (len(allowed) - len(found))
    assert all(one in each for one, each in zip(found, allowed, strict=True)), (found, allowed)


@pytest.fixture(autouse=True)
def unharmed(live):
    """Fail if the service does not answer the next request, or has logged an error or a trace."""
    before = live.log.stat().st_size
    yield
    assert ask(live.port, REQUEST) == b"HTTP/1.1 200 OK"
    for line in live.log.read_bytes()[before:].splitlines():
        entry = json.loads(line)
        assert entry["level"] in {"info", "warning"} and "exception" not in entry


@pytest.mark.parametrize("name", SHAPES)
def test_each_shape_is_answered_or_refused_and_only_once(name, live):
    compare(name, exchange(live.port, SHAPES[name][0], ended=True))


@pytest.mark.parametrize("name", CLOSED)
def test_a_malformed_request_ends_the_connection(name, live):
    compare(name, exchange(live.port, SHAPES[name][0]))


def test_the_table_has_a_hundred_shapes():
    assert len(SHAPES) == sum(map(len, TABLES)) >= 100
