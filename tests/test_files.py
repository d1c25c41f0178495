"""Exactly which files an answer gives: a file that comes or goes unasked is seen here."""

import pytest

from conftest import ENGINES
from documents import TASKS

ALWAYS = """
    .copier-answers.yml
    .dockerignore
    .dvc/.gitignore
    .dvc/config
    .dvcignore
    .editorconfig
    .gitattributes
    .gitignore
    .pre-commit-config.yaml
    .python-version
    Dockerfile
    LICENSE
    Makefile
    README.md
    compose.yaml
    data/raw.csv.dvc
    deploy/grafana/dashboards.yaml
    deploy/grafana/datasource.yaml
    deploy/grafana/service.json
    deploy/kubernetes/base/autoscaler.yaml
    deploy/kubernetes/base/deployment.yaml
    deploy/kubernetes/base/disruption-budget.yaml
    deploy/kubernetes/base/kustomization.yaml
    deploy/kubernetes/base/network-policy.yaml
    deploy/kubernetes/base/service.yaml
    deploy/kubernetes/overlays/production/kustomization.yaml
    deploy/kubernetes/overlays/staging/kustomization.yaml
    deploy/mlflow/Dockerfile
    deploy/prometheus/alerts.yml
    deploy/prometheus/prometheus.yml
    docs/ab-test.md
    docs/conf.py
    docs/decisions/0001-one-encoding-one-onnx-file.md
    docs/decisions/0002-the-gate-is-on.md
    docs/decisions/0003-dvc-and-mlflow.md
    docs/deploy.md
    docs/design-doc.md
    docs/index.md
    docs/model-card.md
    docs/one-pager.md
    docs/plan.md
    docs/runbook.md
    dvc.yaml
    notebooks/explore.ipynb
    params.yaml
    pyproject.toml
    requirements/dev.in
    requirements/dev.txt
    requirements/serve.in
    requirements/serve.txt
    requirements/train.in
    requirements/train.txt
    src/customer_churn/__init__.py
    src/customer_churn/__main__.py
    src/customer_churn/api.py
    src/customer_churn/artifact.py
    src/customer_churn/bodies.py
    src/customer_churn/checks.py
    src/customer_churn/coding.py
    src/customer_churn/codings.py
    src/customer_churn/columns.py
    src/customer_churn/config.py
    src/customer_churn/data.py
    src/customer_churn/details.py
    src/customer_churn/errors.py
    src/customer_churn/evaluate.py
    src/customer_churn/export.py
    src/customer_churn/features.py
    src/customer_churn/fields.py
    src/customer_churn/gate.py
    src/customer_churn/intervals.py
    src/customer_churn/lifecycle.py
    src/customer_churn/listener.py
    src/customer_churn/logs.py
    src/customer_churn/measure.py
    src/customer_churn/metrics.py
    src/customer_churn/model.py
    src/customer_churn/observe.py
    src/customer_churn/params.py
    src/customer_churn/parts.py
    src/customer_churn/plots.py
    src/customer_churn/predict.py
    src/customer_churn/prediction.py
    src/customer_churn/prepare.py
    src/customer_churn/py.typed
    src/customer_churn/registry.py
    src/customer_churn/report.py
    src/customer_churn/sample.py
    src/customer_churn/schema.py
    src/customer_churn/serve.py
    src/customer_churn/tracking.py
    src/customer_churn/train.py
    tests/api/conftest.py
    tests/api/test_any_body.py
    tests/api/test_faults.py
    tests/api/test_lifecycle.py
    tests/api/test_limits.py
    tests/api/test_observed.py
    tests/api/test_openapi.py
    tests/api/test_predict_http.py
    tests/api/test_smoke.py
    tests/api/test_start.py
    tests/code/conftest.py
    tests/code/test_artifact.py
    tests/code/test_codings.py
    tests/code/test_columns.py
    tests/code/test_config.py
    tests/code/test_documents.py
    tests/code/test_export.py
    tests/code/test_features.py
    tests/code/test_fields.py
    tests/code/test_intervals.py
    tests/code/test_judge.py
    tests/code/test_metrics.py
    tests/code/test_model.py
    tests/code/test_pipeline.py
    tests/code/test_predict.py
    tests/code/test_predict_csv.py
    tests/code/test_prediction.py
    tests/code/test_registry.py
    tests/code/test_saving.py
    tests/code/test_stages.py
    tests/code/test_tracking.py
    tests/conftest.py
    tests/container/conftest.py
    tests/container/test_champion.py
    tests/container/test_image.py
    tests/container/test_stop.py
    tests/data/test_check.py
    tests/data/test_load.py
    tests/data/test_sample.py
    tests/data/test_split.py
    tests/deploy/test_kubernetes.py
    tests/deploy/test_monitoring.py
    tests/model/test_behaviour.py
    tests/model/test_consistency.py
    tests/model/test_quality.py
    tests/strategies.py
""".split()

CI = {
    "github": """
    .github/dependabot.yml
    .github/workflows/ci.yml
    """.split(),
    "gitlab": """
    .gitlab-ci.yml
    renovate.json
    """.split(),
}

TREES = """
    src/customer_churn/trees.py
    tests/code/test_trees.py
    """.split()

CLASSES = """
    src/customer_churn/charts.py
    src/customer_churn/classes.py
    tests/code/test_classes.py
    """.split()

ADDED = {
    "classification": CLASSES + TREES,
    "regression": TREES,
    "forecasting": ["docs/baseline.sql", *TREES],
    "text": """
    docs/baseline.sql
    src/customer_churn/phrases.py
    src/customer_churn/texts.py
    tests/code/test_texts.py
    """.split() + CLASSES,
    "image": """
    requirements/torch.txt
    src/customer_churn/network.py
    src/customer_churn/pack.py
    src/customer_churn/pictures.py
    tests/api/test_bodies.py
    tests/code/test_network.py
    tests/code/test_pictures.py
    """.split() + CLASSES,
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("ci", CI)
def test_an_answer_gives_exactly_these_files(engine, ci, render):
    assert render(engine, ci=ci).files() == sorted(ALWAYS + CI[ci] + ADDED["classification"])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("task", TASKS)
def test_a_task_adds_exactly_these_files(engine, task, render):
    project = render(engine, task=task, package_name="customer_churn")
    assert project.files() == sorted(ALWAYS + CI["github"] + ADDED.get(task, []))


def test_the_package_folder_is_named_after_the_answer(render):
    renamed = [
        name.replace("src/customer_churn/", "src/churn_model/")
        for name in ALWAYS + CI["github"] + ADDED["classification"]
    ]
    assert render("cookiecutter", package_name="churn_model").files() == sorted(renamed)
