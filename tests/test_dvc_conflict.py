"""The runbook's three lines settle a conflict in dvc.lock: rows of one branch, a parameter of the other."""

import pytest
import yaml

from conftest import git
from pages import commands, run_page

pytestmark = pytest.mark.slow

GIT = "git -c user.name=t -c user.email=t@example.com"


def test_the_lines_of_the_runbook_settle_a_conflict_in_dvc_lock(living, tmp_path):
    page = (living.path / "docs/runbook.md").read_text(encoding="utf-8")
    lines = commands(page.partition("\n## A conflict in dvc.lock\n")[2])
    assert lines.count("\n") == 3
    with living.borrowed(tmp_path / "before"):
        for command in (
            f"git add --all && {GIT} commit --quiet --no-verify --message Trained",
            "git switch --quiet --create theirs",
            "sed -i '$d' data/raw.csv && make pipeline && dvc push --quiet",
            f"git add --all && {GIT} commit --quiet --no-verify --message 'One row less'",
            "git switch --quiet - && dvc checkout --quiet --force",
            "sed -i 's/min_gain: 0.0/min_gain: 0.001/' params.yaml && git diff --quiet -- dvc.lock && make pipeline",
            f"git add --all && {GIT} commit --quiet --no-verify --message 'A stricter gate'",
        ):
            living.run(f"set -e; {command}")
        theirs = git(living.path, "show", "theirs:data/raw.csv.dvc")
        code, said = living.try_(f"{GIT} merge theirs")
        assert code != 0 and "CONFLICT (content): Merge conflict in dvc.lock" in said
        code, said = run_page(f". .venv/bin/activate\n{lines}", living.path, tools=living.python)
        assert code == 0, said[-4000:]
        assert (living.path / "data/raw.csv.dvc").read_text(encoding="utf-8") == theirs
        assert git(living.path, "diff", "--name-only", "--diff-filter=U") == ""
        lock = yaml.safe_load((living.path / "dvc.lock").read_text(encoding="utf-8"))["stages"]
        assert lock["evaluate"]["params"]["params.yaml"]["gate"]["min_gain"] == 0.001
        assert yaml.safe_load(theirs)["outs"][0]["md5"] in str(lock["prepare"]["deps"])
        assert "Data and pipelines are up to date" in living.run("dvc status")
        living.run(f"{GIT} commit --quiet --no-verify --no-edit")
