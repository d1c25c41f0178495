"""What is sent beside bodies: posts that do not end, malformed requests, requests whose log lines nobody reads."""

import fcntl
import http.client
import os
import re
import stat
from pathlib import Path

from hostile.bodies import MOST
from hostile.clients import HEAD, HOST, Target, request

BUDGET = 32 * MOST  # bytes of bodies in memory at a time: 32 × SERVE_MAX_BODY_BYTES
SLOW = {  # connections, what each announces, what it sends of it
    "one byte of a megabyte": (33, MOST, 1),
    "nothing of 900 bytes": (300, 900, 0),
    "all of a megabyte but one byte": (40, MOST, MOST - 1),
}
MANY = (160, MOST, MOST - 1)  # five times the budget
HALF_SENT = (HEAD % 900, HEAD % 900 + b'{"instances":[')

END = b"\r\nConnection: close\r\n\r\n"
LENGTH = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: "
DIGITS = 5_000  # Python converts at most 4,300 without an error
LONG = {"nines": b"9" * DIGITS, "zeros and a two": b"0" * (DIGITS - 1) + b"2"}
MALFORMED = {
    "no HTTP": b"hello\r\n\r\n",
    "control characters": b"GET /\x00\x01 HTTP/1.1\r\nHost: x" + END,
    "a header without a colon": b"GET /healthz HTTP/1.1\r\nHost: x\r\nnonsense" + END,
    "a negative length": LENGTH + b"-1" + END,
    "two lengths": LENGTH + b"1\r\nContent-Length: 2" + END + b"{}",
    "a length of 5,000 nines": LENGTH + LONG["nines"] + END + b"{}",
    "a length of 4,999 zeros and a two": LENGTH + LONG["zeros and a two"] + END + b"{}",
    "no host": b"GET /healthz HTTP/1.1" + END,
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y" + END,
}

PIPE = 4_096  # bytes: full after a dozen lines
LONG_PATH = "/" + "path" * 1_500  # its line may be longer than the pipe
WAIT = 20  # seconds for an answer


def status(answer: bytes) -> int:
    """Return the status of an answer; 0 if there is none."""
    found = re.match(rb"HTTP/1\.1 (\d+) ", answer)
    return int(found[1]) if found else 0


def malformed(port: int) -> float:
    """Return how many requests the service counts as malformed."""
    text = request(port, "GET", "/metrics").text
    found = re.search(r'^requests_refused_total\{reason="malformed"\} (\S+)$', text, re.MULTILINE)
    return float(found[1]) if found else 0


def small_pipe(path: Path) -> int:
    """Make a named pipe that is soon full; return its reading end, which blocks."""
    os.mkfifo(path, stat.S_IRUSR | stat.S_IWUSR)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # else it waits for who writes
    os.set_blocking(reader, True)
    fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, PIPE)
    return reader


def answered(target: Target, number: int) -> int:
    """Send so many requests on one connection; return how many are answered before one is not."""
    connection = http.client.HTTPConnection(HOST, target.port, timeout=WAIT)
    for sent in range(number):
        try:
            connection.request("GET", LONG_PATH if sent % 100 == 0 else "/healthz")
            connection.getresponse().read()
        except OSError:
            return sent
    connection.close()
    return number
