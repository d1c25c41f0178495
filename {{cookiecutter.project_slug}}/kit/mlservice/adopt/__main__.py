"""`make adopt DATA=my.csv TARGET=column`: the command that adopts a table.

The plan is inferred, tried on the real rows, shown and confirmed; only then are files
written, all or none.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from mlservice.adopt import convert, plan_table, trial
from mlservice.adopt.inference import inspect
from mlservice.adopt.plan import ColumnFault, Options, Plan
from mlservice.adopt.project import Project
from mlservice.adopt.sources import Source, open_source
from mlservice.adopt.tasks import TASKS
from mlservice.adopt.tasks.table import split_choice
from mlservice.adopt.template_source import template
from mlservice.adopt.writers import document_templates, files, record, refusal
from mlservice.errors import UserError, run
from mlservice.params import PARAMS
from mlservice.paths import CURRENT, RAW


def main() -> int:
    """Adopt a table; nothing is written before the plan is tried and confirmed."""
    args = _arguments()
    if not args.data or not args.target:
        raise UserError("say `make adopt DATA=my.csv TARGET=column`")
    if not RAW.parent.is_dir() or not Path("src").is_dir():
        raise UserError("run this in the project's folder")
    project = Project.load(args.package)
    source = open_source(args.data, args.query)
    with tempfile.TemporaryDirectory(dir=RAW.parent, prefix=".adopt-") as folder:
        raw = Path(folder) / RAW.name
        plan, texts = settled(source, project, _options(args), raw)
        plan_table.show(plan)
        if not args.yes:
            _ask()
        if not args.overwrite:
            record.refuse_edited(texts)
        changed = files.write_all(record.with_record(texts))
        os.replace(raw, RAW)
    _finish(plan, changed)
    return 0


def settled(
    source: Source, project: Project, options: Options, raw: Path
) -> tuple[Plan, dict[Path, str]]:
    """Return a plan that the pipeline can run, and the files to write for it.

    All rows are converted to `raw` and the pipeline is tried. A column that fails is
    set aside in the next plan, which is split at random if another split fails. Raise
    UserError where something else fails.
    """
    task, needed = TASKS[project.task], (options.target, options.time, options.group)
    while True:
        plan, rows = inspect(source, project.task, options)
        try:
            plan = convert.convert(source, plan, raw)
            texts = task.texts(plan, rows, project)
            if project.has("evaluate.py", "on_refusal"):
                texts[PARAMS] = refusal.ship_baseline(texts[PARAMS])
            trial.attempt(project, plan, texts, rows, raw)
            return plan, texts
        except ColumnFault as fault:
            if fault.column in (*needed, *options.keep):
                raise
            options = replace(options, faults=(*options.faults, fault))
        except trial.TrialError as error:
            if plan.split.kind == "random" or plan.split.asked:
                raise
            options = replace(options, unsplit=split_choice.unsplit(plan.split, error))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make adopt", description="Make the service one for your own table."
    )
    parser.add_argument("data", help="a file, or the URL of a database")
    parser.add_argument("target", help="the column to predict")
    parser.add_argument("--package", required=True, help="the project's package")
    parser.add_argument("--query", default="", help="SQL, where DATA is a database")
    parser.add_argument("--time", default="", help="the time to split rows by")
    parser.add_argument("--group", default="", help="what names a series, or a group")
    parser.add_argument("--split", default="", choices=("random",), help="by no column")
    parser.add_argument("--keep", default="", help="columns to keep, whatever speaks")
    parser.add_argument("--drop", default="", help="columns to leave out")
    parser.add_argument(
        "--missing", default="", help="cells without a value: -999 or income:-999"
    )
    parser.add_argument("--read-as", default="", help="kinds to overrule: zip:category")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace files edited by hand"
    )
    return parser.parse_args()


def _options(args: argparse.Namespace) -> Options:
    return Options(
        target=args.target,
        time=args.time,
        group=args.group,
        split=args.split,
        keep=_names(args.keep),
        drop=_names(args.drop),
        missing=_names(args.missing),
        read_as=_names(args.read_as),
        template=template(),
        package=args.package,
    )


def _names(given: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in given.split(",") if name.strip())


def _ask() -> None:
    """Ask for confirmation; raise UserError without it, or where nobody can answer."""
    try:
        answer = input("Write this? [y/N] ")
    except EOFError:
        raise UserError("nobody answered, nothing was changed; YES=1 agrees") from None
    if answer.strip().lower() not in ("y", "yes"):
        raise UserError("nothing was changed")


def _finish(plan: Plan, changed: list[Path]) -> None:
    """Remove the model of the old schema, add the rows to DVC, print what is next."""
    if any(path.name in ("schema.py", "keywords.py") for path in changed):
        shutil.rmtree(CURRENT, ignore_errors=True)
    add_to_dvc()
    print(f"{plan.rows:,} rows → {RAW}, kept by DVC, not by git")
    for path in changed:
        print(f"wrote {path}")
    for sentence in document_templates.absent():
        print(f"! {sentence}")
    print("next: `git diff`, `make ci`, `make serve`; `make design` lists what is open")


def add_to_dvc() -> None:
    """Add the rows to DVC: they are too many, and too private, for git."""
    words = [sys.executable, "-m", "dvc", "add", "--quiet", str(RAW)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UserError(f"all is written, but `dvc add {RAW}` failed: {done.stderr}")


if __name__ == "__main__":
    run(main)
