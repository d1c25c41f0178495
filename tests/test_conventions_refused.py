"""Where the conventions do not come in: one sentence from either engine, and nothing is changed."""

import pytest

from conftest import ENGINES
from foreign import bring, contents, make


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_that_is_no_repository_is_refused(engine, template, tmp_path):
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain/mine.txt").write_text("mine", encoding="utf-8")
    code, said = bring(engine, template, tmp_path / "plain")
    assert code == 1 and "is no git repository: the conventions are for one that exists." in said
    assert list(contents(tmp_path)) == ["plain/mine.txt"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_that_does_not_exist_is_refused(engine, template, tmp_path):
    code, said = bring(engine, template, tmp_path / "nowhere")
    assert code == 1 and "is no git repository: the conventions are for one that exists." in said
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", [".copier-answers.yml", "conventions.mk"])
def test_a_repository_that_follows_a_template_is_refused(engine, name, template, tmp_path):
    folder = make("notebooks", tmp_path)
    (folder / name).write_text("_src_path: gh:some/other\n", encoding="utf-8")
    before = contents(folder)
    code, said = bring(engine, template, folder)
    assert code == 1 and "already: " in said
    assert contents(folder) == before


@pytest.mark.parametrize("force", ["--overwrite-if-exists", "-f"])
def test_cookiecutter_s_force_is_refused(force, template, tmp_path):
    folder = make("notebooks", tmp_path)
    (folder / ".conventions-new").mkdir()
    (folder / ".conventions-new/Makefile").write_text("mine", encoding="utf-8")
    before = contents(folder)
    assert bring("cookiecutter", template, folder, force)[0] == 1
    assert contents(folder) == before
