"""Run a page's commands as a reader would type them: every ```bash block, in order, as one script.

What stands in a block is run as it stands, on a free port in place of 8000 or 5000. The shell functions below only
spare the reader's hands: they answer an engine's questions with the defaults and keep a server in a "second terminal".
A ```text block shows what a command prints; its lines must appear in that order, where … stands for anything.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from living import UV_CACHE, free_port

BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
TOOLS = str(Path(sys.executable).parent)
PATIENCE = 1500  # seconds for a whole page, `make ci` in it
# What a tester's shell, or a CI machine's, may hold and a reader's does not.
OTHERS = ("CI", "PYTHON", "VIRTUAL_ENV", "MLFLOW", "SERVE_", "COV")

READER = r"""
set -euo pipefail
FUNCNEST=10 # a function below that called itself would fill the machine with processes

second_terminal() { # PORT COMMAND…: what listened there before is stopped, as with Ctrl-C
    local port=$1; shift
    [ -z "${running[$port]:-}" ] || { kill -- "-${running[$port]}"; wait "${running[$port]}" || true; }
    set -m; "$(type -P "$1")" "${@:2}" >"$LOGS/$port" 2>&1 & running[$port]=$!; set +m # the program, no function
    until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        kill -0 "${running[$port]}" 2>/dev/null || { cat "$LOGS/$port"; echo "ended early: $*"; exit 1; }
        sleep 0.2
    done
}
running=()
trap 'code=$?; for group in "${running[@]}"; do kill -- "-$group" 2>/dev/null || true; done; wait; exit $code' EXIT

cookiecutter() { command cookiecutter --no-input "$@"; }
copier() {
    case " $* " in *" --defaults "*) command copier "$@" ;; *) command copier "$1" --defaults "${@:2}" ;; esac
}
mlflow() {
    case $1 in
        ui) second_terminal "$TRACKER" env MLFLOW_PORT="$TRACKER" mlflow "$@" ;;
        server) second_terminal "$TRACKER" env mlflow "$@" ;;
        *) command mlflow "$@" ;;
    esac
}
make() {
    case " $ELSEWHERE " in *" ${1:-help} "*) command make --dry-run "$@" >/dev/null; return ;; esac
    case ${1:-help} in
        serve) second_terminal "$SERVICE" env SERVE_PORT="$SERVICE" make serve ;;
        image) docker_or_skip command make image ;;
        *) command make "$@" ;;
    esac
}
docker() { docker_or_skip command docker "$@"; }
docker_or_skip() { if [ "$ENGINE" = yes ]; then "$@"; else echo "skipped, no engine: $*"; fi; }
"""


def blocks(text: str) -> list[tuple[str, str]]:
    """Return language and content of each fenced block."""
    return [(language, textwrap.dedent(content)) for _, language, content in BLOCK.findall(text)]


def commands(text: str) -> str:
    """Return all that a page tells its reader to type."""
    return "".join(content for language, content in blocks(text) if language == "bash")


def promised(text: str) -> list[str]:
    """Return what the page says will be printed, piece by piece."""
    shown = [content for language, content in blocks(text) if language == "text"]
    return [piece.strip() for content in shown for piece in re.split(r"…|\n", content) if piece.strip()]


def missing(pieces: list[str], output: str) -> list[str]:
    """Return from the first piece that is not printed after those before it."""
    at = 0
    for number, piece in enumerate(pieces):
        found = output.find(piece, at)
        if found < 0:
            return pieces[number:]
        at = found + len(piece)
    return []


def has_engine() -> bool:
    """Tell whether a Docker engine answers."""
    docker = shutil.which("docker")
    return bool(docker) and not subprocess.run((docker, "info"), capture_output=True, check=False).returncode


def environment(tools: str, elsewhere: str) -> dict[str, str]:
    """Return what a reader's shell holds, and what the functions above need to know."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}
    person = {f"GIT_{who}_NAME": "Reader" for who in ("AUTHOR", "COMMITTER")}
    person |= {f"GIT_{who}_EMAIL": "reader@example.com" for who in ("AUTHOR", "COMMITTER")}
    shell = {"PATH": f"{tools}:{kept['PATH']}", "UV_CACHE_DIR": UV_CACHE, "ELSEWHERE": elsewhere}
    shell |= {"SERVICE": str(free_port()), "TRACKER": str(free_port()), "ENGINE": "yes" if has_engine() else "no"}
    return {**kept, **person, **shell, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}  # two processes, not ten


def run_page(typed: str, place: Path, elsewhere: str = "", tools: str = TOOLS) -> tuple[int, str]:
    """Run a page's commands in `place`; return exit code and output.

    `elsewhere` names make targets that other tests run: of these it is only checked that they exist. `tools` is
    the folder with the engines, or with the Python, that the reader has at hand.
    """
    with tempfile.TemporaryDirectory() as logs:
        script = Path(logs) / "page.sh"
        env = {**environment(tools, elsewhere), "LOGS": logs}
        ports = {"8000": env["SERVICE"], "5000": env["TRACKER"]}
        typed = re.sub(r"((?:localhost:|--port )\b)(8000|5000)\b", lambda found: found[1] + ports[found[2]], typed)
        script.write_text(READER + typed, encoding="utf-8")
        ends = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        with subprocess.Popen(("bash", script), cwd=place, env=env, start_new_session=True, **ends) as shell:
            try:
                output, _ = shell.communicate(timeout=PATIENCE)
            finally:
                if shell.poll() is None:
                    os.killpg(shell.pid, signal.SIGTERM)  # the trap stops the servers
        return shell.returncode, output


def clone_of(template: Path, folder: Path) -> Path:
    """Return a clone of the template, with the environment that its own `make` would make."""
    copy = shutil.copytree(template, folder / "cookiecutter-ml-service")
    (copy / ".venv").symlink_to(sys.prefix)
    return copy
