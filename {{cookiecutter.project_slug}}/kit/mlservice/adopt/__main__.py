"""`make adopt DATA=my.csv TARGET=column`: the service becomes one for your own table.

Look, plan, show, ask; only then write, all files or none.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ..config import CURRENT, RAW
from ..errors import UserError, run
from . import convert, pages, recipe, record, show, sources, writing
from .plan import Plan, Wishes

ROWS = 100_000  # looked at before planning; when they are converted all rows are read


def main() -> int:
    """Adopt a table; nothing is changed before the plan was shown and agreed to."""
    args = _arguments()
    if not args.data or not args.target:
        raise UserError("say `make adopt DATA=my.csv TARGET=column`")
    if not RAW.parent.is_dir() or not Path("src").is_dir():
        raise UserError("run this in the project's folder")
    source = sources.open_source(args.data, args.query)
    frame = source.sample(ROWS)
    plan = recipe.plan_for(source, frame, _wishes(args))
    show.show(plan)
    if not args.yes:
        _ask()
    with tempfile.TemporaryDirectory(dir=RAW.parent, prefix=".adopt-") as folder:
        raw = Path(folder) / RAW.name
        plan = convert.convert(source, plan, raw)
        texts = recipe.texts(plan, frame)
        if not args.overwrite:
            record.refuse_edited(texts)
        changed = writing.write_all(record.with_record(texts))
        os.replace(raw, RAW)
    _finish(plan, changed)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make adopt", description="Make the service one for your own table."
    )
    parser.add_argument("data", help="a file, or the URL of a database")
    parser.add_argument("target", help="the column to predict")
    parser.add_argument("--query", default="", help="SQL, where DATA is a database")
    parser.add_argument("--time", default="", help="forecasting: the column of days")
    parser.add_argument("--group", default="", help="forecasting: what names a series")
    parser.add_argument("--keep", default="", help="columns to keep, whatever speaks")
    parser.add_argument("--drop", default="", help="columns to leave out")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace files edited by hand"
    )
    return parser.parse_args()


def _wishes(args: argparse.Namespace) -> Wishes:
    return Wishes(
        target=args.target,
        time=args.time,
        group=args.group,
        keep=_names(args.keep),
        drop=_names(args.drop),
    )


def _names(given: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in given.split(",") if name.strip())


def _ask() -> None:
    """Let the person decide; where nobody can answer, say how to agree beforehand."""
    try:
        answer = input("Write this? [y/N] ")
    except EOFError:
        raise UserError("nobody answered, nothing was changed; YES=1 agrees") from None
    if answer.strip().lower() not in ("y", "yes"):
        raise UserError("nothing was changed")


def _finish(plan: Plan, changed: list[Path]) -> None:
    """Let go of the model that fits no more, give the rows to DVC, say what is next."""
    if any(path.name in ("schema.py", "keywords.py") for path in changed):
        shutil.rmtree(CURRENT, ignore_errors=True)
    give_to_dvc()
    print(f"{plan.rows:,} rows → {RAW}, kept by DVC, not by git")
    for path in changed:
        print(f"wrote {path}")
    for sentence in pages.absent():
        print(f"! {sentence}")
    print("next: `git diff`, `make ci`, `make serve`; `make design` lists what is open")


def give_to_dvc() -> None:
    """Let DVC keep the rows, which are too many, and too private, for git."""
    words = [sys.executable, "-m", "dvc", "add", "--quiet", str(RAW)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UserError(f"all is written, but `dvc add {RAW}` failed: {done.stderr}")


if __name__ == "__main__":
    run(main)
