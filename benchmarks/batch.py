"""Predictions for a file: rows a second and memory, over the estimator on one in-memory frame.

The file repeats the project's test rows, drawn at random. Ours is the whole command, from its start to the finished
file: read, check, encode, score, decide, write. The estimator's time begins with the frame in memory and ends with its
probabilities: encode and predict_proba (predict where there are none), the same model fitted by scikit-learn on the
same rows. Both may use every core, in turns, round after round.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from common import Line, judged, project_environment, say, trained_project

ROWS, QUICK = 10_000_000, 500_000
LEAST = 0.8  # of the estimator's rows a second
MOST = 500  # MB

DRAW = """
import numpy, pyarrow, pandas
from pyarrow import parquet
rows = pyarrow.Table.from_pandas(pandas.read_parquet("data/test.parquet"), preserve_index=False)
rng = numpy.random.default_rng(0)
with parquet.ParquetWriter({path!r}, rows.schema) as file:
    for done in range(0, {rows}, 500_000):
        places = rng.integers(0, len(rows), min(500_000, {rows} - done))
        file.write_table(rows.take(pyarrow.array(places)))
"""
ESTIMATE = """
import json, time
import pandas
from mlservice.data.dataset import columns_of
from mlservice.model.onnx_export import fitted_scores
from {package} import data, model
from {package}.features import ENCODING
from {package}.params import Params
part, kind = data.read("train"), json.load(open("models/current/manifest.json"))["name"]
estimator = getattr(model, kind)(Params.load().train).fit(part.matrix, part.target)
frame = pandas.read_parquet({path!r})
began, used = time.monotonic(), time.process_time()
fitted_scores(estimator, ENCODING.matrix_of(columns_of(frame, ENCODING.features)))
print(json.dumps([time.monotonic() - began, time.process_time() - used]))
"""


class Run(NamedTuple):
    """What one run took."""

    seconds: float
    processor: float  # seconds, of all threads
    memory: float = 0.0  # MB, at its peak


class Project(NamedTuple):
    """A trained project whose rows are a table."""

    folder: Path
    package: str

    def python(self, *words: object) -> tuple[str, Run]:
        """Run its Python to the end; return what it prints and what it took."""
        env = project_environment() | {"PYTHONPATH": f"{self.folder}/src:{self.folder}/kit"}
        command = [str(self.folder / ".venv" / "bin" / "python"), *map(str, words)]
        began = time.monotonic()
        with subprocess.Popen(command, cwd=self.folder, env=env, stdout=subprocess.PIPE, text=True) as child:
            told = child.stdout.read()
            _, status, used = os.wait4(child.pid, 0)  # the memory of this child alone
            child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"{' '.join(command)[:200]} ended with {child.returncode}: {told[-2000:]}")
        scale = 2**20 if sys.platform == "darwin" else 2**10
        return told, Run(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / scale)


def measure(project: Project, folder: Path, rows: int, rounds: int) -> tuple[list[Run], list[Run]]:
    """Draw the file, then let both predict for it in turns; return our runs and the estimator's."""
    source, target = str(folder / "rows.parquet"), folder / "predictions.parquet"
    say(f"drawing {rows:,} rows")
    project.python("-c", DRAW.format(path=source, rows=rows))
    ours, estimator = [], []
    for number in range(1, rounds + 1):
        say(f"round {number} of {rounds}")
        told, run = project.python("-m", f"{project.package}.predict", source, target)
        assert told.startswith(f"{rows} predictions"), told
        ours.append(run)
        told, run = project.python("-c", ESTIMATE.format(path=source, package=project.package))
        estimator.append(Run(*json.loads(told.splitlines()[-1]), run.memory))
    return ours, estimator


def lines(rows: int, ours: list[Run], estimator: list[Run]) -> list[Line]:
    """Judge the medians over the rounds."""

    def rate(runs: list[Run]) -> str:
        return f"{statistics.median(rows / run.seconds for run in runs):,.0f} rows/s"

    both = list(zip(ours, estimator))
    gain = statistics.median(theirs.seconds / run.seconds for run, theirs in both)
    spared = statistics.median(theirs.processor / run.processor for run, theirs in both)
    memory = max(run.memory for run in ours)
    return [
        Line("the estimator on one frame", rate(estimator)),
        Line("the estimator, memory", f"{max(run.memory for run in estimator):,.0f} MB"),
        Line("predict SOURCE TARGET", rate(ours)),
        Line("that over the estimator", f"{gain:.2f} ×", f"at least {LEAST} ×", gain >= LEAST),
        Line("the same by processor time", f"{spared:.2f} ×"),
        Line("predict SOURCE TARGET, memory", f"{memory:,.0f} MB", f"at most {MOST} MB", memory <= MOST),
    ]


def main() -> int:
    """Measure, print, and return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", type=Path, help="a rendered project of a table, set up and trained")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} rows instead of {ROWS:,}")
    args = parser.parse_args()
    rows = QUICK if args.quick else ROWS
    print(f"{rows:,} rows on {os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as name:
        folder = trained_project(args.project, Path(name))
        package = next((folder / "src").glob("*/predict.py")).parent.name
        ours, estimator = measure(Project(folder, package), Path(name), rows, args.rounds)
    return 0 if judged(lines(rows, ours, estimator)) else 1


if __name__ == "__main__":
    sys.exit(main())
