"""`make load-test`: the champion under load, judged by the budget of params.yaml.

locust patches the standard library, so it runs in a process of its own, and so does the
service: what is measured is what a client sees.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from load.budget import figures, misses, table
from pydantic import ValidationError
from running import running

from {{ cookiecutter.package_name }}.config import (
    CURRENT,
    Budget,
    sentence,
)
from {{ cookiecutter.package_name }}.errors import UserError, run
from {{ cookiecutter.package_name }}.params import Params

LOCUSTFILE = Path(__file__).with_name("locustfile.py")
ATTEMPTS = 3  # what else the machine has to do may pass; slow code stays slow


def main() -> int:
    """Return 0 if the budget was kept; raise UserError naming each that was not."""
    budget = wanted()
    with tempfile.TemporaryDirectory() as folder:
        with running(CURRENT, Path(folder) / "log") as port:
            missed = judged(port, budget)
    if missed:
        raise UserError(f"the budget of params.yaml is missed: {'; '.join(missed)}")
    return 0


def judged(port: int, budget: Budget) -> list[str]:
    """Ask, and ask again where only time was missed; return what is over the budget."""
    for left in reversed(range(ATTEMPTS)):
        found = figures(asked(port, budget), budget.seconds)
        print(
            f"{budget.users} users asked for {budget.requests_per_second:g} "
            f"predictions a second, for {budget.seconds} s:\n{table(found, budget)}"
        )
        missed = misses(found, budget)
        if not (missed and left) or found.error_rate > budget.error_rate:
            break
        print(f"{missed[0]}: asked again, in case the machine was busy")
    return missed


def wanted() -> Budget:
    """Return the section of params.yaml, with what was said on the command line."""
    parser = argparse.ArgumentParser(prog="make load-test")
    parser.add_argument("--users", help="clients at once")
    parser.add_argument("--seconds", help="how long they ask")
    given = {k: v for k, v in vars(parser.parse_args()).items() if v is not None}
    try:
        return Budget.model_validate(Params.load().budget.model_dump() | given)
    except ValidationError as error:
        raise UserError(sentence(error).replace("; ", ", ")) from error


def asked(port: int, budget: Budget) -> list[dict[str, object]]:
    """Let locust's users ask; return its figures by kind of request."""
    words = ["--headless", "--only-summary", "--json", "--loglevel", "ERROR"]
    words += ["--exit-code-on-error", "0", "--host", f"http://127.0.0.1:{port}"]
    words += ["--users", str(budget.users), "--spawn-rate", str(budget.users)]
    words += ["--run-time", f"{budget.seconds}s", "--locustfile", str(LOCUSTFILE)]
    done = subprocess.run(
        [sys.executable, "-m", "locust", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UserError(f"locust failed: {done.stderr}")
    return list(json.loads(done.stdout))


if __name__ == "__main__":
    run(main)
