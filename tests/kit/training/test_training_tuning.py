"""`make tune`: what it searches, finds, writes and refuses."""

import re
import sqlite3
from dataclasses import replace
from types import SimpleNamespace

import mlflow
import optuna
import pytest
import yaml
from filelock import FileLock

from mlservice.errors import UserError
from mlservice.params import PARAMS
from mlservice.paths import TRIALS, TUNING
from mlservice.training_spec import Candidate, Range
from mlservice.tuning import __main__ as tuning
from mlservice.tuning import search
from toys import training
from toys.training import NAME, TRAINING

WORST = 10_000.0  # a penalty that leaves no slope


@pytest.fixture
def poor(own_project, monkeypatch):
    """A project with a bad parameter, and a comment that must stay."""
    training.write_params(own_project, train={"ridge": {"alpha": WORST}})
    text = PARAMS.read_text("utf-8")
    PARAMS.write_text(text.replace(f"alpha: {WORST}", f"alpha: {WORST} # of somebody"), "utf-8")
    known = SimpleNamespace(TRAINING=TRAINING)
    monkeypatch.setattr(tuning, "module_of", lambda *_: known)
    return own_project


def trials():
    """Return the trials of every study in the file, in their order."""
    studies = optuna.get_all_study_summaries(f"sqlite:///{TRIALS}")
    (name,) = [one.study_name for one in studies]
    return optuna.load_study(study_name=name, storage=f"sqlite:///{TRIALS}").trials


def tune(call, *words):
    """Run the command for the toy's package."""
    return call(tuning.main, "--package", "toy", *words)


def alpha():
    """Return the parameter in params.yaml."""
    return yaml.safe_load(PARAMS.read_text("utf-8"))["train"]["ridge"]["alpha"]


def test_better_parameters_are_written_with_their_gain_and_nothing_else_changes(poor, call, capsys):
    before = PARAMS.read_text("utf-8")
    assert tune(call, "--trials", "8") == 0
    out = capsys.readouterr().out
    assert f"params.yaml: train.ridge.alpha: {WORST} → {alpha()}" in out
    assert "gain in mae on the validation rows: +" in out and "make pipeline" in out
    after = re.sub("  +#", " #", PARAMS.read_text("utf-8"))  # the comment stays in its column
    assert after == before.replace(f"alpha: {WORST} #", f"alpha: {alpha()} #")
    assert TRAINING.params.load().train.ridge.alpha < 100
    assert {path.name for path in TUNING.glob("*.svg")} <= {"history.svg", "importance.svg"}
    assert (poor / TUNING / "history.svg").read_text("utf-8").startswith("<?xml")


def test_the_same_seed_searches_the_same_and_a_stopped_search_goes_on(poor, call, monkeypatch):
    assert tune(call, "--trials", "6") == 0
    whole = [trial.params for trial in trials()]
    assert whole[0] == {"alpha": WORST} and len(whole) == 6
    (poor / TRIALS).unlink()
    training.write_params(poor, train={"ridge": {"alpha": WORST}})
    real = search._score  # pylint: disable=protected-access # what a kill interrupts

    def dies(*args):
        if args[3].number == 3:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(search, "_score", dies)
    with pytest.raises(KeyboardInterrupt):
        tune(call, "--trials", "6")
    monkeypatch.setattr(search, "_score", real)
    assert tune(call, "--trials", "6") == 0
    assert [t.params for t in trials() if t.state in search.ENDED] == whole
    done = len(trials())
    assert tune(call, "--trials", "6") == 0  # the budget is used already
    assert len(trials()) <= done + 1


def test_where_nothing_is_gained_params_yaml_stays(poor, call, capsys, monkeypatch):
    monkeypatch.setattr(tuning, "module_of", lambda *_: SimpleNamespace(TRAINING=noise))
    noise = replace(TRAINING, candidates={"ridge": Candidate(lambda _: training.DummyRegressor(), SEARCH)})
    training.write_params(poor, train={"candidates": ["ridge"]})
    before = PARAMS.read_bytes()
    assert tune(call, "--trials", "3") == 0
    assert "nothing was gained" in capsys.readouterr().out
    assert PARAMS.read_bytes() == before


SEARCH = {"alpha": Range(0.01, 10_000.0, log=True)}


def test_each_trial_is_a_nested_run(poor, call):
    assert tune(call, "--trials", "3") == 0
    runs = mlflow.search_runs(experiment_names=[NAME], filter_string="attributes.run_name LIKE 'trial %'")
    assert sorted(runs["tags.mlflow.runName"]) == ["trial 0", "trial 1", "trial 2"]
    assert runs["params.alpha"].astype(float).max() == WORST and poor


def test_a_trial_without_promise_is_pruned(poor, call):
    ranges = {"alpha": Range(0.5, WORST, log=True)}
    worse = Candidate(TRAINING.candidates["ridge"].make, ranges)
    with pytest.MonkeyPatch.context() as patch:
        known = SimpleNamespace(TRAINING=replace(TRAINING, candidates={"ridge": worse}))
        patch.setattr(tuning, "module_of", lambda *_: known)
        training.write_params(poor, train={"candidates": ["ridge"], "ridge": {"alpha": 1.0}})
        assert tune(call, "--trials", "15") == 0
    assert optuna.trial.TrialState.PRUNED in {trial.state for trial in trials()}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--trials", "0"), "TRIALS= and MINUTES= must be more than 0"),
        (("--minutes", "0"), "TRIALS= and MINUTES= must be more than 0"),
        (("--candidate", "forest"), "no candidate forest: params.yaml lists ridge, tree"),
        (("--candidate", "tree"), "the candidate tree has no search space in model.py"),
    ],
)
def test_what_cannot_be_searched_is_refused_in_a_sentence(poor, call, words, said):
    before = PARAMS.read_bytes()
    with pytest.raises(UserError, match=said):
        tune(call, *words)
    assert PARAMS.read_bytes() == before and not (poor / TRIALS).exists()


def test_a_parameter_that_params_py_does_not_declare_is_refused(poor, call, monkeypatch):
    typo = Candidate(TRAINING.candidates["ridge"].make, {"alhpa": Range(0.1, 1.0)})
    known = SimpleNamespace(TRAINING=replace(TRAINING, candidates={"ridge": typo, "tree": typo}))
    monkeypatch.setattr(tuning, "module_of", lambda *_: known)
    with pytest.raises(UserError, match="model.py searches alhpa for the candidate ridge, which params.py does not"):
        tune(call)
    assert poor


def test_a_file_in_use_or_of_something_else_is_refused_in_a_sentence(poor, call):
    (poor / TUNING).mkdir()
    with FileLock(TUNING / ".lock"), pytest.raises(UserError, match="another `make tune` uses tuning/trials.db"):
        tune(call)
    TRIALS.write_text("no database", "utf-8")
    with pytest.raises(UserError, match="tuning/trials.db cannot be used .*; delete it to begin a new search"):
        tune(call)
    TRIALS.unlink()
    with sqlite3.connect(TRIALS) as database:
        database.execute("create table version_info (version_info_id integer)")
    with pytest.raises(UserError, match="tuning/trials.db cannot be used"):
        tune(call)


def test_a_package_without_training_is_refused():
    with pytest.raises(UserError, match="no module nowhere.training; name the project's own package with --package"):
        tuning._training("nowhere")  # pylint: disable=protected-access # argparse has its own tests
