"""Trial of the pipeline on the user's rows, before anything is written.

A copy of the project with the new files prepares, encodes, fits a few trees and
computes the metrics, the tables and the plots. What fails here would fail later.
"""

import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from mlservice.adopt import convert
from mlservice.adopt.plan import ColumnFault, Plan
from mlservice.adopt.project import Project
from mlservice.errors import UserError, run
from mlservice.evaluation import gate
from mlservice.evaluation.slices import measure
from mlservice.model.onnx_export import fitted_scores
from mlservice.params import PARAMS
from mlservice.paths import RAW
from mlservice.training.candidates import listed
from mlservice.training.steps import validate

ROWS = 20_000  # of the sample
FEWEST = 50  # rows of each class, if it has so many
SERIES = 30
QUICK = {"max_iter": 5, "resamples": 100}  # parameters of the trial
NOTHING_WRITTEN = "a trial of the pipeline on these rows failed, nothing was written"

Texts = Mapping[Path, str]


class TrialError(UserError):
    """The pipeline fails on the rows of the plan."""


def attempt(
    project: Project, plan: Plan, texts: Texts, rows: pd.DataFrame, raw: Path
) -> None:
    """Run the pipeline in a copy of the project; raise UserError where it fails.

    `texts` are the files to write, `rows` the sample of the table as text, `raw` the
    converted rows. Raise ColumnFault for a column that the checks refuse. A package
    without `training.py` has no pipeline.
    """
    if not (project.source / "training.py").is_file():
        return
    with tempfile.TemporaryDirectory(prefix="adopt-trial-") as name:
        folder = Path(name)
        shutil.copytree("src", folder / "src")
        for path, text in texts.items():
            if path == PARAMS or Path("src") in path.parents:
                (folder / path).write_text(_quick(text), encoding="utf-8")
        (folder / RAW).parent.mkdir()
        _some(plan, rows, raw).to_csv(folder / RAW, index=False)
        _raise(plan, *_pipeline(project.package, folder))


def _quick(text: str) -> str:
    """Return params.yaml with few trees and resamples; code has no such lines."""
    for name, value in QUICK.items():
        text = re.sub(rf"(?m)^( +{name}): \d+", rf"\1: {value}", text)
    return text


def _some(plan: Plan, rows: pd.DataFrame, raw: Path) -> pd.DataFrame:
    """Return rows in canonical form: of every class, or of whole series."""
    names = {one.declared: one.column for one in plan.features}
    if "day" in names:
        series = pd.read_csv(raw, dtype=str)
        if "name" not in names:
            return series
        few = series[names["name"]].drop_duplicates().head(SERIES)
        return series[series[names["name"]].isin(few)]
    frame = convert.rows_of(plan, rows).sample(frac=1, random_state=0)
    if len(frame) > ROWS:
        each = max(ROWS // max(len(plan.target.categories), 1), FEWEST)
        within = frame.groupby(plan.target.column).cumcount()
        frame = frame[within < each] if plan.target.categories else frame.head(ROWS)
    return frame


def _pipeline(package: str, folder: Path) -> tuple[int, str]:
    """Run the trial in a process of its own; return its exit code and last line."""
    paths = [str(folder / "src"), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "mlservice.adopt.trial", package],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr.strip().rpartition("\n")[2]


def _raise(plan: Plan, code: int, said: str) -> None:
    """Raise an error for a trial that failed, of the column that the checks name."""
    if not code:
        return
    why = said.removeprefix("error: ")
    for one in plan.features:
        if f"column {one.column}: " in why:
            raise ColumnFault(one.column, why)
    raise TrialError(f"{NOTHING_WRITTEN}: {why}")


def main() -> int:
    """Prepare, fit, validate and evaluate, in the current folder."""
    package = sys.argv.pop()
    training = import_module(f"{package}.training").TRAINING
    import_module(f"{package}.data").main()
    params = training.params.load()
    train, validation, test = map(training.read, ("train", "validation", "test"))
    if not training.enough(test):
        raise UserError(f"too few test rows ({training.needed}); bring more rows")
    models = {"trivial": training.trivial, "baseline": training.baseline}
    several = listed(training, params)
    scores, decisions = {}, {}
    with threadpool_limits(limits=1):
        for name, make in {**models, **several}.items():
            model = make(params.train).fit(train.matrix, train.target)
            decisions[name], metrics = validate(training, model, validation, params)
            _check(metrics)
            scores[name] = fitted_scores(model, test.matrix)
    for kept in (scores, decisions):  # the first takes the place of the best
        kept["candidate"] = [kept.pop(name) for name in several][0]
    _evaluate(training, params, test, scores, decisions)
    return 0


def _evaluate(
    training: Any, params: Any, test: Any, scores: Any, decisions: Any
) -> None:
    """Judge the test rows, and make the tables and the plots of the report."""
    metrics = {
        name: training.metrics(params.decision, decision)
        for name, decision in decisions.items()
    }
    gate.check(params.gate, metrics["candidate"], test)
    gate.judge(test, scores, metrics, params.gate)
    facts = measure(test, scores, metrics, params.gate, training.enough)
    for name, found in facts["models"].items():
        _check({f"{name}: {metric}": one["value"] for metric, one in found.items()})
    training.tables(test, scores["candidate"], decisions["candidate"], params.gate)
    training.plots(test, scores, decisions, params.decision)


def _check(metrics: dict[str, float]) -> None:
    """Raise UserError for a metric that these rows do not define."""
    for name, value in metrics.items():
        if not math.isfinite(value):
            raise UserError(f"the metric {name} is {value} on these rows")


if __name__ == "__main__":
    run(main)
