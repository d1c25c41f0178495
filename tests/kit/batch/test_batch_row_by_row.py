"""Files of histories are judged row by row."""

import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }} import columnar
from {{ cookiecutter.package_name }}.cells import encoded
from {{ cookiecutter.package_name }}.errors import UserError
from {{ cookiecutter.package_name }}.rows import Chunk
from {{ cookiecutter.package_name }}.schema import EXAMPLE


def test_nobody_claims_to_know_histories_at_once():
    with pytest.raises(columnar.Unsure):
        columnar.encoded(pa.Table.from_pylist([EXAMPLE]))


def test_lists_that_do_not_fit_are_named(tmp_path):
    rows = pa.Table.from_pylist([EXAMPLE, EXAMPLE | {"horizon": 3}])
    with pytest.raises(UserError, match="in.parquet: row 8, .*units and horizon need"):
        encoded(Chunk(7, rows), tmp_path / "in.parquet")
