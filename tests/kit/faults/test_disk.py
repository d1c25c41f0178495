"""A disk that is full: one sentence, and what was there stays."""

import errno
import json
import os
import re
import resource
import shutil
import signal
import subprocess
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from mlservice.batch.command import predict_command
from mlservice.training import mlflow_run
from toys import training
from toys.regression import SERVICE

predict = partial(predict_command, SERVICE)
REASON = "No space left on device|File too large"
STAGES = {
    "prepare": (training.prepare,),
    "train": (training.train,),
    "evaluate": (training.evaluate,),
    "ship": (training.evaluate, "--ship-baseline"),
}


def _mount(folder):
    """Put a small disk at `folder`; skip where the system does not let us."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=32m,mode=700", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"a small tmpfs needs the command mount: {error}")
    if done.returncode:
        pytest.skip(f"a small tmpfs needs the right to mount: {done.stderr.strip()}")


@contextmanager
def _filled(folder):
    """Leave no byte on the disk that holds `folder`."""
    with (folder / "ballast").open("wb", buffering=0) as ballast:
        try:
            while ballast.write(bytes(1 << 16)):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC
    try:
        yield
    finally:
        (folder / "ballast").unlink()


@contextmanager
def _limited(_):
    """Let no file of this process grow beyond some bytes: a full disk without root."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(params=["limit", "tmpfs"])
def disk(request, tmp_path):
    """A folder on a disk, and a context in which that disk is full."""
    folder = tmp_path / "disk"
    if request.param == "limit":
        folder.mkdir()
        yield folder, _limited
        return
    _mount(folder)
    yield folder, _filled
    os.chdir("/")
    subprocess.run(["umount", "--lazy", folder], check=True)  # MLflow has it open


@pytest.fixture
def full(project, disk, monkeypatch, capsys):
    """A project on a disk of its own, where we are, and what makes that disk full."""
    del capsys  # it keeps in memory what is printed: a file would have no room
    folder, fill = disk
    for name in ("data", "models", "reports"):
        shutil.copytree(project / name, folder / name)
    for name in ("params.yaml", "mlflow.db"):
        shutil.copy(project / name, folder)
    monkeypatch.chdir(folder)
    return folder, lambda: fill(folder)


@pytest.fixture
def without_mlflow(monkeypatch):
    """Let the stages keep no run: so the disk is full for their own files."""

    @contextmanager
    def run(_name, run_id=""):
        yield run_id

    monkeypatch.setattr(mlflow_run, "run", run)
    for name in ("log_params", "log_metrics", "log_test", "log_gate", "register", "set_champion"):
        monkeypatch.setattr(mlflow_run, name, lambda *_: "none")


@pytest.mark.usefixtures("without_mlflow")
@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_leaves_what_was_there(stage, full, ends, call, written):
    folder, fill = full
    before = written(folder)
    with fill():
        line = ends(*STAGES[stage])
    assert re.search(f"({REASON}); mend that and run it again", line)
    assert written(folder) == before
    if stage in ("prepare", "ship"):  # with room, all is well; the others take long
        assert call(*STAGES[stage]) == 0
        assert written(folder).keys() == before.keys()


def test_mlflow_has_no_room_for_the_run(full, ends, written, monkeypatch, capsys):
    folder, fill = full
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/mlflow.db")
    before = written(folder)
    with fill():
        assert "MLflow at sqlite" in ends(training.train)
    assert written(folder) == before
    assert "Traceback" not in capsys.readouterr().err


def test_predictions_leave_an_earlier_result(full, ends, call, tmp_path):
    folder, fill = full
    source, target = tmp_path / "in.jsonl", folder / "out.csv"
    source.write_text((json.dumps(SERVICE.example) + "\n") * 200, "utf-8")
    target.write_text("earlier", "utf-8")
    with fill():
        assert re.search(REASON, ends(predict, source, target))
    assert target.read_text("utf-8") == "earlier"
    assert call(predict, source, target) == 0
    assert len(target.read_text("utf-8").splitlines()) == 201


def a_full_disk():
    """Return what to write to, so that each write fails."""
    if Path("/dev/full").exists():
        return os.open("/dev/full", os.O_WRONLY)
    unread, full = os.pipe()  # not every system has it: what nobody reads fails, too
    os.close(unread)
    return full


def test_a_service_whose_logs_have_no_room_goes_on(started):
    with started(stdout=a_full_disk()) as service:
        assert {service.ask()[0] for _ in range(20)} == {200}
        assert service.ask("GET", "/none")[0] == 404
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(60) == 0
