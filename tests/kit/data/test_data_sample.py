"""The command that writes sample data."""

import pandas as pd
import pytest
import yaml

from mlservice.data.sample import sample_command
from toys.training import VALUES, prepare, sample


def write(call, *words):
    """Run the command with 50 rows and seed 3 as defaults."""
    return call(lambda: sample_command(sample, 50, 3, "Rides."), *words)


def test_rows_and_seed_have_defaults(call, tmp_path, capsys):
    assert write(call) == 0
    assert "wrote 50 rows to data/raw.csv" in capsys.readouterr().out
    expected = sample(50, 3)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "data/raw.csv"), expected)


def test_the_command_line_may_name_others(call, tmp_path):
    assert write(call, "--rows", 7, "--seed", 4, "--out", "deep/er/rows.csv") == 0
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "deep/er/rows.csv"), sample(7, 4))


@pytest.mark.parametrize("kind", ["time", "group"])
def test_a_clone_without_the_real_rows_can_split_its_sample(kind, call, tmp_path):
    asked = VALUES | {"prepare": VALUES["prepare"] | {"split": kind, "column": "who or when"}}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(asked), encoding="utf-8")
    assert write(call, "--rows", 200) == 0 and call(prepare) == 0
    assert len(pd.read_parquet(tmp_path / "data/test.parquet")) == pytest.approx(60, abs=6)
