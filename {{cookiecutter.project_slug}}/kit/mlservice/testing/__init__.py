"""A pytest plugin for a service's tests, checks of any service, and toy models.

`pytest_plugins = ["mlservice.testing.fixtures"]` in tests/conftest.py is the plugin;
`checks` has CHECKS, which every service must pass.
"""

import pytest

# A failed assertion in these modules shows the values that it compared.
pytest.register_assert_rewrite(
    f"{__name__}.checks",
    f"{__name__}.image",
    f"{__name__}.image_registry",
    f"{__name__}.image_shutdown",
    f"{__name__}.kubernetes",
    f"{__name__}.monitoring",
    f"{__name__}.overlays",
    f"{__name__}.promql_queries",
)
