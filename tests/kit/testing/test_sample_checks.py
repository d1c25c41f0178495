"""The checks of sample data pass on good sample data, and fail where it is broken for them."""

from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from toys import SERVICES

from mlservice.data.sample import sample_command
from mlservice.errors import UserError
from mlservice.testing.checks import SAMPLE_CHECKS

SERVICE = SERVICES["regression"]
ROWS = 200


def sample(rows=ROWS, seed=1):
    """Draw rides."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "distance": rng.uniform(1, 50, rows).round(1),
            "minutes": rng.uniform(1, 200, rows).round(1),
            "hour": rng.integers(0, 24, rows),
            "vehicle": rng.choice(["economy", "comfort"], rows),
            "price": rng.uniform(5, 100, rows).round(2),
        }
    )


def module(draw=sample, command=None):
    """Return what sample.py has."""
    main = partial(sample_command, command or draw, ROWS, 1)
    return SimpleNamespace(ROWS=ROWS, sample=draw, main=main)


BROKEN = {
    "check_sample_is_seeded": module(lambda rows=ROWS, seed=1: sample(rows, None)),
    "check_sample_is_valid": module(lambda rows=ROWS, seed=1: sample(rows, seed).drop(columns="hour")),
    "check_sample_has_every_class": module(lambda rows=ROWS, seed=1: sample(rows, seed).assign(price=9.0)),
    "check_sample_command_writes_the_sample": module(command=lambda rows, seed: sample(rows, seed + 1)),
}


@pytest.mark.parametrize("check", SAMPLE_CHECKS)
def test_a_check_passes_on_good_sample_data(check):
    check(SERVICE, module())


@pytest.mark.parametrize("check", SAMPLE_CHECKS)
def test_a_check_fails_on_sample_data_that_is_broken_for_it(check):
    with pytest.raises((AssertionError, UserError)):
        check(SERVICE, BROKEN[check.__name__])
