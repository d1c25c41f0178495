"""Start a project's server as the image does, ask it over HTTP, and collect its log."""

import http.client
import json
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from comparison.normalise import broken_at_fields, metric_names, normalise
from comparison.requests import Case
from comparison.versions import Version, package
from trial import answered, free_port

PATIENCE = 60  # seconds for the server to answer, or to end
IGNORED = {"date", "x-request-id", "keep-alive"}
CLIENT_KEY, ADMIN_KEY = "client-key-0123456789", "operator-key-0123456789"


class Server:
    """A server that runs, or the reason why it does not."""

    def __init__(self, version: Version, task: str, settings: Mapping[str, str], log: Path) -> None:
        """Start `python -m <package>` on a free port of the loopback interface."""
        self.version, self.log, self.port = version, log, free_port()
        variables = version.variables(SERVE_PORT=str(self.port), **settings)
        with log.open("wb") as out, log.with_suffix(".err").open("wb") as err:
            command = ("python", "-m", package(task))
            self.process = subprocess.Popen(  # pylint: disable=consider-using-with  # `running` ends it
                command, cwd=version.project(task), env=variables, stdout=out, stderr=err
            )

    def alive(self) -> bool:
        """Return True while the process runs."""
        return self.process.poll() is None

    def wait(self) -> bool:
        """Wait until the server answers; return False where it does not in time."""
        return answered(f"http://127.0.0.1:{self.port}/healthz", self.alive, PATIENCE)

    def stop(self) -> int | None:
        """Send SIGTERM and return the exit code; None where the server had to be killed."""
        self.process.terminate()
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None

    def ask(self, case: Case) -> str:
        """Send a request; return status, headers and body without what changes from run to run."""
        try:
            if case.raw:
                return normalise(self._raw(case.raw), self.version.folder)
            return self._answer(case)
        except (OSError, http.client.HTTPException) as error:
            return f"no answer: {type(error).__name__}"

    def document(self) -> dict:
        """Return the OpenAPI document; empty where there is none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", "/openapi.json")
            return json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            return {}
        finally:
            connection.close()

    def _answer(self, case: Case) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(case.method, case.path, case.body, dict(case.headers))
            answer = connection.getresponse()
            body = answer.read().decode("utf-8", "backslashreplace")
        finally:
            connection.close()
        lines = [f"{answer.status} {answer.reason}", *headers(answer.getheaders(), answer.status)]
        shown = metric_names(body) if case.path == "/metrics" and answer.status == 200 else broken_at_fields(body)
        return normalise("\n".join((*lines, "", shown)), self.version.folder)

    def _raw(self, content: bytes) -> str:
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(content)
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        lines = answer.decode("utf-8", "backslashreplace").split("\r\n")
        return "\n".join(line for line in lines if line.partition(":")[0].lower() not in IGNORED)


def headers(found: list[tuple[str, str]], status: int) -> list[str]:
    """Return the headers sorted; the length of a success depends on hashes and counts in it."""
    kept = [(name.lower(), value) for name, value in found if name.lower() not in IGNORED]
    return sorted(f"{name}: {value}" for name, value in kept if name != "content-length" or status >= 400)


@contextmanager
def running(version: Version, task: str, name: str, **settings: str) -> Iterator[Server]:
    """Run a server until the block ends; raise RuntimeError where it does not answer."""
    server = Server(version, task, settings, version.folder / f"{task}-{name}.log")
    try:
        if not server.wait():
            raise RuntimeError(f"the server ({name}) did not answer; exit code {server.process.poll()}")
        yield server
    finally:
        if server.alive():
            server.stop()


def log_keys(text: str) -> str:
    """Return each kind of JSON log line with its keys, once; another line as it is."""
    found = set()
    for line in text.splitlines():
        try:
            entry = json.loads(line)
            event = re.sub(r"\d+", "#", str(entry.get("event", "")))
            found.add(f"{entry.get('level', '')} {event}: {' '.join(sorted(entry))}")
        except (ValueError, AttributeError):
            found.add(f"no JSON: {line}")
    return "\n".join(sorted(found))
