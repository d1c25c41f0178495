"""The prediction log: each answered row is a line, which costs no answer and fills no disk."""

import json
import os
import threading
import time

import pytest
from mlservice.errors import UserError
from mlservice.monitoring import log_files, prediction_log
from mlservice.monitoring.log_files import LogFiles, NoRoomError, Rotation
from mlservice.serving import app
from mlservice.serving.settings import Settings
from toys import SERVICES
from toys.classification import SERVICE

NOTE = "note"  # the toy's free text
HEADER = prediction_log.header_of(SERVICE)


def lines_of(folder):
    """Return the records of all files of a log, without their first lines."""
    found = []
    for path in sorted(folder.glob(log_files.PATTERN)):
        first, *rest = path.read_bytes().splitlines()
        assert first + b"\n" == HEADER or SERVICE.name.encode() not in first
        found += [json.loads(line) for line in rest]
    return found


def outcomes(client):
    """Return how many rows had each outcome, from the metrics."""
    start = 'prediction_log_rows_total{outcome="'
    found = [line for line in client.get("/metrics").text.splitlines() if line.startswith(start)]
    return {line[len(start) :].partition('"')[0]: float(line.rpartition(" ")[2]) for line in found}


def ask(client, rows=1, service=SERVICE, **headers):
    """Ask for predictions of the example."""
    return client.post("/predict", json={"instances": [service.example] * rows}, headers=headers)


@pytest.mark.parametrize("task", SERVICES)
def test_each_answered_row_is_a_line(task, serving, tmp_path):
    service, before = SERVICES[task], time.time()
    with serving(service, prediction_log=str(tmp_path), prediction_log_text=True) as client:
        answer = ask(client, 3, service, **{"X-Request-ID": "abc", "X-Unit-ID": "customer-1"})
        ask(client, 1, service)
        assert client.post("/predict", json={"instances": [{}]}).status_code == 422
    first, *_, last = lines = lines_of(tmp_path)
    assert [line["id"] for line in lines[:3]] == ["abc/0", "abc/1", "abc/2"]
    assert last["id"].endswith("/0") and "unit" not in last
    assert len(lines) == 4
    assert first["unit"] == "customer-1" and first["variant"] == "champion"
    assert [line["prediction"] for line in lines[:3]] == answer.json()["predictions"]
    assert first["model_version"] == answer.json()["model_version"]
    written = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(before))
    assert first["time"][:16] >= written and first["time"].endswith("Z")
    if task != "image":  # its instance has pixels, which no log holds
        assert service.instance.model_validate(first["instance"]) == service.instance.model_validate(service.example)


def test_texts_and_pictures_are_left_out_unless_asked_for(serving, tmp_path):
    for task, column, expected in [
        ("text", "text", {"characters", "words", "script"}),
        ("image", "image", {"brightness", "contrast", "ink"}),
    ]:
        service = SERVICES[task]
        with serving(service, prediction_log=str(tmp_path / task)) as client:
            assert ask(client, 1, service).status_code == 200
        [line] = lines_of(tmp_path / task)
        assert column not in line["instance"]
        assert {*line["statistics"][column]} == expected


def test_omitted_columns_and_the_unit_s_column(serving, tmp_path):
    first, second, *_ = [column for column in SERVICE.example if column != "since"]
    settings = {"prediction_log_omit": first, "unit_column": second}
    with serving(prediction_log=str(tmp_path), **settings) as client:
        ask(client, **{"X-Unit-ID": "another"})
    [line] = lines_of(tmp_path)
    assert {*line["instance"]} == {*SERVICE.example} - {first, NOTE}
    assert line["unit"] == str(SERVICE.example[second])


@pytest.mark.parametrize("name", ["prediction_log_omit", "unit_column"])
def test_a_column_that_is_not_there_is_named(name, tmp_path):
    with pytest.raises(UserError, match="'nowhere', which is no column; there are "):
        app.create_app(SERVICE, Settings(prediction_log=str(tmp_path), **{name: "nowhere"}))
    assert not [*tmp_path.iterdir()]


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot write a prediction log in .*/file/log"):
        app.create_app(SERVICE, Settings(prediction_log=str(tmp_path / "file" / "log")))


def test_replicas_choose_the_same_requests(serving, tmp_path):
    names, share = [f"request-{number}" for number in range(300)], 0.3
    chosen = []
    for replica in ("a", "b"):
        with serving(prediction_log=str(tmp_path / replica), prediction_log_sample=share) as client:
            for name in names:
                ask(client, 2, **{"X-Request-ID": name})
        chosen.append({line["id"].partition("/")[0] for line in lines_of(tmp_path / replica)})
        assert len(lines_of(tmp_path / replica)) == 2 * len(chosen[-1])
    assert chosen[0] == chosen[1]
    assert 60 < len(chosen[0]) < 120  # 90 expected, standard deviation 8


