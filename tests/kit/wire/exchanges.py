"""Bytes sent over a connection of their own, and the answers that come back, checked to be whole."""

import socket
from typing import NamedTuple

from raw_http import receive_all, send


class Answer(NamedTuple):
    """One answer: names of headers are in small letters."""

    status: int
    headers: dict
    body: bytes


def exchange(port, *sent, ended=False):
    """Send bytes, then end our side if told so; return all that comes until the service ends its own.

    A connection that the service keeps open raises TimeoutError, unless we end it.
    """
    connection = send(port)
    try:
        for each in sent:
            connection.sendall(each)
        if ended:
            connection.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # it was closed before all was sent; perhaps with an answer
    return receive_all(connection)


def answer_of(received, without_body=False):
    """Return the answer; fail if there is another number of them than one."""
    answers = answers_of(received, without_body)
    assert len(answers) == 1, answers
    return answers[0]


def answers_of(received, without_body=False):
    """Return each answer; fail if one is not whole, or if anything else came."""
    answers = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        line, *lines = head.decode("latin-1").split("\r\n")
        version, status, _words = line.split(" ", 2)
        headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in lines)}
        until_closed = len(rest) if int(status) >= 200 else 0
        length = 0 if without_body else int(headers.get("content-length", until_closed))
        assert version == "HTTP/1.1" and len(rest) >= length, received[-200:]
        assert b"HTTP/1.1 " not in rest[:length], received[-200:]
        answers.append(Answer(int(status), headers, rest[:length]))
        received = rest[length:]
    return answers
