"""Clients of a service that measure: single requests, loops of small ones, connections that send too little."""

import asyncio
import http.client
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from hostile.bodies import JSON

HOST = "127.0.0.1"
TIMEOUT = 30  # seconds
HEAD = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
WARM_ROWS = 200  # enough to start the thread for large requests


@dataclass(frozen=True)
class Answer:
    """The answer to one request; status 0 where the connection was lost without one."""

    status: int
    text: str
    seconds: float

    @property
    def detail(self) -> str | list[dict]:
        """Return the reason that a refusal gives."""
        return json.loads(self.text)["detail"]


@dataclass(frozen=True)
class Target:
    """A running service: its process, its port and an instance that it accepts."""

    pid: int
    port: int
    row: dict

    def predict(self, rows: int = 1, **headers: str) -> Answer:
        """Send a valid request."""
        return post(self.port, json.dumps({"instances": [self.row] * rows}).encode(), **headers)

    def warm_up(self) -> None:
        """Send small and large requests, so that memory which is allocated once is allocated."""
        for _ in range(20):
            assert self.predict().status == self.predict(WARM_ROWS).status == 200


def post(port: int, body: bytes, kind: str = JSON, **headers: str) -> Answer:
    """Send one request to /predict on a connection of its own and read its answer."""
    return request(port, "POST", "/predict", body, {"Content-Type": kind} | headers)


def request(port: int, method: str, path: str, body: bytes | None = None, headers: dict | None = None) -> Answer:
    """Send one request on a connection of its own and read its answer."""
    began = time.monotonic()
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT)
    try:
        with suppress(BrokenPipeError, ConnectionResetError):  # an early answer may be there all the same
            connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return Answer(answer.status, answer.read().decode(), time.monotonic() - began)
    except (OSError, http.client.HTTPException):
        return Answer(0, "", time.monotonic() - began)
    finally:
        connection.close()


def small_requests(target: Target, seconds: float, pause: float = 0.02) -> list[Answer]:
    """Send valid requests one after the other for so many seconds, each on a connection of its own."""
    end, answers = time.monotonic() + seconds, []
    while time.monotonic() < end:
        answers.append(target.predict())
        time.sleep(pause)
    return answers


def p90(answers: list[Answer]) -> float:
    """Return the 90th percentile of the seconds that answers took."""
    return statistics.quantiles([answer.seconds for answer in answers], n=10)[-1]


def exchange(port: int, sent: bytes) -> bytes:
    """Send bytes, and return all that comes until the other side closes."""

    async def communicate() -> bytes:
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            writer.write(sent)
            return await asyncio.wait_for(reader.read(), TIMEOUT)
        finally:
            writer.close()

    return asyncio.run(communicate())


@contextmanager
def repeated(work: Callable[[], object], threads: int = 1) -> Iterator[None]:
    """Repeat a function in threads until the block ends."""
    stopped = threading.Event()

    def loop() -> None:
        while not stopped.is_set():
            work()

    running = [threading.Thread(target=loop) for _ in range(threads)]
    for thread in running:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in running:
            thread.join()


@contextmanager
def unfinished_posts(port: int, connections: int, announced: int, sent: int) -> Iterator[None]:
    """Hold connections that send less than they announce, and open each again when it is closed."""
    message, stopped = HEAD % announced + b" " * sent, threading.Event()

    async def hold() -> None:
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection(HOST, port)
                try:
                    writer.write(message)
                    await reader.read()
                finally:
                    writer.close()
            await asyncio.sleep(0.02)

    async def hold_all() -> None:
        tasks = [asyncio.ensure_future(hold()) for _ in range(connections)]
        await asyncio.to_thread(stopped.wait)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(hold_all()))
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
