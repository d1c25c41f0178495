"""What becomes of one table: adopted, trained, served, asked, compared; results are kept as JSON lines."""

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from tables.comparison import Comparison, compare
from tables.public import HERE, Table
from tables.services import Failed, Services, answered, reason, run

COMPARED = ("classification", "regression")


@dataclass
class Result:
    """How far a table came, and why no further."""

    name: str
    task: str
    taken: bool = False
    trained: bool = False
    served: bool = False
    model: str = ""  # the candidate or the baseline: which one is served
    comparison: Comparison | None = None
    why: str = ""
    seconds: tuple[float, float] = (0.0, 0.0)  # of `make adopt` and `make pipeline`

    @property
    def line(self) -> str:
        """Tell in one line what happened."""
        if not (self.taken and self.trained and self.served):
            step = "make pipeline failed" if self.taken else "refused"
            return f"{'not served' if self.trained else step}: {self.why}"
        text = f"the {self.model} is served"
        if (found := self.comparison) is not None:
            text += (
                f"; {found.ours:.4g} against {found.plain:.4g}: {found.ratio:.3f} [{found.low:.3f}, {found.high:.3f}]"
            )
        return f"{text}; {self.seconds[0]:.0f} + {self.seconds[1]:.0f} s"


def travel(table: Table, path: Path, services: Services) -> Result:
    """Take a table all the way; a step that fails ends it."""
    result = Result(table.name, table.task)
    project = services.fresh(table.task)
    try:
        _steps(table, path, project, result)
    except Failed as error:
        result.why = reason(str(error))
    return result


def _steps(table: Table, path: Path, project: Path, result: Result) -> None:
    began = time.monotonic()
    variables = {"DATA": str(path), "TARGET": table.target, **table.variables, "YES": "1"}
    run(project, "make", "adopt", *(f"{name}={text}" for name, text in variables.items()))
    adopted, result.taken = time.monotonic(), True
    said = run(project, "make", "pipeline")
    result.seconds, result.trained = (adopted - began, time.monotonic() - adopted), True
    result.model = said.rpartition("served: the ")[2].partition(",")[0]
    answer = answered(project)
    result.served, result.why = '"predictions":[{' in answer, answer
    if table.task in COMPARED:
        [package] = (folder.name for folder in (project / "src").iterdir() if (folder / "training.py").is_file())
        found = json.loads(run(project, ".venv/bin/python", "-W", "ignore", str(HERE / "losses.py"), package))
        result.comparison = compare(**found)


def known(path: Path) -> dict[str, Result]:
    """Read the results that a file holds, by name; the last one of a name counts."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {found["name"]: _result(found) for found in map(json.loads, lines)}


def _result(found: dict) -> Result:
    comparison = Comparison(*found["comparison"]) if found["comparison"] else None
    return Result(**{**found, "comparison": comparison, "seconds": tuple(found["seconds"])})


def keep(path: Path, results: Iterable[Result]) -> None:
    """Append results to a file."""
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(result)) + "\n" for result in results)
