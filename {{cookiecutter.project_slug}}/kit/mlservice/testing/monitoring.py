"""Checks of deploy/prometheus, deploy/grafana and docs/runbook.md.

Alerts and dashboard query series that the service really exports; the runbook explains
each alert. Each check takes a Deployment and raises AssertionError, as a test does.
"""

import re
import sys
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from mlservice.serving.settings import Settings
from mlservice.testing.deployment import Check, Deployment
from mlservice.testing.promql_queries import Series, parse, select
from mlservice.testing.toy_models import save_toy

PROMETHEUS, GRAFANA = "deploy/prometheus", "deploy/grafana"
RUNBOOK = "docs/runbook.md"
ROW = re.compile(r"\| (.+?) \| `(.+)`(?: for (\w+))? \| .*\((#[\w-]+)\).* \|")
LABEL = re.compile(r"[{]{2}\s*(\w+)\s*[}]{2}")  # in a legend of Grafana


class Monitoring:
    """Alerting rules, recording rules, scraping and dashboard of a project."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        (self.job,) = deployment.yaml(f"{PROMETHEUS}/prometheus.yml")["scrape_configs"]
        (group,) = deployment.yaml(f"{PROMETHEUS}/alerts.yml")["groups"]
        self.rules: list[Mapping[str, Any]] = group["rules"]

    @property
    def alerts(self) -> dict[str, Mapping[str, Any]]:
        """Return the alerting rules, by name."""
        return {rule["alert"]: rule for rule in self.rules if "alert" in rule}

    @property
    def records(self) -> dict[str, Mapping[str, Any]]:
        """Return the recording rules, by the name of their metric."""
        return {rule["record"]: rule for rule in self.rules if "record" in rule}

    @cached_property
    def panels(self) -> list[Mapping[str, Any]]:
        """Return the panels of the dashboard; none where the project deleted it."""
        if not (self.deployment.root / GRAFANA).is_dir():
            return []
        return list(self.deployment.json(f"{GRAFANA}/service.json")["panels"])

    @property
    def targets(self) -> list[Mapping[str, Any]]:
        """Return the queries of the dashboard, with their legends."""
        return [target for panel in self.panels for target in panel["targets"]]

    def series(self) -> list[Series]:
        """Return the series of a service that predicted, refused and had no model.

        Those of the recording rules and `up`, which Prometheus makes, are among them.
        """
        service = self.deployment.service
        bodies = [{"instances": [service.example]}, {"instances": "none"}]
        with tempfile.TemporaryDirectory() as name:
            save_toy(service, folder := Path(name) / "model")
            exported = self._scrape(Settings(model_dir=folder), *bodies)
        exported += self._scrape(Settings(model_dir=Path(name)), bodies[0])
        recorded: list[Series] = [(name, {"label": "any"}) for name in self.records]
        return [*exported, ("up", self._labels()), *recorded]

    def _scrape(self, settings: Settings, *bodies: Any) -> list[Series]:
        """Send requests to a service; return its series as Prometheus stores them."""
        with TestClient(self.deployment.app(settings)) as client:
            for body in bodies:
                client.post("/predict", json=body)
            text = client.get("/metrics").text
        return [
            (sample.name, sample.labels | self._labels())
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        ]

    def _labels(self) -> dict[str, str]:
        """Return the labels that Prometheus adds to each series."""
        return {"job": self.job["job_name"], "instance": "api:8000"}


def check_queries_find_exported_series(deployment: Deployment) -> None:
    """Compare every query of alerts and dashboard with the series of the service."""
    if sys.platform != "linux":
        pytest.skip("process_* metrics need /proc")
    monitoring = Monitoring(deployment)
    series = monitoring.series()
    queries = {item["expr"] for item in [*monitoring.rules, *monitoring.targets]}
    for expression in sorted(queries):
        query = parse(expression)
        assert query.selectors, f"{expression} selects nothing"
        for selector in query.selectors:
            found = select(selector, series)
            assert found, f"no series for {selector} in {expression}"
            known = set().union(*found)
            assert query.labels <= known, f"{selector} has no label of {query.labels}"


def check_recorded_shares_keep_the_label(deployment: Deployment) -> None:
    """Parse each recording rule: it groups by `label` alone."""
    for rule in Monitoring(deployment).records.values():
        assert parse(rule["expr"]).labels == {"label"}, rule["expr"]


def check_alerts_are_those_of_the_runbook(deployment: Deployment) -> None:
    """Compare the alerting rules with the table of the runbook, row by row."""
    text = deployment.text(RUNBOOK).partition("## Alerts")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| .*", text, re.M)[2:]  # after the head and its rule
    matches = [ROW.fullmatch(row) for row in rows]
    assert all(matches), f"rows of {RUNBOOK} with another form: {rows}"
    assert [match.groups() for match in matches if match] == [
        (
            re.sub(r"\B(?=[A-Z])", " ", name).lower(),  # NotReady is "not ready" there
            rule["expr"],
            rule.get("for"),
            rule["annotations"]["runbook"].removeprefix(RUNBOOK),
        )
        for name, rule in Monitoring(deployment).alerts.items()
    ]


def check_alerts_have_a_summary_and_a_runbook_section(deployment: Deployment) -> None:
    """Look up the annotations of each alert: its runbook's heading exists."""
    for name, rule in Monitoring(deployment).alerts.items():
        annotations = rule["annotations"]
        assert annotations["summary"], f"{name} has no summary"
        path, _, anchor = annotations["runbook"].partition("#")
        headings = re.findall(r"^#+ (.+)$", deployment.text(path), re.M)
        anchors = {heading.lower().replace(" ", "-") for heading in headings}
        assert anchor in anchors, f"{path} has no section {anchor}"


