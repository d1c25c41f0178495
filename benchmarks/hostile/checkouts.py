"""A checkout of the template whose toy services are started, and the Python that runs them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from common import PYTHON_SETTINGS
from hostile.clients import Target
from hostile.memory import in_group
from processes import Service, cores, running
from trial import ROOT, fetch, free_port  # in tools/, where common looks

TREE = "{{cookiecutter.project_slug}}"
MAKE_MODEL = """
import importlib, json, pathlib, sys
from mlservice.testing.toy_models import save_toy
service = importlib.import_module("toys." + sys.argv[1]).SERVICE
save_toy(service, pathlib.Path(sys.argv[2]))
print(json.dumps(service.example))
"""


def python_of(given: str | None) -> str:
    """Return a Python with the library's requirements; make its environment where none is given."""
    if given:
        return given
    made = subprocess.run(("make", "build/kit-env/.ready"), cwd=ROOT, stdout=sys.stderr, check=False)
    return (
        str(ROOT / "build/kit-env/bin/python") if not made.returncode else sys.exit("make build/kit-env/.ready failed")
    )


class Checkout:
    """The library and the toy services of a folder with the template."""

    def __init__(self, root: Path, python: str, folder: Path) -> None:
        """Serve from `root`; logs and models are written into `folder`."""
        self.root, self.python, self.folder = root, python, folder
        self.library = root / TREE / "kit"
        if not (self.library / "mlservice").is_dir():
            sys.exit(f"{root} is no checkout of this template with the library in it")
        folder.mkdir()
        self._examples: dict[str, dict] = {}

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment in which the toys are imported."""
        kept = {name: text for name, text in os.environ.items() if name not in PYTHON_SETTINGS and "SERVE_" not in name}
        return kept | {"PYTHONPATH": os.pathsep.join(map(str, (self.root / "tests/kit", self.library)))}

    def example(self, task: str) -> dict:
        """Return an instance of a task; save a model for it when it is asked for first."""
        if task not in self._examples:
            command = (self.python, "-c", MAKE_MODEL, task, str(self.folder / task))
            done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(f"the toy {task} of {self.root} cannot be imported:\n{done.stderr[-1500:]}")
            self._examples[task] = json.loads(done.stdout)
        return self._examples[task]

    @contextmanager
    def served(
        self,
        task: str = "classification",
        group: Path | None = None,
        stdout: Path | None = None,
        pinned: bool = True,
        **settings: str,
    ) -> Iterator[tuple[Service, Target]]:
        """Run a toy on the first core until the block ends, and what is in the block on the second if it is pinned.

        `group` is a control group for it, `stdout` a file for what it prints, `settings` are environment variables.
        """
        example, port = self.example(task), free_port()
        known = {"SERVE_PORT": str(port), "SERVE_MODEL_DIR": str(self.folder / task), "SERVE_DRAIN_SECONDS": "0"}
        command = in_group(group, [self.python, "-m", f"toys.{task}"])
        if stdout:
            command = ["sh", "-c", 'exec "$@" > "$0"', str(stdout), *command]
        options = {"cwd": self.folder, "env": self.environment | known | settings}
        log = self.folder / f"{task}.log"
        with running(log, port, command, lambda at: fetch(f"{at}/readyz"), **options) as service:
            with on_second_core() if pinned else nullcontext():
                yield service, Target(service.process.pid, port, example)


@contextmanager
def on_second_core() -> Iterator[None]:
    """Run this thread, and those that it starts, on the core that wrk has in other benchmarks."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {int(cores()[1])})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
