"""The pages of an evaluation: one file each, with what a manager and an engineer ask first."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import optuna
import pytest
from evaluated import PRICES, ROWS, classes, numbers
from matplotlib.figure import Figure

from mlservice.evaluation.pages import errors, learning_curve, summary_page, svg, thresholds
from mlservice.evaluation.pages.data_summary import data_summary
from mlservice.evaluation.pages.render import interval, number
from mlservice.evaluation.pages.report_page import report_page
from mlservice.paths import TUNING
from mlservice.tuning.outcome import save_plots

VOID = {"meta", "link", "img", "br", "input", "path", "use", "image"}


@pytest.fixture(scope="module", name="churn")
def churn_():
    """An evaluation of two classes."""
    return classes()


@pytest.fixture(scope="module", name="page")
def page_(churn):
    """Its report."""
    return report_page(churn)


class Balance(HTMLParser):
    """Check that every element is closed, in order."""

    def __init__(self):
        super().__init__()
        self.open, self.ids = [], []

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag, (tag, self.getpos())


def test_it_is_one_well_formed_file_that_fetches_nothing(page):
    parsed = Balance()
    parsed.feed(page)
    assert not parsed.open and len(parsed.ids) == len(set(parsed.ids))
    places = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert [place for place in places if not place.startswith(("#", "data:"))] == []
    assert "default-src 'none'" in page and "@import" not in page and len(page) < 1_500_000


def test_values_of_rows_are_text(page):
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; {{ not }} rendered" in page and "<b>bold" not in page


def test_the_first_screen_has_verdict_target_rivals_worth_and_origin(page):
    first = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page.partition('<nav aria-label="Sections">')[0]))
    for text in ("Passed", "Whether the customer left", "2026-01-31 09:30", f"{ROWS} test rows", "EUR", "are right"):
        assert text in first
    assert re.search('<svg role="img" aria-label="log_loss of each model: candidate [0-9.]+, baseline', page)


def test_doing_nothing_is_the_cheaper_of_flagging_nobody_and_everybody(churn):
    found = thresholds.worth(churn)
    rate = churn.test.target.mean()
    nobody, everybody = rate * PRICES["false_negative"], (1 - rate) * PRICES["false_positive"]
    assert found["nothing"] == ("flag nobody" if nobody < everybody else "flag everybody")
    assert found["nothing_costs"] == pytest.approx(1000 * min(nobody, everybody))
    assert found["saved"]["value"] == pytest.approx(found["nothing_costs"] - found["costs"])
    assert found["saved"]["low"] < found["saved"]["value"] < found["saved"]["high"]


def test_the_thresholds_count_and_cost_as_the_decision_does(churn):
    rows = thresholds.threshold_table(churn)
    assert [row["threshold"] for row in rows] == [round(at / 100, 2) for at in range(1, 100)]
    chosen = next(row for row in rows if row["threshold"] == 0.3)
    flagged = churn.scores[:, 1] >= 0.3
    right = int((flagged & (churn.test.target == 1)).sum())
    assert chosen["tp"] == right and chosen["tp"] + chosen["fp"] == flagged.sum()
    assert chosen["tp"] + chosen["fp"] + chosen["fn"] + chosen["tn"] == ROWS
    assert chosen["precision"] == right / flagged.sum()
    wrong = chosen["fn"] * PRICES["false_negative"] + chosen["fp"] * PRICES["false_positive"]
    assert chosen["cost"] == pytest.approx(1000 * wrong / ROWS)
    assert thresholds.flagged_right(churn)["value"] == pytest.approx(100 * chosen["precision"])


def test_without_a_currency_costs_are_units():
    assert "units of cost" in report_page(classes(currency=""))


def test_what_a_training_lacks_is_left_out():
    page = report_page(classes(candidate="other", slices=()))
    assert 'id="learning"' not in page and 'id="slices"' not in page and 'id="threshold"' in page


def test_the_plots_of_the_last_search_are_in_the_report(churn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "make tune" not in report_page(churn)
    TUNING.mkdir()
    study = optuna.create_study()
    study.optimize(lambda trial: trial.suggest_float("rate", 0, 1) ** 2 + trial.suggest_int("depth", 1, 4), 6)
    colour = mpl.rcParams["xtick.color"]
    save_plots(study, "log_loss")
    assert mpl.rcParams["xtick.color"] == colour  # what is drawn later keeps its style
    page = report_page(churn)
    found = re.findall(r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)">', page)
    assert [alt.split()[0] for _, alt in found] == ["Value", "How"]
    assert all(b"</svg>" in base64.b64decode(held) for held, _ in found)


def test_a_number_has_residuals_and_its_worst_rows():
    run = numbers()
    page = report_page(run)
    assert 'id="threshold"' not in page and "Residuals and worst rows" in page
    worst = errors.worst_rows(run)
    gaps = [abs(float(row["error"])) for row in worst]
    assert gaps == sorted(gaps, reverse=True) and gaps[0] == pytest.approx(
        np.abs(run.predicted - run.observed).max(), rel=1e-3
    )
    assert {"observed", "predicted", "distance"} <= set(worst[0])


def test_the_most_confident_errors_come_first(churn):
    worst = errors.worst_rows(churn)
    assert all(row["actual"] != row["predicted"] for row in worst)
    sure = [float(row["probability"]) for row in worst]
    assert sure == sorted(sure, reverse=True) and "months" in worst[0]


def test_a_picture_is_shown_and_other_text_is_not():
    png = "iVBORw0KGgo" + "A" * 45
    assert errors.picture_of(png) == f"data:image/png;base64,{png}"
    assert [errors.picture_of(text) for text in ("A" * 56, "no base64 " * 9, png * 1000, "")] == [""] * 4


def test_the_learning_curve_ends_with_all_rows_and_is_drawn_by_groups(churn):
    points = learning_curve.learning_curve(churn)
    assert [point["rows"] for point in points] == [50, 100, 200, 400]
    assert points[-1]["value"] == churn.facts["models"]["candidate"]["log_loss"]["value"]
    pairs = replace(churn.train, groups=np.arange(ROWS) // 2)
    rows = learning_curve.share_of(pairs, 0.25, seed=0)
    assert len(rows) == 100 and (np.bincount(rows // 2)[np.unique(rows // 2)] == 2).all()


def test_the_learning_curve_stops_when_its_time_is_over(churn, monkeypatch):
    monkeypatch.setattr(learning_curve, "SECONDS", 0.0)
    assert len(learning_curve.learning_curve(churn)) == 2


@pytest.mark.parametrize(("last", "text"), [(0.40, "gained nothing"), (0.395, "hardly"), (0.30, "probably")])
def test_more_rows_help_where_the_last_step_gained_much(last, text):
    points = [
        {"rows": 10, "value": 0.4, "low": 0.3, "high": 0.5},
        {"rows": 20, "value": last, "low": 0.3, "high": 0.5},
    ]
    assert text in learning_curve.answer(points, False)


def test_the_data_has_missing_shares_ranges_and_drift(churn):
    rows = {row["column"]: row for row in data_summary(churn)}
    assert rows["charge"]["missing_train"] == pytest.approx(0.2, abs=0.06)
    assert rows["months"]["values"].endswith("months") and rows["months"]["drift"] == pytest.approx(0)
    shifted = churn.test.rows.assign(months=119, contract="monthly")
    moved = replace(churn, test=replace(churn.test, rows=shifted))
    marked = {row["column"] for row in data_summary(moved) if row["notable"]}
    assert marked == {"months", "contract"} and rows["note"]["drift"] is None


def test_a_figure_has_ids_of_its_own_alternative_text_and_repeats():
    figure = Figure(figsize=(3, 2))
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], label="candidate")
    axes.set(title='A "plot"', xlabel="x", ylabel="y")
    axes.legend()
    first, second = (svg.inline(name, figure) for name in ("one", "one"))
    assert first == second and 'aria-label="A &quot;plot&quot;: y over x (candidate)"' in first
    assert set(re.findall(r'id="(\w+?)-', first)) == {"one"} and "#000000" not in first and "<text" in first


def test_many_points_are_one_picture():
    figure = Figure(figsize=(3, 2))
    figure.add_subplot().scatter(np.zeros(2000), np.arange(2000))
    assert len(svg.inline("many", figure)) < 60_000


def test_numbers_and_intervals_are_short():
    assert [number(each) for each in (None, 12345.6, 3.14159, 0.012345)] == ["–", "12,346", "3.14", "0.0123"]
    found = {"value": 0.03159, "low": 0.002586, "high": 0.03829}
    assert interval(found) == "0.0316 [0.0026, 0.0383]"
    assert interval(dict.fromkeys(found, 0.0)) == "0.00 [0.00, 0.00]"


CARD = """# Model card
<!-- adopt: use -->
## Intended use

- **For**: ranking <b>customers</b>.

## Out of scope

- Prices
<!-- /adopt -->
### More
"""


def test_the_summary_says_what_goes_in_and_for_what_it_is_not(churn, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/model-card.md").write_text(CARD, encoding="utf-8")
    page = summary_page.summary_page(churn)
    Balance().feed(page)
    assert "<strong>For</strong>: ranking &lt;b&gt;customers&lt;/b&gt;." in page and "<li>Prices</li>" in page
    for feature in churn.training.service.features:
        assert feature.meaning in page
    assert "adopt" not in page and "More</h" not in page and "Good enough to be used" in page
    first = churn.facts["models"]
    for name in ("candidate", "trivial", "baseline"):
        assert number(first[name]["log_loss"]["value"]) in page


def test_without_a_model_card_the_summary_says_what_is_missing(churn):
    assert "whoever answers for this service writes it" in summary_page.summary_page(churn)
