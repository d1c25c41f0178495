"""Checks of sample.py: the rows that tests and a fresh clone train on."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import pandas as pd
import pytest

from mlservice.data.checks import check
from mlservice.data.files import load
from mlservice.service import Service

PART = 5  # a fifth of the rows is enough for most checks


class Sample(Protocol):
    """The module sample.py."""

    ROWS: int

    def sample(self, rows: int = 0, seed: int = 0) -> pd.DataFrame:
        """Draw rows, the same ones for the same seed."""

    def main(self) -> int:
        """Write rows to a CSV file, as the command line asks."""


def check_sample_is_seeded(_service: Service[Any, Any], sample: Sample) -> None:
    """Check that the same seed gives the same rows, another one gives others."""
    rows = sample.ROWS // PART
    pd.testing.assert_frame_equal(sample.sample(rows, 3), sample.sample(rows, 3))
    assert not sample.sample(rows, 3).equals(sample.sample(rows, 4))


def check_sample_is_valid(service: Service[Any, Any], sample: Sample) -> None:
    """Check that the sample passes the schema's checks, with every column."""
    rows = check(sample.sample(), service.columns)
    assert list(rows.columns) == [feature.column for feature in service.columns]
    assert 0 < len(rows) <= sample.ROWS


def check_sample_has_every_class(service: Service[Any, Any], sample: Sample) -> None:
    """Check that every category of the target occurs, or a number's target varies."""
    values = sample.sample()[service.target.column].dropna()
    assert set(service.target.categories) <= set(values)
    assert values.nunique() > 1


def check_sample_command_writes_the_sample(
    service: Service[Any, Any], sample: Sample
) -> None:
    """Check that the command writes the rows that the function draws."""
    rows = sample.ROWS // PART
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "new/raw.csv"
        words = ["sample", "--rows", str(rows), "--seed", "9", "--out", str(path)]
        patch.setattr(sys, "argv", words)
        assert sample.main() == 0
        written = check(load(path, service.columns), service.columns)
    drawn = check(sample.sample(rows, 9), service.columns)
    pd.testing.assert_series_equal(
        written[service.target.column], drawn[service.target.column]
    )
    assert list(written.columns) == list(drawn.columns) and len(written) == len(drawn)
