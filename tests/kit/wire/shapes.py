"""Words of which the tables of wire shapes are made.

A table maps a shape's name to what is sent and to what must come back: for each answer its
status, or a tuple of allowed ones, in which None stands for a connection closed without one.
"""

from raw_http import BODY

BAD = (400, None)  # malformed: refused, and the connection is closed
OPEN = (200, 400)  # RFC 9112 allows both
LIMIT = (400, 413, 414, 431, None)  # too long
GET = b"GET /healthz HTTP/1.1"
POST = b"POST /predict HTTP/1.1"
HOST = b"Host: x"
CHUNKED = b"Transfer-Encoding: chunked"
LENGTH = b"Content-Length: %d" % len(BODY)
ENDED = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)  # the body in one chunk
HIDDEN = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"  # a request that nobody may see as one


def head(*lines):
    """Write a request line and header lines."""
    return b"\r\n".join([*lines, b"", b""])


def get(*headers, line=GET):
    """Write a request without a body."""
    return head(line, HOST, *headers)


def post(*headers, body=BODY, line=POST):
    """Write a request with a body, and only the headers that are given."""
    return head(line, HOST, *headers) + body


def whole(*headers, line=POST):
    """Write a proper request, and more headers."""
    return post(LENGTH, *headers, line=line)


def length(value):
    """Write a request with a body and any value of Content-Length."""
    return post(b"Content-Length: " + value)


def coding(value):
    """Write a request with a chunked body and any value of Transfer-Encoding."""
    return post(b"Transfer-Encoding:" + value, body=ENDED)


def chunks(body):
    """Write a request with a chunked body as given."""
    return post(CHUNKED, body=body)
