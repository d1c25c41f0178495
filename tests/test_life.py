"""The default service's life, as someone who knows the tools would type it."""

import json
import re
import shutil
import urllib.request

import pytest

pytestmark = pytest.mark.slow

COMMIT = "git -c user.name=t -c user.email=t@example.com commit -qnm Later"


def champion(living) -> tuple[str, str]:
    """Return which model is served, and which version MLflow's alias names."""
    manifest = json.loads((living.path / "models/current/manifest.json").read_text(encoding="utf-8"))
    asked = living.run(
        "python -c \"import mlflow; print('version', mlflow.MlflowClient('sqlite:///mlflow.db')"
        ".get_model_version_by_alias('customer-churn', 'champion').version)\""
    )
    return manifest["model_version"], re.search(r"version (\d+)", asked).group(1)


def test_make_alone_prints_every_word(living):
    words = re.findall(r"^([a-z-]+):.*## ", (living.path / "Makefile").read_text(encoding="utf-8"), re.M)
    listed = living.run("make")
    assert {"setup", "format", "ci", "serve", "image", "lock", *words} == set(re.findall(r"make ([a-z-]+) ", listed))


def test_ci_leaves_only_what_belongs_in_git(living):
    left = living.run("git status --porcelain --untracked-files=all").split("\n")
    assert sorted(filter(None, left)) == ["?? dvc.lock", "?? reports/metrics.json", "?? reports/model-card.md"]


def test_format_changes_nothing(living):
    living.run("make format")
    assert living.run("git diff --stat") == ""


def test_pre_commit_accepts_every_file(living):
    assert "Failed" not in living.run("pre-commit run --all-files")


def test_pre_commit_needs_no_network(living):
    config = (living.path / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: (\S+)", config) == ["local"]


def test_pytest_as_typed(living):
    """All tests are found without make's help, and those that start nothing pass; `make ci` has run the others."""
    found = int(re.search(r"(\d+)(?:/\d+)? tests collected", living.run("pytest -q --collect-only"))[1])
    passed = int(re.search(r"(\d+) passed", living.run("pytest -q tests/data tests/model tests/test_deploy.py"))[1])
    assert found > 150 > passed > 30


def test_a_second_pipeline_run_does_nothing(living):
    assert "Data and pipelines are up to date" in living.run("dvc repro")


def test_dvc_shows_metrics_and_plots(living):
    assert "log_loss" in living.run("dvc metrics show")
    assert "reports" in living.run("dvc plots show --out /tmp/plots-$$ && rm -r /tmp/plots-$$; ls")


def test_mlflow_ui_shows_the_run(living):
    with living.background("mlflow ui --port PORT", "/health", MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false") as address:
        body = json.dumps({"max_results": 5}).encode()
        url = f"{address}/api/2.0/mlflow/experiments/search"
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert "customer-churn" in answer.read().decode()


def test_a_second_clone_gets_data_and_model(living, tmp_path):
    living.run(f"git add -A && {COMMIT}")
    living.run("dvc push")
    living.run(f"git clone -q . {tmp_path}/clone && cd {tmp_path}/clone && dvc pull")
    for name in ("data/raw.csv", "data/test.parquet", "models/current/model.onnx", "models/current/manifest.json"):
        assert (tmp_path / "clone" / name).read_bytes() == (living.path / name).read_bytes()
    living.run("git reset -q --soft HEAD~1 && git reset -q")
    shutil.rmtree(tmp_path / "clone")


def test_a_fresh_clone_gets_the_team_s_rows_and_not_the_sample(living, tmp_path):
    raw, pointer = living.path / "data/raw.csv", living.path / "data/raw.csv.dvc"
    good, named = raw.read_bytes(), pointer.read_bytes()
    raw.write_bytes(good[: good.rindex(b"\n", 0, -1) + 1])  # all rows but the last
    try:
        living.run("dvc add -q data/raw.csv && dvc push -q data/raw.csv")
        living.run(f"git add data && {COMMIT} && git clone -q . {tmp_path}/clone && git reset -q --soft HEAD~1")
        living.run(f"cp -a .venv {tmp_path}/clone/.venv && make -C {tmp_path}/clone -o .venv/.ready data/raw.csv")
        assert (tmp_path / "clone/data/raw.csv").read_bytes() == raw.read_bytes()
    finally:
        raw.write_bytes(good)
        pointer.write_bytes(named)
        living.run("git reset -q")
        shutil.rmtree(tmp_path / "clone", ignore_errors=True)


def test_a_retraining_on_noise_is_refused_and_the_champion_stays(living, tmp_path):
    """A refusal is a result: exit code 0, the reason, a report; nothing to push, no branch."""
    before = champion(living)
    raw, new = living.path / "data/raw.csv", tmp_path / "new.csv"
    good = raw.read_bytes()
    noise = "d['churned'] = d['churned'].sample(frac=1, random_state=3).to_numpy()"
    living.run(f"python -c \"import pandas as p; d = p.read_csv('{raw}'); {noise}; d.to_csv('{new}', index=False)\"")
    try:
        output = living.run(f"make retrain DATA={new}")
        assert "refused, the champion stays" in output and "ship the baseline" in output
        assert "**Refused**" in (living.path / "reports/model-card.md").read_text(encoding="utf-8")
        assert "retrain-" not in living.run("git branch --list")
        assert champion(living) == before
        living.run(
            "python -m customer_churn.predict data/raw.csv /tmp/still-served-$$.csv && rm /tmp/still-served-$$.csv"
        )
    finally:
        raw.write_bytes(good)
        living.run("make pipeline")
    assert champion(living)[0] == before[0]


def test_the_example_is_served(living):
    with living.background("python -m customer_churn.serve", "/readyz") as address:
        with urllib.request.urlopen(f"{address}/openapi.json", timeout=10) as answer:
            document = json.load(answer)
        body = document["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]["example"]
        url, sent = f"{address}/predict", json.dumps(body).encode()
        request = urllib.request.Request(url, sent, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            prediction = json.load(answer)["predictions"][0]
    assert prediction["label"] == "yes"
    assert sum(prediction["probabilities"].values()) == pytest.approx(1, abs=1e-5)


def test_nothing_is_reported_to_anybody(living, tmp_path):
    """ONNX Runtime keeps an id for its reports in the home folder, unless it is told not to report."""
    command = "env -u CI python -m customer_churn.predict data/raw.csv"
    living.run(f"{command} {tmp_path}/out.csv", HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
