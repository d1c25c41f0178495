"""`--log`: a batch writes the lines that a service writes for the same rows."""

import json
from functools import partial

import pytest
from mlservice.batch.command import predict_command
from mlservice.monitoring.log_reader import Skipped, read_log
from toys import SERVICES

ROWS = 3


@pytest.mark.parametrize("task", SERVICES)
def test_a_batch_is_logged_once_however_often_it_runs(task, models, tmp_path, call):
    service = SERVICES[task]
    source, target, log = tmp_path / "in.jsonl", tmp_path / "out.parquet", tmp_path / "log"
    source.write_text((json.dumps(service.example) + "\n") * ROWS, encoding="utf-8")
    words = (source, target, "--model-dir", models / task, "--log", log)
    for _ in range(2):
        assert call(partial(predict_command, service), *words) == 0
        target.unlink()
    [frame] = read_log(service, log, skipped := Skipped())
    assert len(frame) == ROWS and not skipped.sentences()
    assert [name.rpartition("/")[2] for name in frame["id"]] == ["0", "1", "2"]
    assert (frame["variant"] == "champion").all()
    if task not in ("image", "text"):  # what may be personal is left out
        assert {f"instance.{column}" for column, value in service.example.items() if value is not None} - {
            "instance.note"
        } <= {*frame.dropna(axis=1, how="all")}
