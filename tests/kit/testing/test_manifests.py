"""Checks of deploy/ pass on the tree's own files for every toy service, and fail on broken copies."""

import shutil

import kubernetes_validate
import pytest
from broken_files import BASE, BREAKS, POD, SCRAPE
from toy_project import copy_deployment, replace

from mlservice.testing import container, manifests, monitoring
from mlservice.testing.container import run_options
from mlservice.testing.manifests import KUBERNETES, MONITORING, Deployment, checks_for
from toys import SERVICES

CHECKS = {check.__name__.removeprefix("check_"): check for check in KUBERNETES + MONITORING}
CASES = [(name, *broken) for name, all_broken in BREAKS.items() for broken in all_broken]
TASKS = {check: SERVICES if check in MONITORING else ("classification",) for check in KUBERNETES + MONITORING}
WORKING = [(name, task) for name, check in CHECKS.items() for task in TASKS[check]]  # manifests are those of any task
RAISED = (
    AssertionError,
    FileNotFoundError,
    ValueError,
    kubernetes_validate.ValidationError,
    kubernetes_validate.utils.SchemaNotFoundError,
)


@pytest.fixture
def deployment(tmp_path):
    """The tree's deployment files, for the toy of classification."""
    service = SERVICES["classification"]
    return Deployment(service, copy_deployment(tmp_path / "project", service.name))


@pytest.mark.parametrize(("name", "task"), WORKING)
def test_a_check_passes_on_the_files_of_the_tree(name, task, tmp_path):
    service = SERVICES[task]
    CHECKS[name](Deployment(service, copy_deployment(tmp_path, service.name)))


@pytest.mark.parametrize(("name", "file", "old", "new"), CASES)
def test_a_check_fails_on_a_broken_file(name, file, old, new, deployment):
    old, new = (text.replace("NAME", deployment.service.name) for text in (old, new))
    replace(deployment.root / file, old, new)
    with pytest.raises(RAISED):
        CHECKS[name](deployment)


def test_the_folders_of_a_project_choose_its_checks(deployment):
    assert checks_for(deployment) == KUBERNETES + MONITORING
    shutil.rmtree(deployment.root / "deploy/kubernetes")
    assert checks_for(deployment) == MONITORING
    shutil.rmtree(deployment.root / "deploy/grafana")
    remaining = checks_for(deployment)
    assert remaining == monitoring.ALERTING
    for check in remaining:
        check(deployment)
    shutil.rmtree(deployment.root / "deploy")
    with pytest.raises(ValueError, match="no deploy/kubernetes and no deploy/prometheus: delete this test"):
        checks_for(deployment)


def test_every_check_is_broken_once():
    assert set(BREAKS) == set(CHECKS)


def test_a_file_that_nothing_applies_is_named(deployment):
    shutil.copy(deployment.root / POD, deployment.root / BASE / "another.yaml")
    with pytest.raises(AssertionError, match="a file in deploy/kubernetes/base is not applied"):
        CHECKS["kustomizations_name_the_existing_files"](deployment)


def test_overlays_are_skipped_without_a_tool(deployment, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(pytest.skip.Exception, match="neither kubectl nor kustomize is installed"):
        CHECKS["overlays_are_valid_and_complete"](deployment)


def test_endpoints_that_the_project_adds_are_routes(deployment):
    def extend(app):
        app.get("/own")(lambda: "")

    replace(deployment.root / SCRAPE, "job_name: ", "metrics_path: /own\n    job_name: ")
    with pytest.raises(AssertionError):
        CHECKS["prometheus_scrapes_the_service"](deployment)
    CHECKS["prometheus_scrapes_the_service"](Deployment(deployment.service, deployment.root, extend))


def test_a_right_that_the_tested_image_keeps_is_found(deployment, monkeypatch):
    monkeypatch.setattr(container, "RIGHTS", container.RIGHTS[:-1])
    with pytest.raises(AssertionError):
        CHECKS["image_is_tested_with_these_rights_and_limits"](deployment)


def test_options_of_docker_follow_the_manifest(deployment):
    replace(deployment.root / POD, "memory: 256Mi", "memory: 1Gi")
    replace(deployment.root / POD, "mountPath: /tmp", "mountPath: /cache")
    options = run_options(deployment.root)
    assert "--memory=1g" in options and "--tmpfs=/cache" in options
    CHECKS["image_is_tested_with_these_rights_and_limits"](deployment)
    shutil.rmtree(deployment.root / "deploy/kubernetes")
    defaults = {"--tmpfs=/tmp", "--memory=256m", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"}
    assert set(run_options(deployment.root)) == defaults


def test_series_are_those_of_the_service(deployment):
    names = {name for name, _ in monitoring.Monitoring(deployment).series()}
    assert {"up", "predictions_total", "model_info", "http_requests_total"} <= names
    assert manifests.MONITORING is monitoring.CHECKS


def test_a_service_that_is_open_on_purpose_needs_no_secret(deployment):
    path = deployment.root / POD
    text = path.read_text(encoding="utf-8")
    secret, env, ports = (text.index(f"          {name}") for name in ("  - secretRef:", "env:\n", "ports:\n"))
    assert secret < env < ports
    path.write_text(text[:secret] + text[ports:], encoding="utf-8")
    for check in KUBERNETES:
        check(deployment)


def test_prometheus_may_ask_each_copy(deployment):
    found = '    static_configs: # of one copy; docs/deploy.md has what several need\n      - targets: ["api:8000"]\n'
    replace(deployment.root / SCRAPE, found, "    dns_sd_configs: [{names: [api], type: A, port: 8000}]\n")
    CHECKS["prometheus_scrapes_the_service"](deployment)
