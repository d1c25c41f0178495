"""This service, its training and its stages; mlservice.testing makes a project of them.

`project`, `own_project`, `predictor`, `splits`, `scores` … are fixtures of the library.
"""

import pytest
import strategies

from {{ cookiecutter.package_name }} import (
    data,
    evaluate,
    sample,
    train,
)
from {{ cookiecutter.package_name }}.service import SERVICE
from {{ cookiecutter.package_name }}.training import TRAINING

pytest_plugins = ["mlservice.testing.fixtures"]


@pytest.fixture(scope="session")
def service():
    """What serving and files know of this service."""
    return SERVICE


@pytest.fixture(scope="session")
def training():
    """What training and evaluation know of it."""
    return TRAINING


@pytest.fixture(scope="session")
def stages():
    """The commands that make a model, with their arguments, in their order."""
    draw = (sample.main, "--rows", strategies.ROWS)
    return [draw, (data.main,), (train.main,), (evaluate.main,)]


@pytest.fixture(scope="session")
def any_row(service):
    """A Hypothesis strategy: every instance that the schema allows, by column."""
    return strategies.instances(service)
