"""What `tools/compare_with.py` observes: names and sentences stay, what changes from run to run does not."""

import json
from pathlib import Path

import pytest

from comparison import adopting, artifacts, files, requests, server  # in tools/, where living looks
from comparison.normalise import metric_names, normalise, split_imports

EXAMPLE = {"tenure": 3, "contract": "one year"}
NOISE = [
    ("2026/11/28 19:02:11 INFO mlflow: done", "2027/01/02 01:02:03 INFO mlflow: done"),
    ('"created":"2026-11-28T19:02:11.123456Z"', '"created":"2026-11-29T09:02:11.1Z"'),
    ("run 0f3a5b7c9d1e0f3a5b7c9d1e0f3a5b7c", "run aaaa5b7c9d1e0f3a5b7c9d1e0f3a5b7c"),
    ("/tmp/one/old/svc-text/src/a.py:12: UserWarning", "/tmp/two/new/svc-text/src/a.py:99: UserWarning"),
    ("on http://127.0.0.1:40123 after 0.21 s", "on http://127.0.0.1:8000 after 1.5 s"),
    ("make: *** [Makefile:72: adopt] Error 1", "make: *** [Makefile:80: adopt] Error 1"),
    ("Started server process [123]", "Started server process [4567]"),
]


@pytest.mark.parametrize("one, other", NOISE)
def test_what_changes_from_run_to_run_is_left_out(one, other):
    assert normalise(one, Path("/tmp/one/old")) == normalise(other, Path("/tmp/two/new"))


@pytest.mark.parametrize("text", ["0.6715123456789012", "exit code 1", "drain 20 s", "port 8000", "12 rows", "defaced"])
def test_what_a_version_says_stays(text):
    assert normalise(text) == text


def test_imports_are_split_from_the_code():
    code = (
        '"""Doc."""\n\nimport numpy as np\n\nfrom .fields import (\n    Row,\n    number,\n)\n\n\nX = 1  # import x\n'
    )
    other = '"""Doc."""\n\nfrom mlservice.schema import Row\n\nX = 1  # import x\n'
    kept, imports = split_imports(code)
    assert kept == split_imports(other)[0] == '"""Doc."""\n\nX = 1  # import x\n'
    assert imports == ["from .fields import ( Row, number, )", "import numpy as np"]


def test_metrics_are_compared_by_name_and_label():
    one = '# HELP a Of one\na_total{status="200"} 3.0\na_created 1.7e+09\n'
    assert metric_names(one) == metric_names(one.replace("3.0", "4.0").replace("1.7", "1.8"))
    assert metric_names(one) != metric_names(one.replace("200", "422"))
    assert metric_names(one) != metric_names(one.replace("Of one", "Of two"))


def test_logs_are_compared_by_event_and_keys():
    line = '{"event": "listening on 8000", "level": "info", "port": 8000}\n'
    assert server.log_keys(line + line) == "info listening on #: event level port"
    assert server.log_keys('Traceback\n{"event": "x"}') == " x: event\nno JSON: Traceback"


def test_headers_leave_out_what_each_answer_has_anew():
    given = [("Date", "now"), ("X-Request-ID", "1"), ("Content-Length", "3"), ("Allow", "GET")]
    assert server.headers(given, 405) == ["allow: GET", "content-length: 3"]
    assert server.headers(given, 200) == ["allow: GET"]


def test_the_image_holds_what_is_copied_and_not_ignored(tmp_path):
    for name in (
        "src/a.py",
        "src/deep/b.py",
        "src/__pycache__/a.pyc",
        "kit/serving/c.py",
        "kit/adopt/d.py",
        "notes.md",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / "Dockerfile").write_text("FROM x\nCOPY --chown=1 src kit /app/\nCOPY --from=x /y z\n", encoding="utf-8")
    rules = "# all\n*\n!src/**\n!kit/**\nkit/adopt\n**/__pycache__\n"
    (tmp_path / ".dockerignore").write_text(rules, encoding="utf-8")
    assert artifacts.copied(tmp_path) == ["kit/serving/c.py", "src/a.py", "src/deep/b.py"]


def test_each_field_is_wrong_in_one_row():
    cases = requests.instances(EXAMPLE)
    assert json.loads(cases["each field missing"].body) == {"instances": [{"contract": "one year"}, {"tenure": 3}]}
    assert b"NaN" in cases["each field not a number"].body
    assert len(json.loads(cases["too many instances"].body)["instances"]) == requests.MOST + 1
    assert len({**requests.pages(), **requests.bodies(), **cases}) > 25


def test_the_example_comes_from_the_document():
    content = {"content": {"application/json": {"example": {"instances": [EXAMPLE]}}}}
    assert requests.example_of({"paths": {"/predict": {"post": {"requestBody": content}}}}) == EXAMPLE
    assert requests.example_of({}) == {}


def test_files_for_data_have_each_column_wrong_once(tmp_path):
    files.write(tmp_path / "raw.csv", [["a", "b"], [1, 2], [3, 4]])
    found = files.spoiled_rows(tmp_path / "raw.csv", tmp_path)
    assert files.content(found["bad.csv"]) == "a,b\n???,2\n3,???\n"
    assert files.content(found["narrow.csv"]) == "a\n1\n3\n"
    assert not found["absent.csv"].exists()


def test_generated_tables_are_the_same_each_time():
    for table in (adopting.sales, adopting.tickets):
        assert list(table()) == list(table())
    assert len(list(adopting.sales())) == 1 + adopting.DAYS * len(adopting.PRODUCTS)
