"""The clock jumps by an hour, to and fro: nothing is measured by it."""

import json
import re
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from itertools import cycle

from mlservice.model import artifact, manifests
from toys import training
from toys.regression import SERVICE

HOUR = 3600  # seconds
JUMPING = f"""
import itertools, runpy, time
jumps, real = itertools.cycle((0, {HOUR}, -{HOUR})), time.time
time.time = lambda: real() + next(jumps)
time.time_ns = lambda: int(time.time() * 1e9)
runpy.run_module("toys.regression", run_name="__main__")
"""
TOOK = re.compile(r'duration_seconds_sum{route="/predict"} (\S+)')


def test_a_service_measures_and_drains_by_another_clock(started):
    began = time.monotonic()
    with started(["-c", JUMPING], subprocess.PIPE, DRAIN_SECONDS=0.5) as service:
        assert {service.ask()[0] for _ in range(30)} == {200}
        took = TOOK.search(service.ask("GET", "/metrics", None)[1])
        told = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        lines = service.process.communicate(timeout=60)[0].splitlines()
        assert service.process.returncode == 0
    whole = time.monotonic() - began
    assert 0 < float(took[1]) < whole
    assert 0.5 <= time.monotonic() - told < 60
    spent = [json.loads(line).get("ms", 0) for line in lines]
    assert len(spent) > 30 and 0 <= min(spent) <= max(spent) < whole * 1000


class Yesterday(datetime):
    """A clock that was set back."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) - timedelta(days=1)


def test_a_model_made_by_a_clock_set_back_is_the_newest(own_project, call, monkeypatch):
    served = artifact.load(SERVICE, own_project / "models/current").manifest
    real, jumps = time.time, cycle((0, HOUR, -HOUR))
    monkeypatch.setattr(time, "time", lambda: real() + next(jumps))
    monkeypatch.setattr(manifests, "datetime", Yesterday)
    assert call(training.train) == 0
    assert call(training.evaluate, "--ship-baseline") == 0
    new = artifact.load(SERVICE, own_project / "models/current").manifest
    assert new.created < served.created <= datetime.now(UTC)
    assert new.name == "baseline" and new.run_id != served.run_id
