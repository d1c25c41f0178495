"""Every check of a rendered service turns red when what it guards is broken: style, types, documents, code."""

import pytest

pytestmark = pytest.mark.slow

PACKAGE = "src/customer_churn"
TESTS = "pytest -x -q"

# The library's guards are broken in test_break_guards.py; what stands here is the project's own.
BREAKS = {
    "style": (f"{PACKAGE}/train.py", "from . import", "from  . import", "make lint", "make format"),
    "unused name": (f"{PACKAGE}/serve.py", '"""\n\nfrom', '"""\n\nimport os\n\nfrom', "make lint", "F401"),
    "Dockerfile": ("Dockerfile", "WORKDIR /app", "WORKDIR app", "make lint", "DL3000"),
    "workflow": (".github/workflows/ci.yml", "runs-on:", "run-on:", "make lint", "runs-on"),
    "types": (f"{PACKAGE}/features.py", "TableEncoding(Instance)", "TableEncoding(3)", "make type", "features.py"),
    "docs": ("docs/index.md", "# ", "# {ref}`nowhere` ", "make docs", "nowhere"),
    "parameter": ("params.yaml", "max_iter", "max_itre", "python -m customer_churn.train", "max_itre"),
    "decision": (f"{PACKAGE}/metrics.py", "np.argmin(each)", "np.argmax(each)", TESTS, "test_metrics"),
    "answer": (f"{PACKAGE}/prediction.py", "int(row[-1] >= threshold)", "int(row[-1] < threshold)", TESTS, ""),
    "file": (f"{PACKAGE}/prediction.py", "exact[:, -1] >= decision", "exact[:, -1] < decision", TESTS, ""),
    "label": (f"{PACKAGE}/prediction.py", "    return prediction.label", '    return ""', TESTS, "test_prediction"),
    "contract": (f"{PACKAGE}/prediction.py", "exact.round(6)", "exact.round(1)", f"{TESTS} tests/test_contract.py", ""),
    "encoding": (
        f"{PACKAGE}/features.py",
        "TableEncoding(Instance)",
        'TableEncoding(Instance, {"random": lambda c: __import__("random").random() + 0 * c["monthly_charge"]})',
        TESTS,
        "",
    ),
    "model": (f"{PACKAGE}/model.py", 'strategy="prior"', 'strategy="uniform"', TESTS, ""),
    "document": ("docs/design-doc.md", "= `log_loss`", "= `roc_auc`", TESTS, "log_loss"),
    "stage": ("dvc.yaml", "src/customer_churn/features.py", "src/customer_churn/prediction.py", TESTS, "test_stages"),
    "manifest": ("deploy/kubernetes/base/deployment.yaml", "/readyz", "/nowhere", TESTS, "test_deploy"),
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