def test_a_slow_disk_delays_no_answer_and_its_lines_are_counted(serving, tmp_path, monkeypatch):
    blocked = threading.Event()
    monkeypatch.setattr(LogFiles, "append", lambda *_: blocked.wait(10))
    monkeypatch.setattr(prediction_log, "QUEUE_ROWS", 5)
    with serving(prediction_log=str(tmp_path)) as client:
        ask(client, 2)
        time.sleep(3 * prediction_log.FLUSH_SECONDS)  # the thread is in `append` now
        assert all(ask(client, 2).status_code == 200 for _ in range(5))
        assert outcomes(client) == {"queue_full": 8}
        blocked.set()


@pytest.mark.parametrize(("fault", "outcome"), [(NoRoomError("full"), "no_room"), (OSError(5, "broken"), "failed")])
def test_what_cannot_be_written_is_counted(fault, outcome, serving, tmp_path, monkeypatch):
    def refuse(*_):
        raise fault

    monkeypatch.setattr(LogFiles, "append", refuse)
    with serving(prediction_log=str(tmp_path)) as client:
        assert ask(client, 3).status_code == 200
        time.sleep(3 * prediction_log.FLUSH_SECONDS)
        assert outcomes(client) == {outcome: 3}


def test_files_rotate_by_size_and_time(tmp_path):
    for rotation in (Rotation(file_bytes=len(HEADER) + 20), Rotation(file_seconds=0)):
        folder = tmp_path / str(rotation.file_bytes)
        files = LogFiles(folder, HEADER, rotation)
        for _ in range(3):
            files.append([b'{"a":1}\n', b'{"a":2}\n'])
        files.close()
        assert len([*folder.iterdir()]) == 3
        assert lines_of(folder) == [{"a": 1}, {"a": 2}] * 3


def test_old_files_are_removed_and_others_stay(tmp_path):
    old, other = tmp_path / "predictions-20260101T000000Z-ab.jsonl", tmp_path / "mine.jsonl"
    for path in (old, other):
        path.write_bytes(HEADER)
        os.utime(path, (0, 0))
    LogFiles(tmp_path, HEADER, Rotation(keep_days=1)).close()
    assert [*tmp_path.iterdir()] == [other]


def test_the_folder_never_grows_beyond_its_largest_size(tmp_path):
    line = b"x" * 99 + b"\n"
    files = LogFiles(tmp_path, HEADER, Rotation(folder_bytes=len(HEADER) + 250))
    files.append([line, line])
    with pytest.raises(NoRoomError, match="has [0-9]+ bytes"):
        files.append([line])
    files.close()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == len(HEADER) + 200


def test_nothing_is_written_to_a_disk_that_is_nearly_full(tmp_path, monkeypatch):
    files = LogFiles(tmp_path, HEADER, Rotation())
    disk = list(os.statvfs(tmp_path))
    disk[4] = 1  # f_bavail
    monkeypatch.setattr(log_files.os, "statvfs", lambda _: os.statvfs_result(disk))
    with pytest.raises(NoRoomError, match="nearly full"):
        files.append([b"line\n"])
    files.close()


def test_a_part_of_a_line_is_taken_back(tmp_path, monkeypatch):
    files, write = LogFiles(tmp_path, HEADER, Rotation()), os.write

    def fail_in_the_middle(file, data):
        if len(data) < 8:
            raise OSError(28, "no space left")
        return write(file, data[:4])

    monkeypatch.setattr(log_files.os, "write", fail_in_the_middle)
    with pytest.raises(OSError, match="no space"):
        files.append([b'{"a":10}\n'])
    monkeypatch.undo()
    files.append([b'{"a":2}\n'])
    files.close()
    assert lines_of(tmp_path) == [{"a": 2}]


def test_lines_after_a_file_was_replaced_are_in_a_new_one(tmp_path):
    files = LogFiles(tmp_path, HEADER, Rotation())
    files.append([b'{"a":1}\n'])
    [path] = tmp_path.iterdir()
    path.with_suffix(".new").write_bytes(HEADER)
    path.with_suffix(".new").replace(path)  # as `forget` does
    files.append([b'{"a":2}\n'])
    files.close()
    assert lines_of(tmp_path) == [{"a": 2}]
