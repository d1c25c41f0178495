"""The figures of the structure: counted right, and a missed target is said."""

import sys
from dataclasses import replace

from conftest import ROOT, git

sys.path.insert(0, str(ROOT / "benchmarks"))
# pylint: disable=wrong-import-position,import-error  # benchmarks/ is no package, and none that pylint is shown
import structure  # noqa: E402
from load import Load  # noqa: E402
from two_versions import Pair, compared, run  # noqa: E402

GOOD = Load(rate=9000, p50=1.0, p99=2.0, cpu=100.0, errors=0, busy=0)


def missed(lines) -> list[str]:
    """Return the figures whose target is missed."""
    return [line.figure for line in lines if not line.met]


def test_a_slower_or_a_hungrier_service_is_said():
    assert missed(compared([GOOD] * 3, [GOOD] * 3)) == []
    assert missed(compared([GOOD] * 3, [replace(GOOD, rate=8700)] * 3)) == ["requests/s"]
    assert missed(compared([GOOD] * 3, [replace(GOOD, cpu=104.0)] * 3)) == ["requests for a second of processor time"]
    assert missed(compared([GOOD] * 3, [GOOD, GOOD, replace(GOOD, errors=1)])) == ["requests that failed"]


def repository(folder, files: dict[str, str]):
    """Make a repository of these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "init", "-q")
    return folder


def test_files_that_do_not_parse_and_stubs_are_counted(tmp_path):
    stub = '{% include ["a.py", "templates/a.py"] -%}\n'
    before = repository(tmp_path / "before", {f"{structure.TREE}/s{n}.py": stub for n in range(76)})
    tree = {f"{structure.TREE}/src/a.py": stub, f"{structure.TREE}/kit/b.py": "b = 1\n", "tests/kit/c.py": "c = 1\n"}
    now = repository(tmp_path / "now", tree)
    assert [line.measured for line in structure.unrendered(Pair(before, now))] == [
        "1; 76 in v0.6.0",
        "0 of 2",
        "1; 76 in v0.6.0",
    ]
    assert missed(structure.unrendered(Pair(before, now))) == []
    assert missed(structure.unrendered(Pair(now, before))) == [
        "files that do not parse",
        "of these, in the library and its tests",  # there is none: nothing was looked at
        "stubs in the tree",
    ]


def test_what_a_user_owns_is_counted(tmp_path):
    small = repository(tmp_path / "small", {"src/a/b.py": "x = 1\ny = 2\n", "tests/test_b.py": "\n"})
    large = repository(tmp_path / "large", {"src/a/b.py": "\n" * 1001, "tests/test_b.py": "\n" * 1601})
    assert structure.size(small / "src") == (1, 2)
    assert missed(structure.owned("classification", Pair(large, small))) == []
    assert len(missed(structure.owned("classification", Pair(small, large)))) == 2
    assert len(missed(structure.owned("forecasting", Pair(small, large)))) == 1  # its package may have 1,300


def test_a_command_that_fails_ends_the_run(tmp_path, capsys):
    try:
        run("bash", "-c", "echo why; exit 3", cwd=tmp_path)
    except SystemExit as ended:
        assert "why" in str(ended)
    else:
        raise AssertionError(capsys.readouterr())
