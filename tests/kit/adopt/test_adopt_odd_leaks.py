"""Leaks that no column shows alone, or that are weaker than a copy; and what looks like one and is none."""

import numpy as np
import pandas as pd
import pytest
from test_adopt_leaks import CLASSES, NUMBERS, find

ROWS = 400
RANDOM = np.random.default_rng(2)
LEFT = RANDOM.choice(["no", "yes"], ROWS, p=[0.7, 0.3])
GONE = (LEFT == "yes") & (RANDOM.random(ROWS) < 0.5)
DAYS = pd.Series(pd.date_range("2024-01-01", periods=ROWS).astype(str)).sample(frac=1, random_state=0).to_numpy()
PARTS = RANDOM.gamma(2, 20, (10, ROWS)).round(2)
NOISE = RANDOM.normal(0, 1, ROWS).round(3)
COUNT = PARTS[0] + PARTS[1]


def is_leak(table, aim, column, problems=CLASSES, **options):
    made = find(table, aim, problems, **options)[0][column]
    assert made.declared or made.why.startswith("LEAK")
    assert made.declared or f"KEEP={column}" in made.warning
    return not made.declared


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("reason", np.where(GONE, RANDOM.choice(["price", "service"], ROWS), "")),
        ("amount refunded", np.where(GONE, PARTS[0].astype(str), "")),
        ("end", np.where(GONE, DAYS, "")),
        ("left_on", DAYS),  # the date of the label, filled for all
        ("date left", DAYS),
    ],
)
def test_what_is_filled_for_one_class_and_the_date_of_the_label_leak(name, cells):
    assert is_leak({"left": LEFT, name: cells, "z": NOISE}, "left", name)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("reason", np.where(RANDOM.random(ROWS) < 0.2, "price", "other")),
        ("note", np.where(RANDOM.random(ROWS) < 0.1, "seen", "")),
        ("income", np.where((LEFT == "no") & (RANDOM.random(ROWS) < 0.3), "", PARTS[0].astype(str))),  # empty for one
        ("joined", DAYS),
    ],
)
def test_what_is_filled_for_both_classes_is_no_leak(name, cells):
    assert not is_leak({"left": LEFT, name: cells, "z": NOISE}, "left", name)


def test_weight_beside_low_weight_is_set_aside_and_the_plan_says_how_to_keep_it():
    weight = RANDOM.normal(2900, 700, ROWS).round()
    low = np.where(weight < 2500, "1", "0")
    low[np.abs(weight - 2500).argmin()] = "1" if low[np.abs(weight - 2500).argmin()] == "0" else "0"  # 99.8 %
    table = {"low": low, "weight": weight, "z": NOISE}
    assert is_leak(table, "low", "weight")
    assert not is_leak(table, "low", "weight", keep=("weight",))


FORMULAS = {
    "casual + registered": (COUNT, {"casual": PARTS[0], "registered": PARTS[1]}),
    "ten scores": (PARTS.sum(axis=0), {f"score {at}": part for at, part in enumerate(PARTS)}),
    "their mean": (PARTS.mean(axis=0).round(3), {f"score {at}": part for at, part in enumerate(PARTS)}),
    "profit": (PARTS[0] - PARTS[1], {"revenue": PARTS[0], "cost": PARTS[1]}),
    "rounded": (COUNT.round(), {"casual": PARTS[0], "registered": PARTS[1]}),
    "beside their own sum": (COUNT, {"casual": PARTS[0], "registered": PARTS[1], "with third": PARTS[1] + PARTS[2]}),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_parts_of_the_target_leak_together(name):
    total, parts = FORMULAS[name]
    table = {"y": total, **parts, "z": NOISE, "third": PARTS[2]}
    found = find(table, "y", NUMBERS)[0]
    for part in parts.keys() - {"with third"}:
        assert found[part].why.startswith("LEAK: 'y' is ") and f"KEEP={part}" in found[part].warning
    assert found["z"].declared


def test_a_span_between_two_dates_leaks():
    start = pd.date_range("2024-01-01", periods=ROWS)
    days = RANDOM.integers(1, 60, ROWS)
    ends = start + pd.to_timedelta(days, unit="D")
    table = {"days": days, "ordered at": start.astype(str), "delivered at": ends.astype(str), "z": NOISE}
    assert is_leak(table, "days", "delivered at", NUMBERS)


@pytest.mark.parametrize(
    ("name", "cells", "leaks"),
    [
        ("grade", pd.cut(COUNT, 5, labels=list("EDCBA")).astype(str), True),
        ("decile", pd.Series(COUNT).rank(pct=True).mul(10).round(), True),
        ("expensive", np.where(COUNT > 90, "yes", "no"), True),
        ("log", np.log(COUNT).round(2), True),
        ("rank", pd.Series(COUNT).rank(method="min"), True),
        ("log where known", np.where(RANDOM.random(ROWS) < 0.5, np.log(COUNT).astype(str), ""), True),
        ("casual", PARTS[0], False),  # one part alone
        ("noisy grade", pd.cut(COUNT + 9 * NOISE, 5, labels=list("EDCBA")).astype(str), False),
    ],
)
def test_a_grade_a_rank_or_a_log_leaks(name, cells, leaks):
    made = find({"y": COUNT, name: list(cells), "z": NOISE}, "y", NUMBERS)[0][name]
    assert (made.declared == "") == leaks, made.why


def test_a_dose_that_moves_the_target_is_no_grade_of_it():
    dose = RANDOM.choice([1, 2, 4, 8, 16], ROWS)
    table = {"response": np.log(dose) + NOISE / 20, "dose": dose, "z": NOISE}
    assert not is_leak(table, "response", "dose", NUMBERS)


def test_parts_stay_with_a_warning_where_nothing_else_is_left():
    table = {"y": COUNT, "casual": PARTS[0], "registered": PARTS[1]}
    found = find(table, "y", NUMBERS)[0]
    assert found["casual"].declared and "'y' is casual + registered" in found["casual"].warning
