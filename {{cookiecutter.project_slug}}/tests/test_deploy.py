"""Manifests, alerts and dashboard fit the service: checks of what deploy/ holds."""

from pathlib import Path

import pytest
from mlservice.testing.manifests import Deployment, checks_for

from {{ cookiecutter.package_name }}.serve import extend
from {{ cookiecutter.package_name }}.service import SERVICE

DEPLOYMENT = Deployment(SERVICE, Path(__file__).parents[1], extend)


@pytest.mark.parametrize("check", checks_for(DEPLOYMENT), ids=lambda c: c.__name__)
def test_deployment(check):
    check(DEPLOYMENT)
