"""How long each engine takes to render the template, over its time for as many files with no logic in them.

The plain tree has the rendered project's own files, names and sizes, with braces turned into parentheses so that
nothing is left for the engine to do but read, parse, write; it asks as many questions and has no hooks.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from common import clean_home, commit, render_command, table, template_repository
from trial import ROOT  # in tools/, where common looks

TARGET = 1.3  # times the plain tree's time, at most
NO_BRACES = bytes.maketrans(b"{}", b"()")
# A user namespace of its own lets anybody cut the network off; containers often forbid it.
OFFLINE = ("unshare", "--map-root-user", "--net")
HOOKED = "cookiecutter, with hooks"


class Cost(NamedTuple):
    """What a command takes: seconds on the clock, seconds of processor."""

    wall: float
    cpu: float


def plain_template(rendered: Path, target: Path) -> Path:
    """Make a template of static files that both engines render to as many bytes."""
    questions = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))["__prompts__"]
    tree = target / "{{cookiecutter.project_slug}}"
    for source in rendered.rglob("*"):
        if source.is_file() and ".git" not in source.relative_to(rendered).parts:
            copy = tree / source.relative_to(rendered)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes().translate(NO_BRACES))
    answers = {question: "plain" for question in questions}
    (target / "cookiecutter.json").write_text(json.dumps(answers), encoding="utf-8")
    asked = {question: {"type": "str", "default": "plain"} for question in questions}
    settings = {"_subdirectory": "{{ '{{cookiecutter.project_slug}}' }}", "_templates_suffix": ""}
    (target / "copier.yml").write_text(json.dumps(settings | asked), encoding="utf-8")  # JSON is YAML
    return commit(target)


def offline() -> tuple[str, ...]:
    """Return the words that run a command without a network, none where that is not permitted."""
    try:
        permitted = subprocess.run((*OFFLINE, "true"), capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        permitted = False
    return OFFLINE if permitted else ()


def cpu_seconds() -> float:
    """Return the processor time of all commands that have ended, hooks and git within them too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cost(command: list[str], env: dict[str, str]) -> Cost:
    """Run a command and return what it takes; what it says is shown only where it fails."""
    began, cpu = time.perf_counter(), cpu_seconds()
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=env, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return Cost(time.perf_counter() - began, cpu_seconds() - cpu)


def measure(cases: dict, folder: Path, env: dict[str, str], rounds: int) -> dict[str, list[Cost]]:
    """Run every case once a round, so that a slow moment of the machine meets all of them."""
    costs: dict[str, list[Cost]] = {name: [] for name in cases}
    for number in range(rounds + 1):
        for name, (engine, template, hooks) in cases.items():
            command = render_command(engine, template, folder / f"{name}-{number}", hooks=hooks)
            costs[name].append(cost([*offline(), *command], env))
        print(f"\rround {number} of {rounds}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return {name: each[1:] for name, each in costs.items()}  # the first round warms the disk's cache


def over(costs: list[Cost], peers: list[Cost], unit: int) -> float:
    """Return the median over the rounds of what a case costs, in times its peer."""
    return statistics.median(cost[unit] / peer[unit] for cost, peer in zip(costs, peers))


def report(costs: dict[str, list[Cost]]) -> bool:
    """Print the table; tell whether rendering, hooks apart, meets the target with both engines."""
    rows, met = [], True
    for name, each in costs.items():
        plain = costs[name.partition(",")[0] + ", plain tree"]
        wall, cpu = (over(each, plain, unit) for unit in (0, 1))
        met &= wall <= TARGET or name == HOOKED
        middle = [f"{statistics.median(values):.2f}" for values in zip(*each)]
        rows.append((name, middle[0], f"{wall:.2f} ×", middle[1], f"{cpu:.2f} ×"))
    print(table(("rendering", "seconds", "over plain", "CPU seconds", "over plain"), rows))
    return met


def main() -> int:
    """Measure, print, and return 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="5 rounds instead of 15")
    rounds = 5 if parser.parse_args().quick else 15
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env, template = clean_home(folder / "home"), template_repository(folder / "template")
        cost(render_command("cookiecutter", template, folder / "first"), env)
        rendered = next((folder / "first").iterdir())
        plain = plain_template(rendered, folder / "plain")
        files = sum(path.is_file() for path in (plain / "{{cookiecutter.project_slug}}").rglob("*"))
        cases = {
            "cookiecutter, plain tree": ("cookiecutter", plain, False),
            "cookiecutter": ("cookiecutter", template, False),
            HOOKED: ("cookiecutter", template, True),
            "copier, plain tree": ("copier", plain, False),
            "copier": ("copier", template, False),
        }
        met = report(measure(cases, folder, env, rounds))
    network = "with no network (unshare --net)" if offline() else "with a network: unshare --net is not permitted here"
    print(f"\n{files} files, {rounds} interleaved rounds on {os.cpu_count()} cores, {network}.")
    print(f"Target, without hooks: at most {TARGET} ×: {'met' if met else 'MISSED'}.")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
