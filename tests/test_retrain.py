"""`make retrain`: a model that ships waits on a branch, a refusal is a result, anything else one sentence.

DVC is stood in for by a script here; tests/test_life.py and the pages run the real one.
"""

import pytest
from scripted_dvc import BROKEN, Place, project, reports

from conftest import git

IMPORT = "deps:\n- path: rows.csv\nouts:\n- path: raw.csv\n"


@pytest.fixture(name="place")
def place_(tmp_path) -> Place:
    """Return an empty project in which the last run passed."""
    return project(tmp_path)


def test_a_model_that_ships_waits_on_a_branch(place):
    code, said, _ = place.retrain(REPRO=reports(True, "better: ship it", 0))
    assert code == 0 and said.splitlines()[-1] == "branch: retrain-0123abc"
    assert git(place.path, "branch", "--show-current") == "retrain-0123abc\n"
    subject, _, body = git(place.path, "log", "-1", "--format=%B").partition("\n\n")
    assert subject == "Retrain: version 0123abc"
    assert body.startswith("Better: ship it.\n\n# Model card: x")
    assert git(place.path, "show", "--name-only", "--format=") == "reports/metrics.json\n"
    assert place.calls() == ["pull dvc.yaml", "pull data/raw.csv", "repro", "push"]


def test_the_numbers_that_documents_state_come_with_it(place):
    stated = "passed <!-- metrics: gate.passed -->{}, <!-- metrics: gate.gone -->3.10\n"
    place.write("docs/plan.md", stated.format("0.00"))
    place.commit()
    assert place.retrain(REPRO=reports(True, "better: ship it", 0))[0] == 0
    assert git(place.path, "show", "HEAD:docs/plan.md") == stated.format("1.00")
    assert git(place.path, "status", "--porcelain") == ""


def test_a_refused_candidate_is_a_result(place):
    code, said, _ = place.retrain(REPRO=reports(False, "worse: keep the champion", 1))
    assert code == 0 and "refused, the champion stays: worse" in said
    assert place.branches() == ["main"] and "push" not in place.calls()


def test_nothing_new_is_said(place):
    assert place.retrain()[:2] == (0, "nothing changed since the last run: the champion stays\n")
    assert place.branches() == ["main"]


@pytest.mark.parametrize("when", BROKEN)
def test_a_broken_pipeline_is_no_refusal(when, place):
    code, _, complaint = place.retrain(REPRO=BROKEN[when])
    assert code == 1 and complaint.startswith("error: the pipeline broke")
    assert place.branches() == ["main"]


def test_rows_are_imported_where_their_source_is_known(place):
    place.write("data/raw.csv.dvc", IMPORT)
    place.commit()
    assert place.retrain()[0] == 0
    assert place.calls() == ["pull dvc.yaml", "update data/raw.csv.dvc", "repro"]


def test_rows_that_are_given_take_their_place(place):
    place.write("new.csv", "2\n")
    assert place.retrain("--data", "new.csv")[0] == 0
    assert (place.path / "data/raw.csv").read_text(encoding="utf-8") == "2\n"
    assert place.calls() == ["pull dvc.yaml", "repro"]


@pytest.mark.parametrize("lock", ["", "stages:\n  prepare: {}\n"])
def test_without_a_champion_there_is_nothing_to_retrain(lock, place):
    place.write("dvc.lock", lock)
    place.commit()
    code, _, complaint = place.retrain()
    assert code == 1 and complaint.startswith("error: no champion yet") and not place.calls()


@pytest.mark.parametrize(
    ("broken", "told"), [("pull", "error: DVC cannot fetch what dvc.lock names"), ("push", "error: `dvc push` failed")]
)
def test_a_remote_that_is_away_is_one_sentence(broken, told, place):
    place.write("new.csv", "2\n")
    code, _, complaint = place.retrain("--data", "new.csv", BROKEN=broken, REPRO=reports(True, "better", 0))
    assert code == 1 and complaint.startswith(told) and complaint.count("\n") == 1
    assert place.branches() == ["main"]
    if broken == "pull":  # then nothing was touched
        assert (place.path / "data/raw.csv").read_text(encoding="utf-8") == "1\n"


def test_a_model_that_waits_already_is_left_alone(place):
    git(place.path, "branch", "retrain-0123abc")
    code, _, complaint = place.retrain(REPRO=reports(True, "better", 0))
    assert code == 1 and "that model waits for review" in complaint
    assert git(place.path, "branch", "--show-current") == "main\n"


def test_changes_that_no_commit_holds_are_not_mixed_in(place):
    place.write("data/raw.csv.dvc", IMPORT)
    code, _, complaint = place.retrain()
    assert code == 1 and complaint.startswith("error: commit your changes first") and not place.calls()


def test_a_file_that_is_not_there_is_named(place):
    assert place.retrain("--data", "nowhere.csv") == (1, "", "error: there is no file nowhere.csv\n")
