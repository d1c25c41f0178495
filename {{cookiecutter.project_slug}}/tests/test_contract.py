"""The library's checks of this service and its sample; kit/README.md lists them."""

import pytest
from mlservice.testing.checks import CHECKS, SAMPLE_CHECKS

from {{ cookiecutter.package_name }} import sample


@pytest.mark.parametrize("check", CHECKS)
def test_service(check, service):
    check(service)


@pytest.mark.parametrize("check", SAMPLE_CHECKS)
def test_sample(check, service):
    check(service, sample)
