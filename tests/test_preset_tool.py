"""`python tools/preset.py team.yml`: what is wrong with a preset, by name, before anybody renders with it."""

import subprocess
import sys

import pytest
import yaml

from conftest import ROOT
from hook_modules import PRE

EXAMPLE = ROOT / "docs/how-to/team.yml"
TEAM = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))


def preset(file) -> tuple[int, str]:
    """Check a preset as its page says; return exit code and output."""
    command = (sys.executable, ROOT / "tools/preset.py", file)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_example_is_good_and_says_all_that_can_be_said():
    assert preset(EXAMPLE) == (0, "team.yml: 5 answers and 8 conventions, for both engines\n")
    assert list(TEAM["conventions"]) == list(PRE.FORMS)


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("license: Prop", "licence: Prop", "The preset has no licence: did you mean license?"),
        ("line_length:", "line_lenght:", "conventions has no line_lenght: did you mean line_length?"),
        ("line_length: 100", "line_length: 60", "conventions: line_length must be a whole number from 88 to 200."),
        ("license: Proprietary", "license: WTFPL", "license must be one of: MIT, "),
        ('python_version: "3.13"', "python_version: 3.13", "python_version must be text: write it between quotes."),
        ("churn-team@example.com", "churn", "author_email must look like name@example.com."),
        ("conventions: *conventions", "", "conventions is not the same at the top"),
        ("conventions: *conventions", "conventions: 5", "conventions must be names with values"),
        ("<<: *answers", "license: MIT", "license is not the same at the top"),
        ("<<: *answers", "<<: *nobody", "is no YAML: "),
        ("default_context:", "context:", "A preset has its answers under default_context"),
    ],
)
def test_a_bad_preset_is_refused_by_name(old, new, said, tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "team.yml").write_text(text.replace(old, new), encoding="utf-8")
    code, output = preset(tmp_path / "team.yml")
    assert code == 1 and said in output and "Traceback" not in output


@pytest.mark.parametrize("content", [b"", b"- 1\n", b"\xff\n"])
def test_what_is_no_preset_is_refused(content, tmp_path):
    (tmp_path / "team.yml").write_bytes(content)
    code, output = preset(tmp_path / "team.yml")
    assert code == 1 and output.count("\n") == 1
    assert preset(tmp_path / "none.yml")[1] == f"{tmp_path / 'none.yml'} cannot be read: No such file or directory.\n"
