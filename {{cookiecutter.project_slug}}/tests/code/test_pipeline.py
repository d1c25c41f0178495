"""The stages in their order: what passes the gate is served, what does not is not."""

import json
import shutil

import pytest
import yaml
from mlservice.errors import UserError
from mlservice.evaluation.gate import REFUSED, SHIP_BASELINE
from mlservice.model import artifact

from {{ cookiecutter.package_name }} import evaluate, predict

NOTHING_GAINS = {"min_gain": 1e300}


def contents(folder):
    """Return every file of a folder with its bytes."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def change_gate(folder, **changed):
    """Set parameters of the gate in a project's params.yaml."""
    path = folder / "params.yaml"
    params = yaml.safe_load(path.read_text(encoding="utf-8"))
    params["gate"] |= changed
    path.write_text(yaml.safe_dump(params), encoding="utf-8")


def test_what_passes_the_gate_is_served(project):
    facts = json.loads((project / "reports/metrics.json").read_text(encoding="utf-8"))
    assert facts["gate"]["passed"] is True
    assert {"baseline", "trivial"} <= set(facts["gate"]["gains"])
    assert all(facts["details"].values())
    served = contents(project / "models/current")
    assert served == contents(project / "models/candidate")
    assert {path.suffix for path in (project / "reports/plots").iterdir()} == {".png"}


def test_a_refused_candidate_leaves_the_champion(own_project, call, capsys):
    assert call(evaluate.main, "--ship-baseline") == 0
    served = contents(own_project / "models/current")
    change_gate(own_project, **NOTHING_GAINS, on_refusal="fail")
    assert call(evaluate.main) == REFUSED
    assert SHIP_BASELINE in capsys.readouterr().out
    assert contents(own_project / "models/current") == served


def test_a_refusal_serves_the_baseline_if_params_yaml_says_so(
    own_project, call, service
):
    shutil.rmtree(own_project / "models/current")
    change_gate(own_project, **NOTHING_GAINS, on_refusal="ship_baseline")
    assert call(evaluate.main) == 0
    served = artifact.load(service, own_project / "models/current")
    assert served.manifest.name == "baseline"


def test_the_baseline_can_be_served_instead(own_project, call, service):
    assert call(evaluate.main, "--ship-baseline") == 0
    served = artifact.load(service, own_project / "models/current")
    assert served.manifest.name == "baseline"


@pytest.mark.parametrize(
    ("name", "value"), [("metric", "no_such_metric"), ("slices", ["no_such_column"])]
)
def test_a_gate_that_names_what_is_not_there_says_so(name, value, own_project, call):
    change_gate(own_project, **{name: value})
    with pytest.raises(UserError, match=f"params.yaml: gate.{name}"):
        call(evaluate.main)


def test_the_command_predicts_for_a_file(own_project, call, service):
    line = json.dumps(service.example) + "\n"
    (own_project / "in.jsonl").write_text(line * 3, encoding="utf-8")
    assert call(predict.main, "in.jsonl", "out.csv") == 0
    lines = (own_project / "out.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4  # a head and a line each
