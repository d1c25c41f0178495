"""The split that adopting proposes, writes and explains: by time, by what recurs, or at random."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml
from sklearn.model_selection import StratifiedKFold

from mlservice.adopt import __main__ as adopt
from mlservice.adopt import infer_plan
from mlservice.adopt.plan import Split
from mlservice.adopt.tasks.table import split_choice
from mlservice.errors import UserError

ROWS = 600
RNG = np.random.default_rng(4)
DAYS = pd.date_range("2024-01-01", periods=ROWS).astype(str)
WHO = np.repeat(np.arange(ROWS // 4) + 7000, 4)


def table(**columns):
    """A table with a signal for two classes and a number, and further columns."""
    x = RNG.normal(size=ROWS).round(3)
    kept = {"x": x, "z": RNG.normal(size=ROWS).round(2), **columns}
    return pd.DataFrame(kept).assign(y=np.where(x + RNG.normal(0, 0.5, ROWS) > 0, "yes", "no"))


def split_of(frame, **options):
    """Return kind and column of the split in the plan of a table."""
    found = infer_plan(frame, "y", "classification", **options).split
    return found.kind, found.column


@pytest.mark.parametrize(
    ("columns", "split"),
    [
        ({}, ("random", "")),
        ({"day": DAYS}, ("time", "day")),
        ({"day": DAYS, "paid": DAYS[::-1]}, ("random", "")),  # which one is the row's?
        ({"birth_date": DAYS}, ("random", "")),
        ({"day": np.repeat(DAYS[:10], 60)}, ("random", "")),  # few moments
        ({"day": np.where(np.arange(ROWS) % 9, DAYS, "")}, ("random", "")),  # often missing
        ({"customer_id": WHO}, ("group", "customer_id")),
        ({"Patient": [f"p{at}" for at in WHO]}, ("group", "Patient")),
        ({"id": np.arange(ROWS) // 6 * 7}, ("group", "id")),
        ({"num_guest": np.arange(ROWS) % 12 + 1}, ("random", "")),  # an amount
        ({"customer_id": np.arange(ROWS)}, ("random", "")),
        ({"store_id": WHO}, ("random", "")),  # the next sale is of a known store
        ({"customer": np.arange(ROWS) % 5}, ("random", "")),  # few, and large
        ({"customer_id": WHO, "day": DAYS}, ("time", "day")),
    ],
)
def test_a_split_is_proposed_where_a_random_one_would_lie(columns, split):
    assert split_of(table(**columns)) == split


def test_the_user_overrules_and_both_are_told():
    frame = table(customer_id=WHO, day=DAYS)
    found = infer_plan(frame, "y", "classification")
    assert any("GROUP=customer_id" in said for said in found.warnings)
    assert split_of(frame, split="random") == ("random", "")
    assert split_of(frame, group="customer_id") == ("group", "customer_id")
    assert split_of(frame, time="z") == ("time", "z")
    for options in ({"time": "day", "group": "customer_id"}, {"time": "day", "split": "random"}):
        with pytest.raises(UserError, match="say one of TIME=, GROUP= and SPLIT=random"):
            split_of(frame, **options)


def test_the_group_is_no_feature_unless_it_is_kept():
    frame = table(customer_id=WHO)
    found = infer_plan(frame, "y", "classification")
    assert "customer_id" not in [one.column for one in found.features]
    assert [one.column for one in found.written] == ["x", "z", "y", "customer_id"]
    kept = infer_plan(frame, "y", "classification", keep=("customer_id",))
    assert "customer_id" in [one.column for one in kept.features]
    assert [one.column for one in kept.written].count("customer_id") == 1


def test_a_proposal_that_leaves_a_class_out_becomes_a_random_split_and_if_asked_is_refused():
    frame = table(day=DAYS).assign(y=np.where(np.arange(ROWS) < 300, "no", "yes"))
    frame.loc[RNG.permutation(ROWS)[:60], "y"] = "no"
    frame.loc[ROWS * 8 // 10 :, "y"] = "yes"
    found = infer_plan(frame, "y", "classification", keep=("day",))
    assert found.split.kind == "random"
    assert any(
        "split at random, not by time of 'day'" in said and "class 'no' to test" in said for said in found.warnings
    )
    with pytest.raises(UserError, match="time by day leaves . rows of class 'no' to test: 11 are needed"):
        infer_plan(frame, "y", "classification", keep=("day",), time="day")


def test_folds_follow_the_split():
    plan = infer_plan(table(day=DAYS, customer_id=WHO), "y", "classification")
    frame = table(day=DAYS, customer_id=WHO.astype(str)).astype(str).sample(frac=1, random_state=1)
    codes, usual = (frame["y"] == "yes").to_numpy(), StratifiedKFold(3, shuffle=True, random_state=0)
    for fitted, held_out in split_choice.folds(plan, frame, codes, usual):
        assert frame["day"].iloc[fitted].max() < frame["day"].iloc[held_out].min()
    plan = infer_plan(table(customer_id=WHO), "y", "classification")
    for fitted, held_out in split_choice.folds(plan, frame, codes, usual):
        assert not set(frame["customer_id"].iloc[fitted]) & set(frame["customer_id"].iloc[held_out])
    plan = replace(plan, split=Split())
    found = split_choice.folds(plan, frame, codes, usual)
    assert all((a[1] == b[1]).all() for a, b in zip(found, usual.split(codes, codes), strict=True))


@pytest.mark.parametrize("home", ["classification"], indirect=True)
def test_the_identifier_reaches_the_pipeline_and_the_documents(whole, tmp_path, call, capsys):
    frame = table(**{"customer id #": WHO}).sample(frac=1, random_state=0)
    frame.to_csv(tmp_path / "mine.csv", index=False)
    assert call(adopt.main, tmp_path / "mine.csv", "y", "--yes", "--package", whole.package) == 0
    assert "split by group, column customer id #: 4.0 rows of each" in " ".join(capsys.readouterr().out.split())
    params = yaml.safe_load((whole.folder / "params.yaml").read_text("utf-8"))["prepare"]
    assert (params["split"], params["column"]) == ("group", "customer id #")
    assert "customer id #" in pd.read_csv(whole.folder / "data/raw.csv").columns
    assert "customer" not in (whole.folder / "src" / whole.package / "schema.py").read_text("utf-8")
    design = (whole.folder / "docs/design-doc.md").read_text("utf-8")
    assert "The split is by group, `customer id #`" in design and "`prepare.split` = `group`" in design


@pytest.mark.parametrize("home", ["classification"], indirect=True)
def test_a_proposal_that_fails_in_the_trial_becomes_a_random_split(whole, tmp_path, call, capsys):
    data = whole.folder / "src" / whole.package / "data.py"
    data.write_text(data.read_text("utf-8").replace("params, raw)", "params)"), "utf-8")  # as in 0.8.0
    table(customer_id=WHO).to_csv(tmp_path / "mine.csv", index=False)
    assert call(adopt.main, tmp_path / "mine.csv", "y", "--yes", "--package", whole.package) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "split at random, not by group of 'customer_id'" in said and "does not pass the raw rows" in said
    with pytest.raises(UserError, match="does not pass the raw rows to split_rows"):
        call(adopt.main, tmp_path / "mine.csv", "y", "--yes", "--package", whole.package, "--group", "customer_id")
