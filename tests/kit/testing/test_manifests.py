"""Checks of deploy/ pass on the tree's own files for every toy service, and fail on broken copies."""

import shutil

import kubernetes_validate
import pytest

from mlservice.testing import container, manifests, monitoring
from mlservice.testing.container import run_options
from mlservice.testing.manifests import KUBERNETES, MONITORING, Deployment, checks_for
from toy_project import copy_deployment, replace
from toys import SERVICES

CHECKS = {check.__name__.removeprefix("check_"): check for check in KUBERNETES + MONITORING}
BASE, PRODUCTION = "deploy/kubernetes/base", "deploy/kubernetes/overlays/production/kustomization.yaml"
POD, CONFIG = f"{BASE}/deployment.yaml", f"{BASE}/kustomization.yaml"
ALERTS, SCRAPE, RUNBOOK = "deploy/prometheus/alerts.yml", "deploy/prometheus/prometheus.yml", "docs/runbook.md"
DASHBOARD = "deploy/grafana/service.json"
EGRESS = "egress: [{ports: [{port: 53}]}]"

# check: what breaks it, each as (file, text, its replacement)
BREAKS = {
    "manifests_are_valid": [
        (POD, "terminationGracePeriodSeconds: 30", "terminationGracePeriod: 30"),
        (POD, "containerPort: 8000", "containerPort: eight"),
        (f"{BASE}/service.yaml", "apiVersion: v1", "apiVersion: v9"),
    ],
    "probes_request_existing_routes": [
        (POD, "path: /readyz", "path: /ready"),
        (POD, "path: /healthz", "path: /readyz"),
    ],
    "ports_are_the_port_of_the_image": [
        (POD, "containerPort: 8000", "containerPort: 8080"),
        (f"{BASE}/network-policy.yaml", "port: 8000", "port: 80"),
        (f"{BASE}/service.yaml", "targetPort: http", "targetPort: web"),
        (POD, "path: /readyz, port: http", "path: /readyz, port: 8001"),
        (CONFIG, "SERVE_LOG_LEVEL=INFO", "SERVE_PORT=8000"),
        ("Dockerfile", "SERVE_PORT=8000", "SERVE_PORT=8001"),
    ],
    "variables_are_settings_of_the_service": [
        (CONFIG, "SERVE_LOG_LEVEL", "SERVE_LOGLEVEL"),
        (CONFIG, "SERVE_LOG_LEVEL", "LOG_LEVEL"),
        (CONFIG, "SERVE_LOG_LEVEL=INFO", "SERVE_LOG_LEVEL=LOUD"),
    ],
    "pods_are_killed_after_the_grace_period": [
        (POD, "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 25"),
        (CONFIG, "SERVE_GRACE_SECONDS=20", "SERVE_GRACE_SECONDS=25"),
        (CONFIG, "      - SERVE_DRAIN_SECONDS=5", "      #"),
    ],
    "selectors_match_the_pods": [
        (f"{BASE}/{name}.yaml", "app.kubernetes.io/name: ", "app.kubernetes.io/part: ")
        for name in ("service", "disruption-budget", "network-policy")
    ]
    + [(POD, "labelSelector: *pods", "labelSelector: {matchLabels: {}}")],
    "autoscaler_scales_the_deployment": [
        (f"{BASE}/autoscaler.yaml", "kind: Deployment", "kind: StatefulSet"),
        (POD, "  strategy:", "  replicas: 2\n  strategy:"),
    ],
    "pods_have_no_more_rights_than_the_image": [
        ("Dockerfile", "USER 10001:10001", "USER 10002:10002"),
        (POD, "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"),
        (POD, "drop: [ALL]", "drop: [NET_RAW]"),
        (POD, "automountServiceAccountToken: false", "automountServiceAccountToken: true"),
        (POD, "enableServiceLinks: false", "enableServiceLinks: true"),
        (f"{BASE}/network-policy.yaml", "egress: []", EGRESS),
    ],
    "image_is_tested_with_these_rights_and_limits": [
        (POD, "memory: 256Mi # the limit", "memory: 128Mi # the limit"),
    ],
    "kustomizations_name_the_existing_files": [
        (CONFIG, "  - service.yaml\n", ""),
        (CONFIG, "  - service.yaml\n", "  - services.yaml\n"),
        (PRODUCTION, "  - ../../base", "  - ../base"),
    ],
    "overlays_are_valid_and_complete": [
        (CONFIG, "  - service.yaml\n", ""),
        (PRODUCTION, "value: 10", "value: ten"),
    ],
    "overlays_set_a_tag_and_the_settings": [
        (PRODUCTION, 'newTag: "0.1.0"', 'newTag: "latest"'),
        (PRODUCTION, "newTag:", "newName: another\n    newTag:"),
        (POD, "optional: true", "optional: false"),
        (PRODUCTION, "patches:", "configMapGenerator: [{name: NAME, behavior: merge, literals: [A=1]}]\npatches:"),
    ],
    "overlays_have_their_own_namespace_and_range": [
        (PRODUCTION, "namespace: NAME-production", "namespace: NAME-staging"),
        (PRODUCTION, "value: 10", "value: 3"),
        (PRODUCTION, "kind: HorizontalPodAutoscaler", "kind: Autoscaler"),
    ],
    "queries_find_exported_series": [
        (ALERTS, "http_requests_total{route", "http_request_total{route"),
        (ALERTS, 'status="422"', 'status="423"'),
        (ALERTS, 'status=~"5.."', 'status=~"6.."'),
        (ALERTS, "count by (version)", "count by (model)"),
        (ALERTS, "expr: sum(rate(http_requests_total", "expr: sum(1) + sum(rate(http_request_total"),
        (DASHBOARD, "predictions_total", "prediction_total"),
    ],
    "recorded_shares_keep_the_label": [(ALERTS, "expr: sum by (label)", "expr: sum by (version)")],
    "alerts_are_those_of_the_runbook": [
        (ALERTS, "[5m]))) > 0.05", "[5m]))) > 0.5"),
        (RUNBOOK, "| errors |", "| faults |"),
        (ALERTS, "for: 1m", "for: 2m"),
        (RUNBOOK, "| [Slow](#slow) |", "| see below |"),
    ],
    "alerts_have_a_summary_and_a_runbook_section": [
        (RUNBOOK, "## Not ready", "## Unready"),
        (ALERTS, "summary: over 1 % of the answers are errors", 'summary: ""'),
    ],
    "prometheus_scrapes_the_service": [
        (SCRAPE, "job_name: ", "metrics_path: /metric\n    job_name: "),
        (SCRAPE, "api:8000", "api:8001"),
        (SCRAPE, 'job_name: "NAME"', 'job_name: "other"'),
        (SCRAPE, "[alerts.yml]", "[alert.yml]"),
        ("Dockerfile", "SERVE_PORT=8000", "SERVE_PORT=8001"),
    ],
    "panels_use_the_provisioned_datasource": [("deploy/grafana/datasource.yaml", "uid: ", "uid: another-")],
    "panels_have_unique_ids_and_positions": [
        (DASHBOARD, '"id": 2,', '"id": 1,'),
        (DASHBOARD, '"w": 12', '"w": 24'),
        (DASHBOARD, '"y": 8', '"y": 9'),
    ],
    "legends_show_labels_of_the_query": [(DASHBOARD, "{{version}}", "{{model}}")],
}
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
