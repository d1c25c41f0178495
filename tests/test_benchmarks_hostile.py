"""The hostile table: bodies are as large as is said, a missed goal is said, two checkouts stand side by side."""

import importlib.util
import json
import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest

from conftest import ROOT
from documents import TEXTS

COMMAND = ROOT / "benchmarks" / "hostile"
sys.path[0:0] = [str(COMMAND), str(ROOT / "benchmarks")]
sys.path.append(str(ROOT / "tests" / "kit"))
# pylint: disable=wrong-import-position,import-error  # benchmarks/ is no package, and none that pylint is shown
import endurance  # noqa: E402
import parts  # noqa: E402
import wire  # noqa: E402
from common import Line  # noqa: E402
from hostile import bodies, forms, memory, refusals, storm  # noqa: E402
from hostile.clients import Answer  # noqa: E402
from load import Load  # noqa: E402
from memory_of_refusals import judged_costs  # noqa: E402
from processes import NotStarted  # noqa: E402

ROW = {"months": 3, "contract": "yearly", "note": None}
SHORT = json.dumps({"detail": [{"row": 0, "column": "x", "message": "no"}]})
GOOD = refusals.Cost("a kind", peak=40.0, kept=0.0, answer=Answer(422, SHORT, 0.25))
BAD = {
    "memory over rest": replace(GOOD, peak=40.1),
    "time to the answer": replace(GOOD, answer=Answer(422, SHORT, 0.26)),
    "bodies that are not refused with 4xx": replace(GOOD, answer=Answer(0, "", 0.1)),
    "answers that are long, or repeat a long key": replace(
        GOOD, answer=Answer(422, json.dumps({"detail": [{}] * 22}), 0.1)
    ),
}


@pytest.fixture(scope="module")
def command():
    """The command as a module, whose parts a user selects."""
    spec = importlib.util.spec_from_file_location("hostile_command", COMMAND / "__main__.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def missed(lines) -> list[str]:
    """Return the figures whose goal is missed."""
    return [line.figure for line in lines if line.met is False]


def test_bodies_are_of_many_kinds_and_of_a_megabyte_at_most():
    found = [(name, body) for name, _, body in refusals.everything("image", {"image": "AECA/w=="})]
    found += [(name, body) for name, _, body in refusals.everything("classification", ROW)]
    assert len({name for name, _ in found}) > 90
    assert all(0 < len(body) <= bodies.MOST for _, body in found)
    assert sum(len(body) > 0.9 * bodies.MOST for _, body in found) > len(found) / 2
    assert len(forms.png()) < bodies.MOST / 8 < forms.SIDE**2 / 8  # packed, and unpacked


def test_a_body_as_of_the_issue_is_among_them():
    found = dict(bodies.bodies(ROW))
    rows = json.loads(found["unknown keys in every row"])["instances"]
    assert len(rows) > 900 and len(rows[0]) == 140
    pairs = json.loads(found["an empty key 199,000 times"], object_pairs_hook=lambda pairs: pairs)
    assert len(pairs[0][1][0]) > 198_000
    assert len(json.loads(found["a list of empty lists in contract"])["instances"][0]["contract"]) > 200_000


def test_changed_bodies_are_no_longer_than_before():
    draws, body = random.Random(1), bytes(range(100))
    changed = [storm.mutated(body, draws) for _ in range(300)]
    assert all(len(each) <= len(body) for each in changed) and len(set(changed)) > 100
    assert storm.lost(Counter({422: 5, 503: 4, 200: 3, 500: 2, 0: 1})) == 3


def test_good_costs_meet_every_goal():
    assert missed(judged_costs([GOOD] * 3, kept=20)) == []
    assert missed(judged_costs([GOOD], kept=21)) == ["memory kept after every kind"]


@pytest.mark.parametrize("figure", BAD)
def test_a_cost_that_is_too_high_is_said(figure):
    lines = judged_costs([GOOD, replace(BAD[figure], kind="the bad one")], kept=0)
    assert missed(lines) == [figure]


def test_an_answer_that_repeats_a_long_key_is_not_bounded():
    echo = json.dumps({"detail": [{"row": 0, "column": bodies.LONG, "message": "no"}]})
    assert refusals.is_bounded(Answer(422, SHORT, 0)) and not refusals.is_bounded(Answer(422, echo, 0))


def test_two_checkouts_stand_side_by_side():
    def measure(checkout, _):
        if checkout == "broken":
            raise NotStarted("no such setting")
        return [Line("a figure", checkout, "a goal", checkout == "new")]

    part = parts.Part("1", measure)
    assert parts.beside(part, "new", "old", None) == [Line("1: a figure", "new; before: old", "a goal", True)]
    assert parts.beside(part, "new", "broken", None)[0].measured == "new; before: not possible"
    assert missed(parts.beside(part, "old", None, None)) == ["1: a figure"]
    assert missed(parts.beside(part, "broken", None, None)) == ["1: the measurement"]
    assert parts.beside(parts.Part("2", compare=lambda *_: [Line("x", "y")]), "new", None, None) == []


def test_tests_of_the_wire_are_counted():
    report = """<testsuites><testsuite><testcase classname="wire.test_a_b"/><testcase classname="wire.test_a_b">
        <skipped/></testcase><testcase classname="test_c"/><testcase classname="test_c"><failure/></testcase>
        <testcase classname="test_d"><skipped/></testcase></testsuite></testsuites>"""
    lines = wire.lines_of(report)
    assert [line.measured for line in lines] == ["1 of 1, 1 skipped", "1 of 2", "0 of 0, 1 skipped"]
    assert missed(lines) == ["c: tests that pass", "d: tests that pass"]


def test_a_slower_answer_is_said():
    load = Load(rate=9000, p50=1.0, p99=2.0, cpu=100.0, errors=0, busy=0)
    assert endurance.p99_line([load], [load]).met
    assert not endurance.p99_line([load], [replace(load, p99=2.1)]).met


def test_a_control_group_is_removed(tmp_path):
    with memory.limited_group(storm.LIMIT) as group:
        assert group is None or group.is_dir()
        command = memory.in_group(group, ["true"])
        assert subprocess.run(command, cwd=tmp_path, check=False).returncode == 0
    assert group is None or not group.exists()


def test_a_part_that_does_not_exist_is_refused(command):
    assert command.names_of("part", command.PARTS)("end,refusals") == ["refusals", "end"]
    done = subprocess.run((sys.executable, str(COMMAND), "--only", "ends"), capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "no such part: ends; there are refusals, crowd" in done.stderr


def test_the_page_names_every_part_and_shows_a_run(command):
    page = TEXTS["docs/reference/hostile-load.md"]
    assert all(f"| `{name}` |" in page for name in command.PARTS)
    again = parts.in_page(parts.in_page(page, "RUN 1"), "RUN 2")
    assert "RUN 2" in again and "RUN 1" not in again and again.startswith(page.partition(parts.BEGIN)[0])
