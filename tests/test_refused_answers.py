"""Answers that no project can be made of: both engines refuse them in one sentence, and leave nothing on disk."""

import subprocess
from pathlib import Path

import pytest

from conftest import ENGINES, command_line
from in_process import left_behind, run_engine, shown

INVISIBLE = [
    "a\0b",
    "a\nb",
    "a\rb",
    "a\r\nb",
    "a\tb",
    "a\x1b[2Jb",
    "a\x7fb",
    "a\x85b",
    "a\u2028b",
    "a\u2029b",
    "a\u202eb",
]
UNSEEN = [*INVISIBLE, "a\u200bb", "a\u2066b", "\ufeffa", "a\ud800b", "", " ", "\u3000", "x" * 10_000]
PATHS = ["../evil", "a/b", "../x/evil", "/tmp/evil-slug", "a\\b", "~", ".", "..", "", " ", "con", "nul", "-rf"]
FORMS = [*PATHS, "Upper", "1a", "é", "a b", "a\nb", "a\0b", "x" * 10_000]
TAKEN = ["json", "os", "test", "tests", "src", "data", "fastapi", "class"]
EMAILS = ["", "nobody", "a@b", "a@b.de\nBcc: c@d.de", "<script>@b.de", '"@b.de', "a b@c.de", "a@b.de" * 1_000]
REFUSED = [
    *((question, text) for question in ("project_name", "description", "author_name") for text in UNSEEN),
    *(("project_slug", slug) for slug in (*FORMS, *TAKEN, "a-", "a--b", "a_b", "scikit-learn")),
    *(("package_name", name) for name in (*FORMS, *TAKEN, "a_", "_a", "a-b", "__init__", "sklearn")),
    *(("author_email", email) for email in EMAILS),
    *(("task", "nlp"), ("python_version", "2.7"), ("ci", "jenkins"), ("license", "WTFPL")),
]


def names(line: str, question: str) -> bool:
    """Tell whether the line is about the question, in our words or in an engine's own on a value that is no choice."""
    return any(words in line for words in (f"{question} must", f"'{question}'", f"variable {question},"))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("bad", REFUSED, ids=shown)
@pytest.mark.usefixtures("no_git")
def test_a_bad_answer_is_refused_and_leaves_nothing(engine, bad, template_folder, output, capfd):
    code, error = run_engine(engine, template_folder, output, dict([bad]))
    said = "".join(capfd.readouterr()) + error
    assert code == 1
    assert [line for line in said.splitlines() if names(line, bad[0])]
    assert not left_behind(output.parent)
    assert not Path("/tmp/evil-slug").exists()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "bad", [("project_slug", "../evil"), ("description", "a\nb"), ("author_email", "me")], ids=shown
)
def test_the_last_words_of_a_refusal_are_one_sentence(engine, bad, template, output):
    command = command_line(engine, template, output, dict([bad]))
    done = subprocess.run(command, cwd=output, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert f"{bad[0]} must" in last and last.endswith(".")
    if engine == "cookiecutter":  # whose own traceback goes to the other stream
        assert done.stderr.strip() == last
