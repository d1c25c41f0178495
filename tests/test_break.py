"""Every check of a rendered service turns red when what it guards is broken."""

import pytest

pytestmark = pytest.mark.slow

PACKAGE = "src/customer_churn"
TESTS = "pytest -x -q tests/code tests/data tests/model tests/api"  # those that start nothing come first

BREAKS = {
    "style": (f"{PACKAGE}/train.py", "from . import", "from  . import", "make lint", "make format"),
    "unused name": (f"{PACKAGE}/errors.py", "import sys", "import sys\nimport os", "make lint", "F401"),
    "Dockerfile": ("Dockerfile", "WORKDIR /app", "WORKDIR app", "make lint", "DL3000"),
    "workflow": (".github/workflows/ci.yml", "runs-on:", "run-on:", "make lint", "runs-on"),
    "types": (f"{PACKAGE}/features.py", "return matrix\n", "return matrix.tolist()\n", "make type", "features.py"),
    "docs": ("docs/index.md", "# ", "# {ref}`nowhere` ", "make docs", "nowhere"),
    "knob": ("params.yaml", "max_iter", "max_itre", "python -m customer_churn.train", "max_itre"),
    "encoding": (
        f"{PACKAGE}/features.py",
        "matrix[row, column] = 1.0",
        "matrix[row, 0] = 1.0",
        TESTS,
        "",
    ),
    "metric": (f"{PACKAGE}/metrics.py", "np.cumsum(labels[order])", "np.cumsum(labels)", TESTS, ""),
    "gate": (f"{PACKAGE}/gate.py", "not found.low > gate.min_gain", "False", TESTS, ""),
    "artifact": (f"{PACKAGE}/artifact.py", "!= manifest.sha256", "== ''", TESTS, ""),
    "leakage": (
        f"{PACKAGE}/prepare.py",
        "np.isin(group, part)",
        "np.isin(group, group)",
        TESTS,
        "",
    ),
    "contract": (f"{PACKAGE}/routes.py", "faults(error)}, 422)", "faults(error)}, 400)", TESTS, ""),
    "document": ("docs/design-doc.md", "= `log_loss`", "= `roc_auc`", TESTS, "log_loss"),
    "served model": ("models/current/manifest.json", '"sha256": "', '"sha256": "0', "make smoke", "manifest"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_break_turns_red(living, name):
    file, old, new, command, told = BREAKS[name]
    with living.changed(file, old, new):
        code, output = living.try_(command)
    assert code != 0, f"{command} stayed green:\n{output[-2000:]}"
    assert told in output


def test_open_points_stop_a_release(living):
    assert "**Open:**" in living.run("make design")
    living.run("git tag v9.9.9")
    try:
        code, output = living.try_("make design")
        assert code != 0
        assert "v9.9.9 is a release" in output
    finally:
        living.run("git tag -d v9.9.9")


def test_a_wrong_hash_is_not_installed(living, tmp_path):
    pins = (living.path / "requirements/serve.txt").read_text(encoding="utf-8")
    start = pins.index("sha256:") + len("sha256:")
    name = pins.split("==")[0]
    one = pins[: pins.index("\n", start)].split(" \\")[0]
    (tmp_path / "bad.txt").write_text(f"{one} --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    code, output = living.try_(f"uv pip install --reinstall --require-hashes -r {tmp_path}/bad.txt")
    assert code != 0
    assert name in output