def check_prometheus_scrapes_the_service(deployment: Deployment) -> None:
    """Compare job, path, port and rule files of Prometheus with the project."""
    job = Monitoring(deployment).job
    assert job["job_name"] == deployment.service.name
    assert job.get("metrics_path", "/metrics") in deployment.routes()
    port = deployment.image_port()
    several = {"dns_sd_configs": [{"names": ["api"], "type": "A", "port": port}]}
    one = {"static_configs": [{"targets": [f"api:{port}"]}]}
    found = {name: value for name, value in job.items() if name.endswith("_configs")}
    assert found in (one, several), "Prometheus asks the service, or each copy of it"
    for name in deployment.yaml(f"{PROMETHEUS}/prometheus.yml")["rule_files"]:
        assert (deployment.root / PROMETHEUS / name).is_file(), f"{name} is missing"


def check_panels_use_the_provisioned_datasource(deployment: Deployment) -> None:
    """Compare the data source of each panel with the one that is provisioned."""
    (source,) = deployment.yaml(f"{GRAFANA}/datasource.yaml")["datasources"]
    known = {"type": source["type"], "uid": source["uid"]}
    assert all(panel["datasource"] == known for panel in Monitoring(deployment).panels)


def check_panels_have_unique_ids_and_positions(deployment: Deployment) -> None:
    """Compare ids and positions of the panels: two in a row, none above another."""
    panels = Monitoring(deployment).panels
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["gridPos"]["w"] == 12 for panel in panels), "two in a row"
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert places == {(x, 8 * row) for x in (0, 12) for row in range(len(panels) // 2)}


def check_legends_show_labels_of_the_query(deployment: Deployment) -> None:
    """Compare the labels in each legend with those that its query keeps."""
    for target in Monitoring(deployment).targets:
        shown = set(LABEL.findall(target["legendFormat"]))
        kept = parse(target["expr"]).labels
        assert shown <= (kept or {"instance"}), target["expr"]


ALERTING: list[Check] = [
    check_queries_find_exported_series,
    check_recorded_shares_keep_the_label,
    check_alerts_are_those_of_the_runbook,
    check_alerts_have_a_summary_and_a_runbook_section,
    check_prometheus_scrapes_the_service,
]
DASHBOARD: list[Check] = [
    check_panels_use_the_provisioned_datasource,
    check_panels_have_unique_ids_and_positions,
    check_legends_show_labels_of_the_query,
]
CHECKS = [*ALERTING, *DASHBOARD]
