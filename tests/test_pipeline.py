"""`make pipeline`: its exit code tells a verdict from a fault, its last line says what is served or what to type."""

import json

import pytest
from scripted_dvc import BROKEN, Place, project, reports

SHIP = "the gain is not significantly above 0: ship the baseline"
BASELINE = json.dumps({"name": "baseline", "model_version": "4567def"})
EVALUATE = {True: "return steps.on_refusal(SERVICE, params, test, compared)", False: "return 1"}


@pytest.fixture(name="place")
def place_(tmp_path) -> Place:
    """Return an empty project in which the last run passed."""
    return project(tmp_path)


def ended(place: Place, **env: str) -> tuple[int, str]:
    """Run the pipeline; return its exit code and the last line that it printed."""
    code, said, complaint = place.run("tools.pipeline", **env)
    return code, (said + complaint).splitlines()[-1]


@pytest.mark.parametrize("code", [1, 3])  # of an evaluate.py from before, and of today's
def test_a_verdict_is_no_fault_and_says_what_serves_the_baseline(code, place):
    place.write("src/shop/evaluate.py", EVALUATE[True])
    found, last = ended(place, REPRO=reports(False, SHIP, code))
    assert found == 3 and "a verdict and no fault: the model, version 0123abc is served" in last
    assert last.endswith("write `on_refusal: ship_baseline` under `gate` in params.yaml, then `make pipeline`")


def test_an_evaluate_py_without_the_parameter_is_named_with_its_own_option(place):
    place.write("src/shop/evaluate.py", EVALUATE[False])
    assert ended(place, REPRO=reports(False, SHIP, 1))[1].endswith("`python -m shop.evaluate --ship-baseline`")


def test_where_the_champion_is_better_nothing_else_is_offered(place):
    found, last = ended(place, REPRO=reports(False, "worse: keep the champion", 3))
    assert found == 3 and last.endswith("version 0123abc is served")


def test_without_a_champion_nothing_is_served(place):
    (place.path / "models/current/manifest.json").unlink()
    assert "no model is served. To serve the baseline" in ended(place, REPRO=reports(False, SHIP, 3))[1]


@pytest.mark.parametrize("when", BROKEN)
def test_a_fault_is_no_verdict(when, place):
    place.write("reports/metrics.json", json.dumps({"gate": {"passed": False, "reason": SHIP}}))  # of the last run
    found, last = ended(place, REPRO=BROKEN[when])
    assert found == 1 and last.startswith("error: the pipeline broke")


def test_what_is_served_is_the_last_line(place):
    found, last = ended(place, REPRO=reports(True, "better: ship it", 0))
    assert found == 0 and last.startswith("served: the model, version 0123abc")


def test_a_baseline_that_ships_in_place_of_a_refused_candidate_is_no_failure(place):
    ships = f"echo '{BASELINE}' > models/current/manifest.json; {reports(False, SHIP, 0)}"
    found, last = ended(place, REPRO=ships)
    assert found == 0 and last.startswith("served: the baseline, version 4567def")


def test_retraining_proposes_a_baseline_that_ships(place):
    ships = f"echo '{BASELINE}' > models/current/manifest.json; {reports(False, SHIP, 0)}"
    code, said, _ = place.retrain(REPRO=ships)
    assert code == 0 and said.splitlines()[-1] == "branch: retrain-4567def"


def test_retraining_leaves_a_champion_that_is_better_than_the_baseline(place):
    code, said, _ = place.retrain(REPRO=reports(False, SHIP, 0))
    assert code == 0 and "refused, the champion stays" in said and place.branches() == ["main"]
