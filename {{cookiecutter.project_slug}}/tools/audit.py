"""Check the pinned packages for known vulnerabilities: `make audit`, once a week in CI.

pip-audit asks a database of advisories about each pin. What does not concern this
project stands in pyproject.toml, under [tool.audit]. Exit code 0: none; 1: some; 2:
nobody could be asked.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

AUDIT = "pip-audit==2.10.1"  # uv fetches it: it is of use only where there is a network
ADVISORIES = "https://api.osv.dev/v1/query"
LOCKS = ("dev", "torch")  # serve and train are parts of dev


class Unreachable(Exception):
    """Why no advisory was read, in one sentence."""


def ask(url: str) -> list[dict[str, Any]]:
    """Return each pinned package with its advisories."""
    locks = (Path("requirements", f"{name}.txt") for name in LOCKS)
    files = [word for lock in locks if lock.exists() for word in ("-r", str(lock))]
    tool = ("uv", "tool", "run", "--quiet", "--from", AUDIT, "pip-audit")
    how = ("--disable-pip", "--no-deps", "--progress-spinner", "off", "-f", "json")
    command = (*tool, *how, "-s", "osv", "--osv-url", url, *files)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return list(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError) as error:
        said = (done.stderr.strip().splitlines() or ["no reason"])[-1]
        raise Unreachable(f"{url} answers no question: {said}") from error


def ignored() -> set[str]:
    """Return the advisories that do not concern this project."""
    tools = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]
    return set(tools.get("audit", {}).get("ignore", ()))


def findings(packages: list[dict[str, Any]], ignore: set[str]) -> list[str]:
    """Return a line for each advisory that is not ignored."""
    lines = []
    for package in packages:
        for found in package.get("vulns", ()):
            names = [found["id"], *found["aliases"]]
            if not ignore & set(names):
                fixed = " or ".join(found["fix_versions"]) or "no version yet"
                about = f"{', '.join(names)}; fixed in {fixed}"
                lines.append(f"{package['name']} {package['version']}: {about}")
    return lines


def main() -> int:
    """Print what is found."""
    try:
        packages = ask(sys.argv[1] if len(sys.argv) > 1 else ADVISORIES)
    except Unreachable as error:
        print(f"error: nothing is checked: {error}", file=sys.stderr)
        return 2
    if lines := findings(packages, ignored()):
        print(*lines, sep="\n")
        print("'make lock ONLY=name' takes a newer version", file=sys.stderr)
        return 1
    print(f"{len(packages)} packages without a known vulnerability")
    return 0


if __name__ == "__main__":
    sys.exit(main())
