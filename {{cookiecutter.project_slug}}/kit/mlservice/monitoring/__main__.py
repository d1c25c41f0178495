"""Commands on a prediction log: its drift (`make monitor`), and forgetting a unit."""

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mlservice.atomic import replace_file
from mlservice.data import reference
from mlservice.data.reference import Reference
from mlservice.errors import UserError, module_of, run
from mlservice.model import artifact
from mlservice.monitoring import history, monitor
from mlservice.monitoring.forget import forget
from mlservice.monitoring.history import History
from mlservice.monitoring.log_reader import Skipped
from mlservice.monitoring.summary import summary
from mlservice.monitoring.windows import Window
from mlservice.params import Monitoring
from mlservice.paths import CURRENT, REPORTS
from mlservice.service import Service
from mlservice.training_spec import Training

FOLDER = REPORTS / "monitor"
HISTORY, SUMMARY = FOLDER / "history.json", FOLDER / "summary.md"
QUIET, ALARM, NOT_JUDGED = 0, 1, 2  # exit codes


def main() -> int:
    """Run the command that is named; return its exit code."""
    args = _arguments()
    code: int = args.command(args)
    return code


def _forget(args: argparse.Namespace) -> int:
    print(f"{forget(args.log, args.unit):,} lines removed")
    return 0


def _drift(args: argparse.Namespace) -> int:
    """Judge the complete windows of a log; return the exit code."""
    training = _training(args.package)
    service, params = training.service, training.params.load().monitoring
    model = artifact.load(service, CURRENT)
    known = _reference(model)
    version = model.manifest.model_version
    skipped = Skipped()
    seconds = params.window_hours * 3_600
    asked = monitor.Asked(args.log, version, seconds, args.since, args.until)
    windows = monitor.read_windows(service, known, asked, skipped)
    before = history.load(HISTORY, version)
    until = datetime.max.replace(tzinfo=UTC) if args.incomplete else args.until
    judged = _judged(service, known, windows, params, until or datetime.now(UTC))
    after = before.with_windows(judged)
    return _report(before, after, known, params, skipped)


def _judged(
    service: Service[Any, Any],
    known: Reference,
    windows: dict[datetime, Window],
    params: Monitoring,
    until: datetime,
) -> list[monitor.Judged]:
    """Judge the windows that are complete and have enough rows; name the others."""
    length, found = timedelta(hours=params.window_hours), []
    for start, window in windows.items():
        if start + length > until:
            print(f"{start:%Y-%m-%d %H:%M}: not complete, {window.rows:,} rows so far")
        elif window.rows < monitor.FEWEST:
            print(f"{start:%Y-%m-%d %H:%M}: {window.rows} rows are too few to judge")
        else:
            found.append(monitor.judge(service, known, start, window, params.seed))
    return found


def _report(
    before: History,
    after: History,
    known: Reference,
    params: Monitoring,
    skipped: Skipped,
) -> int:
    """Write the history and the summary, print the result, return the exit code."""
    threshold = params.expected_windows_between_false_alarms
    states = after.states(monitor.weights(known), threshold)
    history.save(HISTORY, after)
    text = summary(
        after.model_version, after.windows, states, threshold, skipped.sentences()
    )
    replace_file(SUMMARY, lambda new: new.write_text(text, encoding="utf-8"))
    for sentence in skipped.sentences():
        print(f"not read: {sentence}")
    new = [start for start in after.windows if start not in before.windows]
    asked = new or [*after.windows][-1:]
    if not asked:
        print("no window could be judged")
        return NOT_JUDGED
    alarms = [start for start in asked if states[start].alarm]
    last = states[asked[-1]]
    print(
        f"{len(asked)} windows, {len(alarms)} alarms; evidence {last.evidence:.3g} of "
        f"{threshold:g} → {SUMMARY}"
    )
    return ALARM if alarms else QUIET


def _reference(model: artifact.Artifact) -> Reference:
    found = reference.from_files(model.files)
    if found is None:
        raise UserError(
            f"the model in {CURRENT} has no drift reference: an older version has "
            "trained it; run `make pipeline`"
        )
    return found


def _training(package: str) -> Training[Any, Any]:
    found: Training[Any, Any] = module_of(package, "training").TRAINING
    return found


def _time(text: str) -> datetime:
    """Parse a day or a time; without a zone it is UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mlservice.monitoring")
    commands = parser.add_subparsers(required=True)
    about = "Compare a prediction log with the reference: make monitor."
    drift = commands.add_parser("drift", description=about, help=about)
    drift.set_defaults(command=_drift)
    drift.add_argument("--package", required=True, help="the project's package")
    drift.add_argument("log", type=Path, help="folder of the prediction log")
    drift.add_argument("--since", type=_time, help="day or time of the first window")
    drift.add_argument("--until", type=_time, help="day or time of the end")
    drift.add_argument(
        "--incomplete", action="store_true", help="judge the last window as it is"
    )
    about = "Remove the lines of one unit, such as a customer, from a prediction log."
    forgetting = commands.add_parser("forget", description=about, help=about)
    forgetting.set_defaults(command=_forget)
    forgetting.add_argument("unit", help="as X-Unit-ID or SERVE_UNIT_COLUMN named it")
    forgetting.add_argument("log", type=Path, help="folder of the prediction log")
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
