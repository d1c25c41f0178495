"""Raw rows of the toy regression."""

import pytest

from toys.training import ROWS, sample


@pytest.fixture(scope="session")
def raw():
    """Rows as the raw file holds them."""
    return sample(ROWS, seed=3)
