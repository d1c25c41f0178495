"""No words of a person are lost, and nothing is half written."""

import os
import subprocess
from pathlib import Path

import pytest

from mlservice.adopt.writers import files, record
from mlservice.errors import UserError

CODE, PAGE = Path("src/schema.py"), Path("docs/page.md")
TEXT = "one\n"
MARKED = "# mine\n<!-- adopt: x -->\nold\n<!-- /adopt -->\n"
NEW = {CODE: "two\n", PAGE: MARKED.replace("old", "new")}


def git(*words):
    """Run git as somebody."""
    who = ("-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "core.hooksPath=none")
    subprocess.run(("git", *who, *words), check=True, capture_output=True)


def commit():
    """Commit all that is there."""
    git("add", "--all")
    git("commit", "--quiet", "--message", "x")


def write(path, text):
    """Write a text, whatever the folder."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def rendered():
    """The current folder, with two files as the template made them, in git."""
    git("init", "--quiet")
    write(CODE, TEXT)
    write(PAGE, MARKED)
    commit()


@pytest.mark.usefixtures("rendered")
def test_what_the_template_made_may_be_replaced():
    assert not record.edited(NEW)
    record.refuse_edited(NEW)


@pytest.mark.usefixtures("rendered")
@pytest.mark.parametrize("committed", [False, True])
def test_what_a_person_changed_is_named(committed):
    write(CODE, "mine\n")
    write(PAGE, MARKED.replace("old", "mine"))
    if committed:
        commit()
    assert record.edited(NEW) == [CODE, PAGE]
    with pytest.raises(UserError, match=r"src/schema.py, docs/page.md; .*OVERWRITE=1"):
        record.refuse_edited(NEW)


@pytest.mark.usefixtures("rendered")
def test_words_beside_a_passage_are_no_edit_of_it():
    write(PAGE, MARKED.replace("mine", "ours"))
    assert not record.edited(NEW)


@pytest.mark.usefixtures("rendered")
def test_what_already_is_as_it_would_be_is_no_edit():
    write(CODE, NEW[CODE].replace("\n", "\r\n"))
    assert not record.edited(NEW)


@pytest.mark.usefixtures("rendered")
def test_after_adopting_the_record_tells_and_not_git():
    files.write_all(record.with_record(NEW))
    commit()
    later = {path: text + "more\n" for path, text in NEW.items()}
    assert not record.edited(later)
    write(CODE, "mine\n")
    assert record.edited(later) == [CODE]


@pytest.mark.usefixtures("rendered")
def test_adopting_twice_changes_nothing():
    assert files.write_all(record.with_record(NEW)) == [*NEW, record.RECORD]
    commit()
    assert files.write_all(record.with_record(NEW)) == []


def test_without_git_a_file_counts_as_untouched(monkeypatch):
    write(CODE, TEXT)
    assert not record.edited({CODE: "two\n", Path("new.py"): "x"})
    monkeypatch.setenv("PATH", "")
    assert not record.edited({CODE: "two\n"})


def test_a_record_that_cannot_be_read_is_said():
    write(record.RECORD, "[]")
    with pytest.raises(UserError, match="take it back from git, or remove it"):
        record.edited({})


def test_a_file_keeps_its_mode_and_an_equal_one_is_not_touched():
    write(CODE, TEXT)
    CODE.chmod(0o640)
    assert files.write_all({CODE: "two\n"}) == [CODE]
    assert CODE.stat().st_mode & 0o777 == 0o640
    assert not files.write_all({CODE: "two\n"})


@pytest.mark.parametrize("call", ["replace", "write"])
def test_a_disk_that_is_full_leaves_everything_as_it_was(call, monkeypatch):
    write(CODE, TEXT)
    calls = iter(range(9))

    def full(whole):
        def step(*words):
            if next(calls) == 1:
                raise OSError(28, "No space left on device")
            return whole(*words)

        return step

    if call == "replace":
        monkeypatch.setattr(os, "replace", full(os.replace))
    else:
        monkeypatch.setattr(Path, "write_bytes", full(Path.write_bytes))
    with pytest.raises(UserError, match="nothing was written: .*No space left"):
        files.write_all({CODE: "two\n", Path("docs/new.md"): "x\n"})
    left = [path for path in Path().rglob("*") if path.is_file()]
    assert left == [CODE] and CODE.read_text(encoding="utf-8") == TEXT


def test_a_person_s_interrupt_brings_everything_back(monkeypatch):
    write(CODE, TEXT)

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        files.write_all({CODE: "two\n"})
    assert [path for path in Path().rglob("*") if path.is_file()] == [CODE]
