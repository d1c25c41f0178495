"""The image predicts, holds only what serves, and is safe: `make image-test`."""

from pathlib import Path

import pytest
from mlservice.testing.image import CHECKS, open_image

from {{ cookiecutter.package_name }}.service import SERVICE

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def image():
    with open_image(SERVICE, Path(__file__).parents[1]) as opened:
        yield opened


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_image(check, image):
    check(image)
