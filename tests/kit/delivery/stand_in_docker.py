"""A stand-in for docker: it writes down what it is told, pushes to no registry, and runs one service of compose.

STAND_IN_DOCKER names a folder. `engine.json` in it may say: `broken` and `silent` (as for kubectl's stand-in), `port`,
`refuses` (a command, by its first word, and what it says). `log` has a line of JSON for each command: its words,
DOCKER_HOST and stdin.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(os.environ["STAND_IN_DOCKER"])
FILE = FOLDER / "engine.json"


def compose(told, words, given):
    """Run `ps` or `up` of docker compose."""
    if "ps" in words:
        return "c1" if told.get("container") else ""
    import yaml  # pylint: disable=import-outside-toplevel # most commands need none

    service = yaml.safe_load(given)["services"]["api"]
    told["container"] = {"Id": "c1", "Config": {"Image": service["image"], "Labels": service["labels"]}}
    if service["image"] in told.get("broken", ()):
        FILE.write_text(json.dumps(told), "utf-8")
        sys.exit("container api is unhealthy")
    return ""


def execute(told, given):
    """Run the script of stdin as the container would."""
    silent = told["container"]["Config"]["Image"] in told.get("silent", ())
    env = os.environ | {"SERVE_PORT": "9" if silent else str(told.get("port", 9))}
    return subprocess.run((sys.executable, "-"), input=given, text=True, env=env, check=False).returncode


def main(*words):
    """Run one command; return its exit code."""
    given = "" if sys.stdin.isatty() else sys.stdin.read()
    with (FOLDER / "log").open("a", encoding="utf-8") as log:
        log.write(json.dumps([words, os.environ.get("DOCKER_HOST", ""), given]) + "\n")
    told = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    if words[0] in told.get("refuses", {}):
        sys.exit(told["refuses"][words[0]])
    match words:
        case ["compose", *rest]:
            print(compose(told, rest, given))
        case ["image", "inspect", name]:
            repository, digest = name.rpartition(":")[0], told.get("digest", "sha256:" + 64 * "0")
            print(json.dumps([{"RepoDigests": ["elsewhere/x@sha256:1", f"{repository}@{digest}"]}]))
        case ["inspect", *_]:
            print(json.dumps([told["container"]]))
        case ["exec", *_]:
            return execute(told, given)
    FILE.write_text(json.dumps(told), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
