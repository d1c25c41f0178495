"""Fetch the newest rows, train, let the gate decide, leave a branch for review.

A candidate that ships is committed on a branch; its name is the last line that is
printed. A refused one is a result, not a broken run: it exits with 0, too.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from .commands import Refused
from .pipeline import MANIFEST, METRICS, repro, served
from .stated import update

RAW = Path("data/raw.csv")
POINTER = Path("data/raw.csv.dvc")  # which rows
PIPELINE = Path("dvc.yaml")
LOCK = Path("dvc.lock")
CARD = Path("reports/model-card.md")


def succeeds(*command: str | Path) -> bool:
    """Run a command whose output is for the reader; tell whether it went well."""
    return subprocess.run(command, check=False).returncode == 0


def must(complaint: str, *command: str | Path) -> None:
    """Run a command; refuse with the complaint where it fails."""
    if not succeeds(*command):
        raise Refused(complaint)


def fetch(given: Path | None) -> None:
    """Bring the champion that the candidate must not fall behind, and the newest rows.

    Rows are those `given`, or those of the import's source (`dvc import-url`), or those
    that the commit names. What else the last run made comes along, so that equal rows
    are not trained on again.
    """
    locked = LOCK.read_text(encoding="utf-8") if LOCK.exists() else ""
    if "evaluate" not in (yaml.safe_load(locked) or {}).get("stages", {}):
        raise Refused("no champion yet: `make pipeline`, `dvc push`, then commit")
    away = "DVC cannot fetch {}: `dvc push` it to a remote that this machine may read"
    must(away.format(f"what {LOCK} names"), "dvc", "pull", PIPELINE)
    if given:
        new = RAW.with_suffix(".new")
        shutil.copyfile(given, new)
        new.replace(RAW)
    elif "deps" in yaml.safe_load(POINTER.read_text(encoding="utf-8")):
        must(f"DVC cannot import what {POINTER} names", "dvc", "update", POINTER)
    else:
        must(away.format(RAW), "dvc", "pull", RAW)


def propose(reason: str) -> str:
    """Push what DVC keeps, commit what git keeps on a new branch; return its name."""
    version = json.loads(MANIFEST.read_text(encoding="utf-8"))["model_version"]
    branch, title = f"retrain-{version}", f"Retrain: version {version}"
    told = f"{reason[0].upper()}{reason[1:]}.\n\n{CARD.read_text(encoding='utf-8')}"
    must("`dvc push` failed: may this machine write to the remote?", "dvc", "push")
    known = f"git made no branch {branch}: if it is there, that model waits for review"
    must(known, "git", "switch", "--quiet", "--create", branch)
    must("git add failed", "git", "add", LOCK, POINTER, METRICS, CARD, *update())
    must(
        f"git made no commit on {branch}: the lines above say why",
        *("git", "commit", "--quiet", "-m", title, "-m", told),
    )
    return branch


def retrain(given: Path | None) -> str:
    """Retrain; return in one line what came of it."""
    if given and not given.is_file():
        raise Refused(f"there is no file {given}")
    must(
        "commit your changes first, or stash them: a retraining is a commit of its own",
        *("git", "diff", "--quiet", "HEAD"),
    )
    fetch(given)
    champion = served()
    _, verdict = repro()
    if not verdict:
        return "nothing changed since the last run: the champion stays"
    if not verdict["passed"] and served() == champion:
        return f"refused, the champion stays: {verdict['reason']}; {CARD} shows it"
    return f"branch: {propose(verdict['reason'])}"


def main() -> None:
    """Read the options; say in one sentence what came of it, or what is in the way."""
    parser = argparse.ArgumentParser(description="Retrain on the newest rows.")
    parser.add_argument("--data", type=Path, help="a CSV file with the new rows")
    try:
        print(retrain(parser.parse_args().data))
    except Refused as refused:
        sys.exit(f"error: {refused}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
