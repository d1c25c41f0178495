"""A benchmark must be able to say no: each target that is missed, each service that answers something else."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import ROOT
from documents import TEXTS

sys.path.insert(0, str(ROOT / "benchmarks"))
# pylint: disable=wrong-import-position,import-error  # benchmarks/ is no package, and none that pylint is shown
from load import Load  # noqa: E402
from processes import alive, stop, tree  # noqa: E402
from serving import __main__ as command  # noqa: E402
from serving import contenders, peers, publish, report, rounds  # noqa: E402

RATES = dict.fromkeys(peers.PEERS, 300) | {"ours": 9000, "mlflow": 200, "limit": 10000}


def good() -> rounds.Figures:
    """Return figures that meet every target by a hair."""
    loads = {
        (many, name): [Load(rate, 0.1, 9.0, 1e6 / rate, 0, 0)] * 3
        for many in command.CONNECTIONS
        for name, rate in RATES.items()
    }
    names = dict.fromkeys(RATES, 1.0)
    return rounds.Figures(loads, ready=names, memory={name: 119.0 for name in names})


def missed(figures: rounds.Figures, asked: list[str] | None = None) -> list[str]:
    """Return the figures whose target is missed."""
    return [line.figure for line in report.verdicts(figures, asked or list(RATES)) if line.met is False]


def changed(many: int, name: str, **fields) -> rounds.Figures:
    """Return good figures but for one load."""
    figures = good()
    figures.loads[many, name] = [replace(load, **fields) for load in figures.loads[many, name]]
    return figures


BAD = {
    "over FastAPI + scikit-learn": changed(32, "textbook", rate=370),
    "over mlflow": changed(32, "mlflow", rate=230),
    "over BentoML": changed(32, "bentoml", rate=310),
    "requests/s over FastAPI, same": changed(32, "limit", rate=10700),
    "p50 over FastAPI, same": changed(1, "limit", p50=0.07),
    "32 connections: p99": changed(32, "ours", p99=10.0),
    "256 connections: p99": changed(256, "ours", p99=150.0),
    "errors": changed(8, "ours", errors=1),
    "memory": replace(good(), memory={**good().memory, "ours": 121.0}),
}


def test_good_figures_meet_every_target():
    assert missed(good()) == []
    assert len(report.verdicts(good(), list(RATES))) == len(BAD)
    assert missed(changed(256, "ours", busy=5000)) == []  # "not now" is an answer


@pytest.mark.parametrize("target", BAD)
def test_a_missed_target_is_said(target):
    [found] = missed(BAD[target])
    assert target in found
    assert "**MISSED**" in publish.verdict_table(report.verdicts(BAD[target], list(RATES)))


def test_a_peer_that_is_absent_cannot_show_that_its_target_is_met():
    figures = replace(good(), absent={"mlflow": "cannot be installed: no such package"})
    for many in command.CONNECTIONS:
        del figures.loads[many, "mlflow"]
    assert len(missed(figures)) == 1 and "mlflow" in missed(figures)[0]
    assert missed(figures, ["ours", "limit"]) == []  # who was not asked for is not judged
    assert "cannot be installed: no such package" in report.tables(figures)


def test_the_tables_hold_every_service_and_every_number_of_connections():
    shown = report.tables(good())
    for peer in peers.PEERS.values():
        assert shown.count(f"| {peer.title} |") == len(command.CONNECTIONS) + 1
    assert "| 32 | mlflow models serve | 200 | 45.00 × |" in shown
    slow = report.tables(changed(256, "mlflow", rate=0.0))  # it answered nobody in time
    assert "| 256 | mlflow models serve | 0 | inf × | – | – | – | 0 | 0 |" in slow


@pytest.mark.parametrize(("figures", "status"), [(good(), 0), (BAD["memory"], 1)])
def test_the_exit_status_is_the_verdict(figures, status, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["serving", "--project", "."])
    monkeypatch.setattr(command, "tool", lambda name: name)
    monkeypatch.setattr(command, "cores", lambda: ("0", "1"))
    monkeypatch.setattr(command, "trained_project", lambda given, folder: folder)
    monkeypatch.setattr(command, "enter_all", lambda *_: ({}, {}))
    monkeypatch.setattr(command, "measure", lambda *_: None)
    monkeypatch.setattr(command, "figures", lambda *_: figures)
    monkeypatch.setattr(command, "write", lambda *_: None)
    assert command.main() == status
    assert ("MISSED" in capsys.readouterr().out) == bool(status)


def test_services_that_answer_something_else_are_not_compared():
    def contender(probability):
        return contenders.Contender(None, Path(), probability)

    there = {"ours": contender(0.87392), "textbook": contender(0.87395), "limit": contender(None)}
    assert "textbook 0.873950" in contenders.same_answers(there)
    with pytest.raises(SystemExit, match="nothing to compare"):
        contenders.same_answers({**there, "mlflow": contender(0.8741)})


def test_a_service_is_stopped_with_all_that_it_started():
    script = "setsid sleep 60 & sleep 60 & trap '' TERM; wait; wait"  # one left its session, the first hears nothing
    with subprocess.Popen(["bash", "-c", script], start_new_session=True) as process:
        while len(family := tree(process.pid)) < 3:
            time.sleep(0.01)
        stop(process, grace=0.1)
    assert not any(map(alive, family))


def test_the_page_shows_a_run_and_its_plot():
    page = TEXTS["docs/reference/serving-benchmark.md"]
    assert page.count(publish.BEGIN) == page.count(publish.END) == 1
    again = publish.in_page(publish.in_page(page, "RUN 1"), "RUN 2")
    assert "RUN 2" in again and "RUN 1" not in again and again.startswith(page.partition(publish.BEGIN)[0])
    for title in (peer.title for peer in peers.PEERS.values()):
        assert title in page and title in publish.PICTURE.with_suffix(".svg").read_text(encoding="utf-8")


def test_what_the_peers_need_is_pinned():
    own = {peer.environment for peer in peers.PEERS.values()} - {""}
    assert own == {"mlflow", "bentoml", "litserve"}
    for name in own:
        text = (ROOT / "benchmarks" / "serving" / name / "requirements.txt").read_text(encoding="utf-8")
        assert f"\n{name}==" in text and "--hash=sha256:" in text
