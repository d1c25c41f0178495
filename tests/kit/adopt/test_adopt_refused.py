"""`make adopt` refuses what it cannot use, in one sentence, and changes nothing."""

import numpy as np
import pandas as pd
import pytest
from adopt_helpers import contents, each_task, table

from mlservice.adopt import __main__ as adopt
from mlservice.errors import UserError


def csv(frame):
    return frame.to_csv(index=False).encode()


REFUSED = {  # given the target: what the file holds, and what is said
    "nothing in it": lambda _: (b"", "empty"),
    "a header alone": lambda _: (csv(table().head(0)), "no rows|header"),
    "one row": lambda _: (csv(table().head(1)), "row"),
    "no such target": lambda target: (csv(table().rename(columns={target: target + "_"})), target),
    "a target that is missing": lambda target: (csv(table().assign(**{target: None})), target),
    "a target that never changes": lambda target: (csv(table().assign(**{target: 1})), target),
    "two columns of one name": lambda _: (csv(table()).replace(b"class", b"shop", 1), "shop"),
    "a ragged row": lambda _: (csv(table()) + b"1,2,3\n", "fields"),
    "a picture": lambda _: (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "binary file, not text"),
    "too many columns": lambda _: (csv(pd.DataFrame(np.eye(5000)[:2])), "2,000"),
}


@each_task
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_adopted_is_refused_and_changes_nothing(name, home, tmp_path, call):
    content, said = REFUSED[name](home.target)
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    before = contents(home.folder)
    with pytest.raises(UserError, match=said) as caught:
        call(adopt.main, path, *home.words)
    assert "\n" not in str(caught.value)
    assert contents(home.folder) == before


@each_task
def test_a_file_that_is_not_there_is_named(home, call):
    with pytest.raises(UserError, match=r"nowhere\.csv"):
        call(adopt.main, "nowhere.csv", *home.words)


def test_outside_a_project_it_says_so(data, call):
    with pytest.raises(UserError, match="project's folder"):
        call(adopt.main, data, "left", "--yes", "--package", "nowhere")


def test_a_package_without_a_service_is_named(home, data, call):
    words = [word.replace(home.package, "elsewhere") for word in home.words]
    with pytest.raises(UserError, match="there is no module elsewhere.service"):
        call(adopt.main, data, *words)


def test_a_service_that_lacks_a_package_of_others_keeps_its_traceback(home, data, call):
    service = home.folder / "src" / home.package / "service.py"
    service.write_text("import a_package_that_nobody_has\n", encoding="utf-8")
    with pytest.raises(ModuleNotFoundError, match="a_package_that_nobody_has"):
        call(adopt.main, data, *home.words)


def test_nobody_who_could_answer_is_told_how_to_agree(home, data, call, monkeypatch):
    def nobody(_):
        raise EOFError

    before = contents(home.folder)
    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(UserError, match="nobody answered.*YES=1"):
        call(adopt.main, data, *(word for word in home.words if word != "--yes"))
    assert contents(home.folder) == before


def test_without_data_or_target_it_says_what_to_type(home, call):
    for words in (("", "left"), ("my.csv", "")):
        with pytest.raises(UserError, match="say `make adopt DATA="):
            call(adopt.main, *words, "--package", home.package)


@pytest.mark.parametrize("home", ["image"], indirect=True)
def test_pictures_are_in_no_table(home, data, call):
    before = contents(home.folder)
    with pytest.raises(UserError, match=f"`python -m {home.package}.pack FOLDER`"):
        call(adopt.main, data, *home.words)
    assert contents(home.folder) == before


@pytest.mark.parametrize(
    ("answers", "command"),
    [("_src_path: gh:me/template\n", "cookiecutter gh:me/template task="), ("- 1\n", "cookiecutter TEMPLATE task=")],
)
def test_a_target_of_another_task_is_refused_with_the_command_that_brings_it(answers, command, home, data, call):
    (home.folder / ".copier-answers.yml").write_text(answers, encoding="utf-8")
    words = ["amount" if word == "left" else word for word in home.words]
    with pytest.raises(UserError, match=f"`{command}regression`"):
        call(adopt.main, data, *words)
