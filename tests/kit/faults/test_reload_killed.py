"""A reload that meets what a kill left, or is killed: the old or the new is served."""

import json
import shutil
import signal

import pytest

from mlservice.model import artifact
from toys.regression import SERVICE

PROMOTE = "artifact.promote(SERVICE, Path('models/baseline'), Path('models/current'))"
IMPORT = """
from pathlib import Path
from mlservice.model import artifact
from toys.regression import SERVICE
"""
ENDS = ("reloaded", "reload refused")  # events of the log
DIES = """
import itertools, os, runpy, signal
from mlservice.model import artifact
calls, verify = itertools.count(), artifact.verify
def dying(*words):
    if next(calls):  # the first is the start's, the second is the reload's
        os.kill(os.getpid(), signal.SIGKILL)
    return verify(*words)
artifact.verify = dying
runpy.run_module("toys.regression", run_name="__main__")
"""


def version(folder):
    """Return the version of the model that may be served there."""
    return artifact.load(SERVICE, folder / "models/current").manifest.model_version


@pytest.fixture
def reload(until, tmp_path):
    """Return `reload(service)`, which returns the event of the log by which it ended."""

    def events():
        lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
        return [event for line in lines if (event := json.loads(line)["event"]) in ENDS]

    def send(service):
        before = len(events())
        service.process.send_signal(signal.SIGHUP)
        until(lambda: len(events()) > before)
        return events()[-1]

    return send


def test_whatever_a_kill_left_is_reloaded_or_refused(killed, two_models, started, reload, tmp_path):
    sweep = [{"code": PROMOTE, "change": number} for number in range(200)]
    left = killed(two_models, IMPORT, sweep)
    models = two_models / "models"
    with (
        (tmp_path / "log").open("wb") as log,
        started(stdout=log, MODEL_DIR=models / "current") as service,
    ):
        seen = set()
        for folder in left:
            shutil.rmtree(models)
            shutil.copytree(folder / "models", models)
            assert reload(service) == "reloaded"
            status, answer = service.ask()
            assert status == 200
            assert json.loads(answer)["model_version"] == version(folder)
            seen.add(version(folder))
        model = models / "current/model.onnx"
        model.write_bytes(model.read_bytes()[:-1])
        assert reload(service) == "reload refused"
        assert json.loads(service.ask()[1])["model_version"] == version(left[-1])
    assert len(seen) == 2


def test_killed_while_it_reloads_it_starts_with_the_new(started, two_models, written, until):
    folder = {"MODEL_DIR": two_models / "models/current"}
    with started(["-c", DIES], **folder) as service:
        artifact.promote(SERVICE, two_models / "models/baseline", folder["MODEL_DIR"])
        before = written(two_models)
        service.process.send_signal(signal.SIGHUP)
        until(lambda: service.process.poll() is not None)
        assert service.process.returncode == -signal.SIGKILL
    assert written(two_models) == before
    with started(**folder) as service:
        assert json.loads(service.ask()[1])["model_version"] == version(two_models)
