"""Posts by real clients, each of which takes the same words and gives the same answers."""

import http.client
import subprocess
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from exchanges import answer_of
from raw_http import receive_all, send

HERE = Path(__file__).parent
TIMEOUT = 60  # seconds for all posts of one client


class Post(NamedTuple):
    """What is posted; `kind` is "bytes" for a known length, "stream" for chunks."""

    url: str
    file: Path
    headers: dict
    kind: str = "bytes"


def of_program(*command):
    """Return a client that is a program: it reads a post a line and writes an answer a line."""

    def client(posts):
        lines = ["\t".join([p.url, p.kind, str(p.file), *(f"{n}: {v}" for n, v in p.headers.items())]) for p in posts]
        ran = subprocess.run(
            command, input="\n".join(lines), capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return [tuple(line.split("\t", 1)) for line in ran.stdout.splitlines()]

    return client


def by_http_client(posts):
    """Post with Python's http.client, on a connection of its own each."""
    return [_one(post) for post in posts]


def _one(post):
    url, body = urlsplit(post.url), post.file.read_bytes()
    connection = http.client.HTTPConnection(url.netloc, timeout=10)
    try:
        chunks = [body[at : at + 10_000] for at in range(0, len(body), 10_000)]
        given = iter(chunks) if post.kind == "stream" else body
        connection.request("POST", url.path, given, post.headers, encode_chunked=post.kind == "stream")
        answer = connection.getresponse()
        return str(answer.status), answer.read().decode()
    except (OSError, http.client.HTTPException) as error:
        return "none", repr(error)
    finally:
        connection.close()


def by_socket(posts):
    """Send all, then read: what a client without a library does."""
    return [_bare(post) for post in posts]


def _bare(post):
    url, body = urlsplit(post.url), post.file.read_bytes()
    lines = [f"POST {url.path} HTTP/1.1", f"Host: {url.netloc}", *(f"{n}: {v}" for n, v in post.headers.items())]
    lines += ["Connection: close", f"Content-Length: {len(body)}", "", ""]
    try:
        answer = answer_of(receive_all(send(url.port, "\r\n".join(lines).encode(), body)))
        return str(answer.status), answer.body.decode()
    except (OSError, AssertionError) as error:
        return "none", repr(error)


def client_of(name, program):
    """Return a client by its name; `program` finds what it needs, or skips the test."""
    if name == "node":
        return of_program(program("node"), HERE / "clients/post.mjs")
    if name == "java":
        program("javac")  # which compiles the single file
        return of_program(program("java"), HERE / "clients/Post.java")
    return {"http.client": by_http_client, "socket": by_socket}[name]
