"""Run a service on one core and let wrk ask it from another, over 127.0.0.1 only."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from common import tool

TICKS = os.sysconf("SC_CLK_TCK")  # a second, in /proc/PID/stat
PATIENCE = 30  # seconds for a service to start

LUA = """
wrk.method, wrk.headers["Content-Type"], wrk.body = "POST", "application/json", [==[%s]==]
function done(summary, latency)
  local e = summary.errors
  print(string.format('{"requests": %%d, "microseconds": %%d, "p50": %%d, "p99": %%d, "errors": %%d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True)
class Load:
    """What one burst of requests showed."""

    rate: float  # requests a second
    p50: float  # ms
    p99: float  # ms
    cpu: float  # µs of the service's processor time a request
    errors: int


@dataclass(frozen=True)
class Service:
    """A service that runs."""

    process: subprocess.Popen
    address: str

    def get(self, path: str, content: object = None) -> dict:
        """Ask once, with content as JSON where there is any, and return the JSON."""
        body = json.dumps(content).encode() if content else None
        request = urllib.request.Request(self.address + path, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def cpu(self) -> float:
        """Return the processor time used so far, in seconds."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        return sum(map(int, stat.rpartition(")")[2].split()[11:13])) / TICKS

    def rest(self) -> None:
        """Wait until it has finished what nobody waits for any more: the next burst must find the core free."""
        used = -1.0
        while used < self.cpu():
            used = self.cpu()
            time.sleep(0.2)

    def resident(self) -> float:
        """Return the resident memory, in MiB."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


def cores() -> tuple[str, str]:
    """Choose a core for the services and another for wrk."""
    found = sorted(os.sched_getaffinity(0))
    return (str(found[0]), str(found[1])) if len(found) > 1 else sys.exit("this benchmark needs two cores")


def pinned(core: str, *words: str) -> list[str]:
    """Return the words that run a command on one core."""
    return [tool("taskset"), "--cpu-list", core, *words]


def free_port() -> str:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


@contextlib.contextmanager
def running(log: Path, port: str, command: list[str], **options) -> Iterator[Service]:
    """Run a service until the block ends; its log is shown where it does not start."""
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out, **options) as process:
        service = Service(process, f"http://127.0.0.1:{port}")
        try:
            if not started(service):
                sys.exit(f"{' '.join(command)} did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")
            yield service
        finally:
            process.terminate()


def started(service: Service) -> bool:
    """Wait until the service answers; tell whether it does."""
    give_up = time.monotonic() + PATIENCE
    while service.process.poll() is None and time.monotonic() < give_up:
        with contextlib.suppress(OSError):
            return bool(service.get("/openapi.json"))
        time.sleep(0.1)
    return False


def write_script(target: Path, content: object) -> Path:
    """Write what wrk shall send."""
    target.write_text(LUA % json.dumps(content), encoding="utf-8")
    return target


def ask(service: Service, script: Path, connections: int, seconds: int) -> Load:
    """Send requests on so many connections, each as soon as the one before is answered."""
    words = f"-t1 -c{connections} -d{seconds}s --timeout 10s -s {script} {service.address}/predict".split()
    began = service.cpu()
    wrk = pinned(cores()[1], tool("wrk"), *words)
    done = subprocess.run(wrk, capture_output=True, text=True, timeout=seconds + PATIENCE, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    used = service.cpu() - began
    service.rest()
    return Load(
        rate=found["requests"] / found["microseconds"] * 1e6,
        p50=found["p50"] / 1e3,
        p99=found["p99"] / 1e3,
        cpu=used / max(found["requests"], 1) * 1e6,
        errors=found["errors"],
    )
