"""Run an engine's own command line inside this process: the same as a user's, without a second for each start."""

from pathlib import Path

from cookiecutter.cli import main as run_cookiecutter
from copier._cli import CopierApp

from conftest import command_line


def run_engine(engine: str, template: Path, output: Path, answers: dict[str, str]) -> tuple[int, str]:
    """Render without questions; return the exit code and the text of an error that the engine does not catch itself."""
    _, *words = command_line(engine, template, output, answers)
    try:
        if engine == "copier":
            return CopierApp.run(["copier", *words], exit=False)[1], ""
        run_cookiecutter.main(words)
    except SystemExit as done:
        return int(done.code or 0), ""
    except Exception as error:  # pylint: disable=broad-exception-caught  # Python would print it last and exit with 1
        return 1, f"{type(error).__name__}: {error}"
    raise AssertionError("Cookiecutter's command line always exits")


def left_behind(folder: Path) -> list[str]:
    """Return what is in the test's folder, apart from the empty output folder."""
    return [str(path) for path in folder.rglob("*") if path != folder / "out"]


def shown(text: object) -> str:
    """Name a test after the answer that it gives."""
    return ascii(text)[:40]
