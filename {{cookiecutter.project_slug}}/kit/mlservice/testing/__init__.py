"""A pytest plugin for a service's tests, checks of any service, and toy models.

`pytest_plugins = ["mlservice.testing"]` in tests/conftest.py brings the fixtures of
`fixtures`; `checks` has CHECKS, which every service must pass.
"""

import pytest

pytest_plugins = ["mlservice.testing.fixtures"]

REWRITTEN = ("checks", "image", "image_registry", "image_shutdown")
REWRITTEN += ("kubernetes", "monitoring", "overlays", "promql_queries")
# A failed assertion in these modules shows the values that it compared.
pytest.register_assert_rewrite(*(f"{__name__}.{name}" for name in REWRITTEN))
