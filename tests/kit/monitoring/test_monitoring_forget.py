"""Forgetting one unit: its lines go, all others stay, while a service writes."""

import threading
import time

import pytest
from mlservice.errors import UserError
from mlservice.monitoring.forget import forget
from mlservice.monitoring.log_files import PATTERN, LogFiles, Rotation

HEADER = b'{"prediction_log":{}}\n'
UNIT = 'O\'Brien "Bob", № 1'
OF_UNIT = b'{"id":"a/0","unit":"O\'Brien \\"Bob\\", \xe2\x84\x96 1"}\n'
OTHERS = [b'{"id":"b/0","unit":"another"}\n', b'{"id":"c/0","note":"O\'Brien \\"Bob\\", \xe2\x84\x96 1"}\n']


def lines_of(folder):
    """Return the lines of all files, without headers."""
    return [line for path in sorted(folder.glob(PATTERN)) for line in path.read_bytes().splitlines(keepends=True)[1:]]


def test_the_lines_of_a_unit_go_and_others_stay(tmp_path):
    files = LogFiles(tmp_path, HEADER, Rotation())
    files.append([OTHERS[0], OF_UNIT, OTHERS[1], OF_UNIT])
    files.close()
    [path] = tmp_path.iterdir()
    mode = path.stat().st_mode
    assert forget(tmp_path, UNIT) == 2
    assert lines_of(tmp_path) == OTHERS and path.stat().st_mode == mode
    assert forget(tmp_path, UNIT) == 0


def test_a_line_that_was_cut_goes_if_it_names_the_unit(tmp_path):
    path = tmp_path / "predictions-a.jsonl"
    path.write_bytes(HEADER + OTHERS[0] + OF_UNIT.rstrip(b"}\n") + b',"instance":{"a":1')
    assert forget(tmp_path, UNIT) == 1
    assert lines_of(tmp_path) == [OTHERS[0]]


def test_no_line_is_lost_that_is_written_meanwhile(tmp_path):
    files, written = LogFiles(tmp_path, HEADER, Rotation()), []
    done = threading.Event()

    def write():
        while not done.is_set():
            line = b'{"id":"%d","unit":"another"}\n' % len(written)
            files.append([line, OF_UNIT])
            written.append(line)

    writer = threading.Thread(target=write)
    writer.start()
    until = time.monotonic() + 60
    while len(written) <= 30 and time.monotonic() < until:
        forget(tmp_path, UNIT)
    done.set()
    writer.join()
    files.close()
    forget(tmp_path, UNIT)
    assert len(written) > 30 and sorted(lines_of(tmp_path)) == sorted(written)


def test_a_folder_without_a_log_is_named(tmp_path):
    with pytest.raises(UserError, match="holds no prediction log"):
        forget(tmp_path / "nowhere", UNIT)
