"""Manifests, alerts and dashboard fit the service; without a folder, drop its list."""

from pathlib import Path

import pytest
from mlservice.testing.manifests import KUBERNETES, MONITORING, Deployment

from {{ cookiecutter.package_name }}.serve import extend
from {{ cookiecutter.package_name }}.service import SERVICE

DEPLOYMENT = Deployment(SERVICE, Path(__file__).parents[1], extend)


@pytest.mark.parametrize("check", KUBERNETES + MONITORING, ids=lambda c: c.__name__)
def test_deployment(check):
    check(DEPLOYMENT)
