"""The benchmark of public tables: its list, its draw, its statistics, and that a missed goal is said."""

import random
import re
import sys
from collections import Counter
from dataclasses import replace

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
# pylint: disable=wrong-import-position,import-error  # benchmarks/ is no package, and none that pylint is shown
import adopt  # noqa: E402
from tables import journey, public, services, verdicts  # noqa: E402
from tables.comparison import Comparison, compare  # noqa: E402

GOOD = journey.Result("a", "regression", True, True, True, "candidate", Comparison(9.0, 9.1, 0.99, 0.95, 1.03))
BAD = {
    "taken": replace(GOOD, taken=False, trained=False, served=False, comparison=None, why="error: | no rows"),
    "`make pipeline` runs": replace(GOOD, trained=False, served=False, comparison=None),
    "served, README's request answered": replace(GOOD, served=False),
    "not significantly worse than plain boosting": replace(GOOD, comparison=Comparison(9, 9, 0.9, 1.01, 1.05)),
    "significantly worse than 1.1 × plain": replace(GOOD, comparison=Comparison(9, 9, 0.5, 1.11, 1.2)),
    "loss over plain's, geometric mean": replace(GOOD, comparison=Comparison(9, 9, 1.5, 0.9, 1.2)),
}


def missed(results) -> list[str]:
    """Return the figures whose goal is missed."""
    return [line.figure for line in verdicts.lines(results) if line.met is False]


def test_the_list_holds_many_tables_of_many_packages_and_pins_these():
    tables = public.every()
    assert len(tables) >= 90 and len({table.name for table in tables}) == len(tables)
    found = Counter(table.task for table in tables)
    assert set(found) == {"classification", "regression", "text", "forecasting"}
    assert min(found["classification"], found["regression"]) > 40
    pins = (public.HERE / "requirements.txt").read_text(encoding="utf-8")
    assert pins.count("--hash=sha256:") > 20
    for table in tables:
        package = re.sub("_", "-", table.package.lower())
        assert f"{package}==" in pins and table.target and table.table, table
        assert re.fullmatch(r"[\w.-]+", table.name) and set(table.variables) <= {"TIME", "GROUP"}


def test_a_draw_is_the_same_for_the_same_seed_and_more_tables_continue_it():
    sixty = public.drawn(60, 0)
    assert len(set(table.name for table in sixty)) == 60
    assert public.drawn(2, 0) == sixty[:2] and public.drawn(60, 1) != sixty
    assert public.named(f"{sixty[3].name},{sixty[1].name}") == [sixty[3], sixty[1]]
    with pytest.raises(ValueError, match="no such table: nobody"):
        public.named("nobody")


def test_good_results_meet_every_goal():
    assert missed([GOOD] * 20) == []
    assert len(verdicts.lines([GOOD])) == len(BAD)
    assert len(missed([])) == len(BAD)  # what was not measured is no success


@pytest.mark.parametrize("figure", BAD)
def test_a_result_that_is_too_bad_is_said(figure):
    many = 32 if figure in ("taken", "not significantly worse than plain boosting") else 1
    results = [GOOD] * 19 + [replace(BAD[figure], name=f"b{n}") for n in range(many)]
    assert figure in missed(results)
    assert verdicts.details(results).count("\n| b") == many


def test_a_refusal_is_told_in_full_and_keeps_the_table_of_results():
    said = "setting up\nerror: the column 'a' |\nholds nothing\nmake: *** [Makefile:1: adopt] Error 1\n"
    assert services.reason(said) == "error: the column 'a' | holds nothing"
    refused = replace(BAD["taken"], why=services.reason(said))
    assert "| refused: error: the column 'a' \\| holds nothing |" in verdicts.details([refused])
    assert "9 against 9.1: 0.990 [0.950, 1.030]" in verdicts.details([GOOD])


def test_a_comparison_is_paired_and_its_interval_covers_the_ratio():
    rng = random.Random(1)
    plain = [rng.expovariate(1) for _ in range(400)]
    same = compare("log_loss", plain, plain)
    assert (same.ratio, same.low, same.high) == (1.0, 1.0, 1.0)  # of one row, both are drawn or none
    worse = compare("rmse", [4 * loss for loss in plain], plain)
    assert worse.ratio == pytest.approx(2) and worse.low == pytest.approx(2)
    other = compare("log_loss", [rng.expovariate(1) for _ in plain], plain)
    assert other.low < other.ratio < other.high and other.low < 1 < other.high
    assert compare("log_loss", [0.0] * 9, [0.0] * 9).ratio == 1


def test_results_are_kept_and_the_last_one_of_a_table_counts(tmp_path):
    journey.keep(tmp_path / "r.jsonl", [GOOD, BAD["taken"]])
    journey.keep(tmp_path / "r.jsonl", [replace(GOOD, name="b")])
    assert journey.known(tmp_path / "r.jsonl") == {"a": BAD["taken"], "b": replace(GOOD, name="b")}
    assert journey.known(tmp_path / "none.jsonl") == {}


def test_the_request_of_a_readme_is_found():
    readme = "text\ncurl -s http://localhost:8000/predict -H 'A: b' -d '{\"instances\": [{\n  \"a\": 1\n}]}'\n```\n"
    assert services.REQUEST.search(readme)[1].startswith('{"instances"')


def test_the_command_takes_two_tables_quickly(monkeypatch, tmp_path, capsys):
    asked = []
    monkeypatch.setattr(adopt, "template_repository", lambda folder: folder)
    monkeypatch.setattr(adopt, "results_of", lambda tables, *_, **__: asked.append(tables) or [GOOD])
    for words, many, status in ((["--quick"], 2, 0), ([], 60, 0), (["--only", "ISLR-Auto"], 1, 0)):
        monkeypatch.setattr(sys, "argv", ["adopt.py", "--results", str(tmp_path), *words])
        assert adopt.main() == status and len(asked[-1]) == many
    monkeypatch.setattr(adopt, "results_of", lambda *_, **__: [BAD["taken"]])
    assert adopt.main() == 1 and "**MISSED**" in capsys.readouterr().out
