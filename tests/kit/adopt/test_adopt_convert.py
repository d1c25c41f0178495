"""All rows become data/raw.csv; what the sample did not hold widens the plan, or is refused."""

import numpy as np
import pandas as pd
import pytest

from mlservice.adopt import convert, inference
from mlservice.adopt.plan import Options
from mlservice.adopt.sources import open_source
from mlservice.adopt.tasks.table import examples
from mlservice.errors import UserError

ROWS = 3_000
FIRST = 500  # rows that the plan is made from


@pytest.fixture
def adopted(tmp_path):
    """Return `adopted(**columns)`: the plan of the first rows, that of all rows, and the rows written."""

    def of(**columns):
        rng = np.random.default_rng(0)
        whole = pd.DataFrame({"x": rng.normal(size=ROWS).round(3), "y": rng.choice(["no", "yes"], ROWS)} | columns)
        whole.to_csv(tmp_path / "all.csv", index=False)
        whole.head(FIRST).to_csv(tmp_path / "first.csv", index=False)
        first = open_source(str(tmp_path / "first.csv"))
        plan, _ = inference.inspect(first, "classification", Options("y", keep=tuple(columns)))
        found = convert.convert(open_source(str(tmp_path / "all.csv")), plan, tmp_path / "raw.csv")
        written = pd.read_csv(tmp_path / "raw.csv", dtype=str, keep_default_na=False)
        named = [{one.column: one for one in each.columns} for each in (plan, found)]
        return *named, found, written

    return of


def rest(first, later):
    """Return FIRST values of one kind and the others of another."""
    return [first(at) for at in range(FIRST)] + [later(at) for at in range(FIRST, ROWS)]


def test_a_larger_number_widens_the_bounds_and_a_missing_one_is_told(adopted):
    before, after, _, _ = adopted(amount=rest(lambda at: at % 40 + 0.5, lambda at: None if at % 5 == 0 else 9_000.5))
    assert before["amount"].high < 9_000.5 <= after["amount"].high
    assert before["amount"].missing == 0 and 0.1 < after["amount"].missing < 0.3


def test_whole_numbers_stop_being_whole(adopted):
    before, after, _, _ = adopted(amount=rest(lambda at: at % 40, lambda at: at % 40 + 0.5))
    assert before["amount"].whole and not after["amount"].whole


def test_a_new_category_is_added_and_an_order_is_none_any_more(adopted):
    before, after, _, _ = adopted(size=rest(lambda at: "SML"[at % 3], lambda at: "SMLQ"[at % 4]))
    assert before["size"].declared == "ordered" and before["size"].categories == ("S", "M", "L")
    assert after["size"].declared == "category" and after["size"].categories == ("S", "M", "L", "Q")


def test_too_many_categories_are_hashed_after_all(adopted):
    before, after, _, _ = adopted(town=rest(lambda at: f"town {at % 20}", lambda at: f"town {at % 300}"))
    assert before["town"].declared == "category"
    assert (after["town"].declared, after["town"].kind, after["town"].categories) == ("hashed", "many categories", ())


def test_a_column_that_is_of_another_kind_further_down_is_refused(adopted):
    with pytest.raises(UserError, match="column amount: 2,500 cells are no number.*DROP=amount"):
        adopted(amount=rest(lambda at: at % 40 + 0.5, lambda at: f"about {at}"))


def test_a_few_unreadable_cells_are_missing(adopted):
    _, after, _, written = adopted(amount=rest(lambda at: at % 40 + 0.5, lambda at: "?!" if at % 500 == 0 else "1.5"))
    assert after["amount"].missing == pytest.approx(5 / ROWS)
    assert (written["amount"] == "").sum() == 5


def test_rows_of_a_class_that_is_left_out_are_not_written_and_counted(adopted):
    classes = rest(lambda at: ["no", "yes"][at % 2], lambda at: "rare" if at == ROWS - 1 else "no")
    _, _, plan, written = adopted(y=classes)
    assert plan.rows == len(written) == ROWS - 1 and set(written["y"]) == {"no", "yes"}


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "mine.csv"
    pd.DataFrame({"x": range(100), "y": ["no", "yes"] * 50}).to_csv(path, index=False)
    source = open_source(str(path))
    plan, _ = inference.inspect(source, "classification", Options("y", keep=("x",)))
    path.write_text(path.read_text(encoding="utf-8") + "7,no\n", encoding="utf-8")
    with pytest.raises(UserError, match="mine.csv changed while it was read; try once more"):
        convert.convert(source, plan, tmp_path / "raw.csv")


def test_a_text_that_is_too_long_is_cut_in_all_rows(adopted):
    tags = rest(lambda at: f"tag {at % 130}", lambda at: "word " * 60 if at == ROWS - 1 else f"tag {at % 130}")
    _, after, _, written = adopted(tag=tags)
    assert after["tag"].declared == "hashed" and written["tag"].str.len().max() == 200


def test_few_rows_of_a_class_are_counted_in_all_rows(adopted):
    _, _, plan, _ = adopted(y=rest(lambda at: ["no", "yes"][at % 20 == 0], lambda at: "no"))
    assert plan.rarest == 25 and examples.test_share(plan) == 0.44 and "has 25 rows" in examples.rare(plan)
