"""Run a service on one core and let wrk ask it from another, over 127.0.0.1 only."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from common import tool
from trial import answered, fetch, free_port  # in tools/, where common looks

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

    def predict(self, content: object) -> dict:
        """Ask for one prediction and return the answer."""
        return json.loads(fetch(f"{self.address}/predict", json.dumps(content).encode()))

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


@contextlib.contextmanager
def running(log: Path, port: int, command: list[str], **options) -> Iterator[Service]:
    """Run a service until the block ends; its log is shown where it does not start."""
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out, **options) as process:
        service = Service(process, f"http://127.0.0.1:{port}")
        try:
            if not answered(f"{service.address}/openapi.json", lambda: process.poll() is None, PATIENCE):
                sys.exit(f"{' '.join(command)} did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")
            yield service
        finally:
            process.terminate()


@contextlib.contextmanager
def served(project: Path, log: Path) -> Iterator[Service]:
    """Run a rendered project's service on the first core, as `make serve` does, until the block ends."""
    [package] = (path.parent.name for path in (project / "src").glob("*/serve.py"))
    port = free_port()
    command = pinned(cores()[0], str(project / ".venv" / "bin" / "python"), "-m", f"{package}.serve")
    with running(log, port, command, cwd=project, env={**os.environ, "SERVE_PORT": str(port)}) as service:
        yield service


def write_script(target: Path, content: object) -> Path:
    """Write what wrk shall send."""
    target.write_text(LUA % json.dumps(content), encoding="utf-8")
    return target


def burst(address: str, script: Path, connections: int, seconds: int) -> dict[str, int]:
    """Send requests on so many connections, each as soon as the one before is answered; return what LUA prints."""
    words = f"-t1 -c{connections} -d{seconds}s --timeout 10s -s {script} {address}/predict".split()
    wrk = pinned(cores()[1], tool("wrk"), *words)
    done = subprocess.run(wrk, capture_output=True, text=True, timeout=seconds + PATIENCE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def ask(service: Service, script: Path, connections: int, seconds: int) -> Load:
    """Send a burst, and see what it cost the service."""
    began = service.cpu()
    found = burst(service.address, script, connections, seconds)
    used = service.cpu() - began
    service.rest()
    return Load(
        rate=found["requests"] / found["microseconds"] * 1e6,
        p50=found["p50"] / 1e3,
        p99=found["p99"] / 1e3,
        cpu=used / max(found["requests"], 1) * 1e6,
        errors=found["errors"],
    )
