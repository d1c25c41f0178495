"""Alerts and dashboard ask for what the service really exports; the runbook agrees.

promql-parser reads the queries as Prometheus does: a pattern of our own would take a
function for a metric, or a label's value for a label. Whoever deletes
deploy/prometheus and deploy/grafana deletes this file, too.
"""

import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

import promql_parser as promql
import pytest
import yaml
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from {{ cookiecutter.package_name }} import NAME, serve
from {{ cookiecutter.package_name }}.config import Settings
from {{ cookiecutter.package_name }}.schema import EXAMPLE

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
ROW = re.compile(r"\| (.+?) \| `(.+)`(?: for (\w+))? \| .*\((#[\w-]+)\).* \|")


def read(name):
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


(GROUP,) = read("prometheus/alerts.yml")["groups"]
ALERTS = {rule["alert"]: rule for rule in GROUP["rules"] if "alert" in rule}
RECORDED = {rule["record"]: rule for rule in GROUP["rules"] if "record" in rule}
(JOB,) = read("prometheus/prometheus.yml")["scrape_configs"]
DASHBOARD = json.loads((DEPLOY / "grafana/service.json").read_text(encoding="utf-8"))
TARGETS = [target for panel in DASHBOARD["panels"] for target in panel["targets"]]
QUERIES = sorted({item["expr"] for item in [*GROUP["rules"], *TARGETS]})


class Asked(NamedTuple):
    """What a query asks for: selectors, and labels by which it groups or joins."""

    selectors: list[promql.VectorSelector]
    labels: set[str]


def asked(query):
    found = Asked([], set())

    def visit(node):
        if isinstance(node, promql.VectorSelector):
            found.selectors.append(node)
        modifier = getattr(node, "modifier", None)
        modifier = getattr(modifier, "matching", modifier)  # of a binary operation
        found.labels.update(modifier.labels if modifier else ())

    promql.walk(promql.parse(query.replace("$__rate_interval", "1m")), visit)
    return found


def fits(matcher, labels):
    """Tell whether a matcher, with `=` or `=~`, fits a series' labels."""
    value = labels.get(matcher.name, "")
    if matcher.op == promql.MatchOp.Equal:
        return value == matcher.value
    assert matcher.op == promql.MatchOp.Re, f"{matcher} is not read here"
    return re.fullmatch(matcher.value, value) is not None


def selects(selector, name, labels):
    """Tell whether the selector finds a series."""
    matchers = selector.matchers.matchers
    return selector.name == name and all(fits(m, labels) for m in matchers)


def scrape(settings, *bodies):
    """Send requests to a service; return its series as Prometheus keeps them."""
    scraped = {"job": JOB["job_name"], "instance": "api:8000"}
    with TestClient(serve.create_app(settings)) as client:
        for body in bodies:
            client.post("/predict", json=body)
        text = client.get("/metrics").text
    return [
        (sample.name, sample.labels | scraped)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]


@pytest.fixture(scope="module")
def series(project):
    """Every series of a service that predicted, refused and, with no model, failed."""
    good = Settings(model_dir=project / "models/current")
    exported = scrape(good, {"instances": [EXAMPLE]}, {"instances": "none"})
    exported += scrape(Settings(model_dir=project / "none"), {"instances": [EXAMPLE]})
    exported += [("up", {"job": JOB["job_name"], "instance": "api:8000"})]
    shares = [(name, {"label": "any"}) for name in RECORDED]  # what the rules make
    return exported + shares


@pytest.mark.skipif(sys.platform != "linux", reason="process_* metrics need /proc")
@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_what_the_service_exports(query, series):
    selectors, labels = asked(query)
    assert selectors
    for selector in selectors:
        found = [kept for name, kept in series if selects(selector, name, kept)]
        assert found, f"no series for {selector}"
        assert labels <= set().union(*found), f"{selector} has no such label"


def test_a_recorded_share_keeps_the_label():
    for rule in RECORDED.values():
        assert asked(rule["expr"]).labels == {"label"}


def test_alerts_are_those_of_the_runbook():
    table = RUNBOOK.partition("## Alerts")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| .*", table, re.M)[2:]  # after the head and its rule
    stated = [ROW.fullmatch(row).groups() for row in rows]
    assert stated == [
        (
            re.sub(r"\B(?=[A-Z])", " ", name).lower(),  # NotReady is "not ready" there
            rule["expr"],
            rule.get("for"),
            rule["annotations"]["runbook"].removeprefix("docs/runbook.md"),
        )
        for name, rule in ALERTS.items()
    ]


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_what_is_wrong_and_where_to_read_on(name):
    annotations = ALERTS[name]["annotations"]
    assert annotations["summary"]
    path, _, anchor = annotations["runbook"].partition("#")
    text = (ROOT / path).read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    assert anchor in {heading.lower().replace(" ", "-") for heading in headings}


def test_prometheus_scrapes_the_service_and_loads_the_alerts():
    routes = serve.create_app(Settings()).openapi()["paths"]
    assert JOB["job_name"] == NAME
    assert JOB.get("metrics_path", "/metrics") in routes
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    (port,) = re.findall(r"SERVE_PORT=(\d+)", image)
    assert JOB["static_configs"] == [{"targets": [f"api:{port}"]}]
    for name in read("prometheus/prometheus.yml")["rule_files"]:
        assert (DEPLOY / "prometheus" / name).is_file()


def test_panels_ask_the_datasource_that_is_provisioned():
    (source,) = read("grafana/datasource.yaml")["datasources"]
    known = {"type": source["type"], "uid": source["uid"]}
    assert all(panel["datasource"] == known for panel in DASHBOARD["panels"])


def test_panels_have_ids_and_places_of_their_own():
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["gridPos"]["w"] == 12 for panel in panels), "two in a row"
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert places == {(x, 8 * row) for x in (0, 12) for row in range(len(panels) // 2)}


def test_legends_show_labels_that_the_query_keeps():
    for target in TARGETS:
        shown = set(re.findall(r"{{ '{{' }}(\w+){{ '}}' }}", target["legendFormat"]))
        kept = asked(target["expr"]).labels
        assert shown <= (kept or {"instance"}), target["expr"]
