"""What tests of updates start from: a template with versions, and projects that follow it (conftest.py loads this)."""

import pytest
from updates import NOW, Followed, clone_with_versions, make_project, next_version


@pytest.fixture(scope="module")
def today(template_folder, tmp_path_factory):
    """Return a template with all versions; what is here now is the newest."""
    return clone_with_versions(tmp_path_factory.mktemp("team") / "template", template_folder)


@pytest.fixture(scope="module")
def team(today):
    """Return a template with all versions up to one that is not there yet."""
    next_version(today)
    return today


@pytest.fixture(scope="module")
def rendered(team, tmp_path_factory):
    """Return `rendered(engine)`: a project of today's version."""
    made = {}

    def once(engine: str) -> Followed:
        if engine not in made:
            made[engine] = make_project(engine, team, NOW, tmp_path_factory.mktemp(engine) / "out")
        return made[engine]

    return once


@pytest.fixture
def project(rendered, tmp_path) -> Followed:
    """Return a project as it was rendered."""
    return rendered("cookiecutter").copy(tmp_path)
