"""The odd tables that are kept beside the repository: each plan is what a person would expect."""

from pathlib import Path

import pytest

from mlservice.adopt import infer_plan

ODD = Path(__file__).parents[4] / "shared" / "data" / "odd"
EXPECTED = {  # file: task, target, features, and what is set aside
    "pandas_index.csv": ("classification", "bought", "age income city", "Unnamed: 0"),
    "na_namibia.csv": ("classification", "bought", "age income country", ""),
    "na_many.csv": ("classification", "bought", "age income city", ""),
    "dot_thousands.csv": ("classification", "gekauft", "stueck gewicht alter", ""),
    "dressed_us.csv": ("classification", "bought", "us dollar pct acct unit umin eur_after age", ""),
    "trail_all.csv": ("classification", "bought", "age income city", ""),
    "units_row.csv": ("classification", "bought", "age income city", ""),
    "ids.csv": ("classification", "bought", "age income city account mangled", "Unnamed: 0,isbn"),
    "imb25.csv": ("classification", "fraud", "age income city", ""),
    "target_case.csv": ("classification", "bought", "age income city", ""),
    "nested.jsonl": ("classification", "bought", "age profile.city profile.geo.lat", "tags"),
    "types.parquet": ("classification", "bought", "cat dec tz d32 t64 flag i8 f16", "dur,bin,lst,st"),
    "xl_title.xlsx": ("classification", "bought", "age income city", ""),
    "xl_total.xlsx": ("classification", "bought", "age income city", ""),
    "long_category.csv": ("classification", "y", "x tag", ""),
    "txt_jp.csv": ("text", "label", "text lang", "id"),
}


@pytest.mark.skipif(not ODD.exists(), reason="no shared data beside the repository")
@pytest.mark.parametrize("name", EXPECTED)
def test_the_plan_of_an_odd_table(name):
    task, target, features, aside = EXPECTED[name]
    plan = infer_plan(ODD / name, target, task)
    assert [one.column for one in plan.features] == features.split()
    assert [one.column for one in plan.aside] == aside.split(",") * bool(aside)
