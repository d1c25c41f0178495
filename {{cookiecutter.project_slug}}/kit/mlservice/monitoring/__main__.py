"""Commands on a prediction log: drift, labels that came later, forgetting a unit."""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mlservice.errors import UserError, module_of, run
from mlservice.monitoring import command
from mlservice.monitoring.forget import forget
from mlservice.monitoring.labels import add_labels
from mlservice.monitoring.log_reader import Skipped
from mlservice.monitoring.parquet_file import write_parquet
from mlservice.paths import LABELS
from mlservice.training_spec import Training

Command = Callable[[argparse.Namespace], int]


def main() -> int:
    """Run the command that is named; return its exit code."""
    args = _arguments()
    code: int = args.command(args)
    return code


def _forget(args: argparse.Namespace) -> int:
    print(f"{forget(args.log, args.unit):,} lines removed")
    return 0


def _labels(args: argparse.Namespace) -> int:
    target, skipped = _training(args.package).service.target, Skipped()
    new, known = add_labels(args.file, target, skipped)
    skipped.tell()
    print(f"{new:,} new labels, {known:,} in all → {LABELS}; next: `make monitor`")
    return 0


def _parquet(args: argparse.Namespace) -> int:
    service, skipped = _training(args.package).service, Skipped()
    rows = write_parquet(service, args.log, args.file, skipped)
    skipped.tell()
    print(f"{rows:,} rows → {args.file}")
    return 0


def _drift(args: argparse.Namespace) -> int:
    asked = command.Options(
        args.log, args.since, args.until, args.incomplete, args.labels
    )
    try:
        return command.drift(_training(args.package), asked)
    except UserError as error:  # 1 would be an alarm
        print(f"error: {error}", file=sys.stderr)
        return command.NOT_JUDGED


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

    def add(
        name: str, command: Command, about: str, *, package: bool = True
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, description=about, help=about)
        made.set_defaults(command=command)
        if package:
            made.add_argument("--package", required=True, help="the project's package")
        return made

    about = "Compare a prediction log with the reference: make monitor."
    drift = add("drift", _drift, about)
    drift.add_argument("log", type=Path, help="folder of the prediction log")
    drift.add_argument("--since", type=_time, help="day or time of the first window")
    drift.add_argument("--until", type=_time, help="day or time of the end")
    drift.add_argument("--labels", type=Path, help=f"file of labels; {LABELS} if any")
    drift.add_argument(
        "--incomplete", action="store_true", help="judge the last window as it is"
    )
    about = f"Add a file of labels to {LABELS}: make labels."
    labels = add("labels", _labels, about)
    labels.add_argument("file", type=Path, help="CSV or Parquet: id or unit, time")
    about = "Write a prediction log as one Parquet file."
    parquet = add("parquet", _parquet, about)
    parquet.add_argument("log", type=Path, help="folder of the prediction log")
    parquet.add_argument("file", type=Path, help="the file to write")
    about = "Remove the lines of one unit, such as a customer, from a prediction log."
    forgetting = add("forget", _forget, about, package=False)
    forgetting.add_argument("unit", help="as X-Unit-ID or SERVE_UNIT_COLUMN named it")
    forgetting.add_argument("log", type=Path, help="folder of the prediction log")
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
