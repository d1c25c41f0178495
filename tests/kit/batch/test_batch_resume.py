"""A batch that is stopped at any moment: no row is lost, none comes twice."""

import errno
import json
import multiprocessing
import os
import sys
import time

import pyarrow as pa
import pytest
from pyarrow import parquet

from mlservice.batch import checkpoints, predict_file, rows_to_instances
from mlservice.errors import UserError
from toys.classification import SERVICE

EXAMPLE = SERVICE.example


ROWS, AT_ONCE, CHUNKS = 600, 4, 2
COMMAND = f"""
from mlservice.batch import predict_file, rows_to_instances
from mlservice.batch.command import predict_command
from toys.classification import SERVICE
rows_to_instances.ROWS, predict_file.CHUNKS = {AT_ONCE}, {CHUNKS}
predict_command(SERVICE)
"""
CHECKPOINTS = 15  # that have to appear before the next kill


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Make checkpoints of a few rows."""
    monkeypatch.setattr(rows_to_instances, "ROWS", AT_ONCE)
    monkeypatch.setattr(predict_file, "CHUNKS", CHUNKS)


@pytest.fixture
def source(tmp_path):
    """A file of rows that only their numbers tell apart."""
    rows = pa.Table.from_pylist([EXAMPLE] * ROWS)
    parquet.write_table(rows, tmp_path / "in.parquet", row_group_size=ROWS // 7)
    return tmp_path / "in.parquet"


@pytest.fixture
def lines(tmp_path):
    """The same rows as JSON lines."""
    path = tmp_path / "in.jsonl"
    path.write_text((json.dumps(EXAMPLE) + "\n") * ROWS, encoding="utf-8")
    return path


@pytest.fixture
def target(tmp_path):
    """Where the predictions shall be."""
    return tmp_path / "out.parquet"


class Stop(BaseException):
    """What ends a run in its middle, as Ctrl-C would."""


def stopping(monkeypatch, after):
    """Let a run end when it has kept so many checkpoints."""
    keep = checkpoints.Checkpoints.add

    def add(self, table):
        keep(self, table)
        if self.rows >= after * AT_ONCE * CHUNKS:
            raise Stop

    monkeypatch.setattr(checkpoints.Checkpoints, "add", add)


def stop(predictor, source, target):
    """Stop a run after three checkpoints; return the folder that keeps them."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Stop):
        stopping(patch, 3)
        predict_file.predict_file(predictor, source, target)
    assert not target.exists()
    return target.with_name("out.parquet.parts")


@pytest.fixture
def stopped(predictor, source, target):
    """Three checkpoints of a run that was stopped."""
    return stop(predictor, source, target)


def test_killed_again_and_again_it_ends_with_the_same_bytes(model, predictor, source, target, monkeypatch):
    complete = target.with_name("complete.parquet")
    predict_file.predict_file(predictor, source, complete)
    words = ["predict", source, target, "--model-dir", model]
    monkeypatch.setattr(sys, "argv", [*map(str, words)])
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([predict_file.__name__, SERVICE.instance.__module__])
    kept, codes = [0], []
    while not codes or codes[-1]:
        run = context.Process(target=exec, args=(COMMAND, {}))
        run.start()
        if len(kept) <= 3:
            kept.append(_wait(run, target, kept[-1] + CHECKPOINTS))
            run.kill()  # SIGKILL: no handler, no `finally`
            assert not target.exists()
        run.join(60)
        codes.append(run.exitcode)
    assert codes == [-9, -9, -9, 0] and kept == sorted({*kept})
    assert target.read_bytes() == complete.read_bytes()
    rows = parquet.read_table(target)["row"].to_pylist()
    assert rows == [*range(1, ROWS + 1)]
    assert not target.with_name("out.parquet.parts").exists()


def _wait(run, target, wanted):
    """Wait until so many checkpoints are there; return how many there are."""
    folder = target.with_name("out.parquet.parts")
    end = time.monotonic() + 60
    while (found := len([*folder.glob("part-*.parquet")])) < wanted:
        assert run.is_alive() and time.monotonic() < end
        time.sleep(0.001)
    return found


@pytest.mark.parametrize("kind", ["source", "lines"])
def test_what_is_done_is_not_done_again(kind, predictor, target, request, monkeypatch):
    source = request.getfixturevalue(kind)
    complete = target.with_name("complete.parquet")
    predict_file.predict_file(predictor, source, complete)
    stop(predictor, source, target)
    calls, score = [], predictor.score

    def counted(matrix):
        calls.append(1)
        return score(matrix)

    monkeypatch.setattr(predictor, "score", counted)
    assert predict_file.predict_file(predictor, source, target) == ROWS
    assert len(calls) == ROWS / AT_ONCE - 3 * CHUNKS + 1  # the last: its columns
    assert target.read_bytes() == complete.read_bytes()


@pytest.mark.parametrize("damage", ["missing", "half", "short"])
def test_a_checkpoint_that_is_not_complete_is_made_again(damage, predictor, source, target, stopped):
    second = stopped / "part-000002.parquet"
    if damage == "missing":
        second.unlink()
    elif damage == "half":
        second.write_bytes(second.read_bytes()[:-9])
    else:
        parquet.write_table(parquet.read_table(second)[:3], second)
    predict_file.predict_file(predictor, source, target)
    rows = parquet.read_table(target)["row"].to_pylist()
    assert rows == [*range(1, ROWS + 1)]


def test_another_source_is_refused_until_one_says_restart(predictor, source, target, stopped):
    os.utime(source, ns=(1, 1))
    with pytest.raises(UserError, match="holds .* another source: give --restart"):
        predict_file.predict_file(predictor, source, target)
    assert len([*stopped.glob("part-*")]) == 3
    assert predict_file.predict_file(predictor, source, target, restart=True) == ROWS
    assert target.exists() and not stopped.exists()


def test_another_model_and_another_key_are_refused(predictor, source, target, stopped, monkeypatch):
    column = next(iter(EXAMPLE))
    with pytest.raises(UserError, match="another --id"):
        predict_file.predict_file(predictor, source, target, key=column)
    manifest = predictor.model.manifest.model_copy(update={"model_version": "other"})
    other = type(predictor.model)(predictor.model.scorer, manifest)
    monkeypatch.setattr(predictor, "model", other)
    with pytest.raises(UserError, match="another model"):
        predict_file.predict_file(predictor, source, target)
    assert stopped.is_dir()


def test_a_full_disk_is_one_line_and_keeps_what_is_done(predictor, source, target, stopped, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "as libraries say it")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UserError, match="No space left on device; make room"):
            predict_file.predict_file(predictor, source, target)
    assert len([*stopped.glob("part-*.parquet")]) == 3 and not target.exists()
    assert predict_file.predict_file(predictor, source, target) == ROWS
