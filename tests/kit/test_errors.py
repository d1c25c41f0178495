"""A command ends with its code, or with one line on stderr; a defect of ours keeps its traceback."""

import errno
from typing import Annotated

import pytest
from pydantic import BaseModel, Field, ValidationError

from mlservice.errors import UserError, module_of, run, sentence


def _fail(error):
    raise error


def test_a_command_ends_with_its_code_or_one_line():
    with pytest.raises(SystemExit) as ended:
        run(lambda: 3)
    assert ended.value.code == 3
    with pytest.raises(SystemExit) as ended:
        run(lambda: _fail(UserError("what to do")))
    assert ended.value.code == "error: what to do"
    with pytest.raises(SystemExit) as ended:
        run(lambda: _fail(KeyboardInterrupt()))
    assert ended.value.code == 130


def test_a_defect_of_ours_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        run(lambda: 1 // 0)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EACCES])
def test_a_disk_that_is_full_or_broken_is_one_line_with_the_file(code):
    with pytest.raises(SystemExit, match="^error: data/x.csv: as the system says it; mend that and run it again$"):
        run(lambda: _fail(OSError(code, "as the system says it", "data/x.csv")))
    with pytest.raises(SystemExit, match="^error: as the system says it; mend"):
        run(lambda: _fail(OSError(code, "as the system says it")))


def test_any_other_error_of_the_system_keeps_its_traceback():
    with pytest.raises(FileNotFoundError):
        run(lambda: _fail(FileNotFoundError(errno.ENOENT, "No such file", "x")))


def test_a_message_of_several_lines_becomes_one():
    assert str(UserError("first\n   second\tthird\n")) == "first second third"


class Pair(BaseModel):
    """Two numbers."""

    first: int
    rest: list[Annotated[int, Field(ge=0)]]


def test_every_fault_of_a_validation_is_in_the_sentence_with_its_location():
    with pytest.raises(ValidationError) as caught:
        Pair.model_validate({"first": "x", "rest": [1, -1]})
    found = sentence(caught.value)
    assert found.startswith("first: Input should be a valid integer")
    assert "; rest.1: Input should be greater than or equal to 0" in found


def test_a_package_that_is_not_there_is_named_and_what_a_module_of_it_lacks_is_a_defect(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    for package, module in (("nowhere", "service"), ("somewhere", "training")):
        with pytest.raises(UserError, match=f"^there is no module {package}.{module}; name the .* with --package$"):
            module_of(package, module)
        (tmp_path / "somewhere").mkdir(exist_ok=True)
        (tmp_path / "somewhere/__init__.py").touch()
    (tmp_path / "somewhere/service.py").write_text("import not_installed\n", encoding="utf-8")
    with pytest.raises(ModuleNotFoundError, match="not_installed"):
        module_of("somewhere", "service")
