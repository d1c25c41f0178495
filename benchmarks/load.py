"""Let wrk ask a service from a core of its own, over 127.0.0.1 only."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from common import tool
from processes import Service, cores, pinned

PATIENCE = 60  # seconds beyond its time for wrk to end

CROWD = 256  # connections from which on 503 ("not now") is distinguished from errors: looking costs wrk 10 µs a request

LUA = """
wrk.method, wrk.path, wrk.headers["Content-Type"], wrk.body = "POST", "%s", "application/json", [==[%s]==]
busy = 0
local threads = {}
function setup(thread) threads[#threads + 1] = thread end
if os.getenv("TELL_503") then
  function response(status) if status == 503 then busy = busy + 1 end end
end
function done(summary, latency)
  local e, all = summary.errors, 0
  for _, thread in ipairs(threads) do all = all + thread:get("busy") end
  print(string.format('{"requests": %%d, "microseconds": %%d, "p50": %%d, "p99": %%d, "errors": %%d, "busy": %%d}',
    summary.requests - e.status, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout - all, all))
end
"""


@dataclass(frozen=True)
class Load:
    """What one burst of requests showed."""

    rate: float  # requests a second that were answered with success
    p50: float  # ms
    p99: float  # ms
    cpu: float  # µs of the service's processor time a request
    errors: int  # anything but success, and but 503 in a crowd
    busy: int  # 503 in a crowd


def write_script(target: Path, content: object, path: str = "/predict") -> Path:
    """Write what wrk shall send."""
    target.write_text(LUA % (path, json.dumps(content)), encoding="utf-8")
    return target


def burst(address: str, script: Path, connections: int, seconds: int) -> dict[str, int]:
    """Send requests on so many connections, each as soon as the one before is answered; return what LUA prints."""
    words = f"-t1 -c{connections} -d{seconds}s --timeout 10s -s {script} {address}".split()
    wrk = pinned(cores()[1], tool("wrk"), *words)
    env = {**os.environ, "TELL_503": "1"} if connections >= CROWD else None
    done = subprocess.run(wrk, env=env, capture_output=True, text=True, timeout=seconds + PATIENCE, check=False)
    if done.returncode:
        sys.exit(f"wrk could not ask {address}: {done.stdout}{done.stderr}")
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
        busy=found["busy"],
    )
