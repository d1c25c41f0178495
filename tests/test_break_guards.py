"""Every guard of the serving, of the batch and against faults has a rendered test that turns red without it."""

from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.slow

PACKAGE = "src/customer_churn"

TABLE = yaml.safe_load(Path(__file__).with_name("guards.yaml").read_text(encoding="utf-8"))
GUARDS = {name: guard for group in TABLE.values() for name, guard in group.items()}


@pytest.fixture(scope="module")
def project(living, tmp_path_factory):
    """Return the folder that the rendered tests train in, made once for all of them."""
    folder = tmp_path_factory.mktemp("rendered")
    living.run(f"pytest -q --basetemp={folder} tests/code/test_saving.py -k promoting")
    return folder / "project0"


@pytest.mark.parametrize("name", GUARDS)
def test_without_its_guard_a_test_turns_red(living, project, name):
    module, old, new, tests = GUARDS[name]
    with living.changed(f"{PACKAGE}/{module}", old, new):
        command = f"pytest -x -q -p no:cacheprovider tests/{tests}"
        code, output = living.try_(command, TEST_PROJECT=str(project))
    assert code == 1, f"{tests} did not fail:\n{output[-2000:]}"  # 1: a test failed; 5: there is no such test
