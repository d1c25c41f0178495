"""The `docker` commands that checks of an image use, on local processes: containers without an engine.

FAKE_DOCKER names a folder with fake.json: `command` (what a container runs), `env` (what its image sets), `python`
(exit code and output of Python code in it, by a text in that code), `health` (the command of its HEALTHCHECK). Every
container is a folder beside that file.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

FOLDER = Path(os.environ["FAKE_DOCKER"])
FAKE = json.loads((FOLDER / "fake.json").read_text("utf-8"))
FLAGS = ("--detach", "--read-only")
OPTIONS = ("--publish", "--env", "--volume", "--add-host", "--tmpfs", "--cap-drop", "--security-opt", "--memory")
WAITER = """
import json, signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)  # as for process 1 of a container
process = subprocess.Popen(json.loads(sys.argv[1]), stdout=open("log", "wb"), stderr=subprocess.STDOUT)
open("pid", "w").write(str(process.pid))
open("code", "w").write(str(process.wait()))
"""


def run(*words):
    """Start a container; return its id, which is its port."""
    parser = argparse.ArgumentParser()
    for name in FLAGS:
        parser.add_argument(name, action="store_true")
    for name in OPTIONS:
        parser.add_argument(name, action="append", default=[])
    options, _image = parser.parse_known_args(words)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    env = os.environ | FAKE["env"] | {"SERVE_PORT": port}
    for mount in options.volume:
        env["SERVE_MODEL_DIR"] = mount.partition(":")[0]
    env |= dict(pair.split("=", 1) for pair in options.env)
    folder = FOLDER / port
    folder.mkdir()
    (folder / "env").write_text(json.dumps(env), "utf-8")
    command = [sys.executable, "-c", WAITER, json.dumps(FAKE["command"])]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.Popen(command, cwd=folder, env=env, **quiet)  # pylint: disable=consider-using-with
    while not (folder / "pid").exists() or not (folder / "pid").read_text("utf-8"):
        time.sleep(0.01)
    return port


def inspect(port):
    """Return state and networks, as JSON."""
    code = FOLDER / port / "code"
    ended = code.exists() and code.read_text("utf-8")
    state = {"Running": not ended, "ExitCode": int(ended or 0), "Health": {"Status": _health(port)}}
    return json.dumps([{"State": state, "NetworkSettings": {"Networks": {}}}])


def _health(port):
    env = json.loads((FOLDER / port / "env").read_text("utf-8"))
    asked = subprocess.run([sys.executable, *FAKE["health"][1:]], env=env, capture_output=True, check=False)
    return FAKE["not healthy"] if asked.returncode else "healthy"


def kill(option, port):
    """Send a signal to a container."""
    with suppress(ProcessLookupError):
        os.kill(int((FOLDER / port / "pid").read_text("utf-8")), signal.Signals[f"SIG{option.partition('=')[2]}"])
    return ""


def stop(port):
    """Send SIGTERM and wait."""
    kill("--signal=TERM", port)
    while not (FOLDER / port / "code").exists():
        time.sleep(0.02)
    return port


def execute(_port, *words):
    """Print what Python code prints in the container; return its exit code."""
    code, output = next(answer for text, answer in FAKE["python"].items() if text in words[-1])
    print(output, end="")
    return code


def main(name, *words):
    """Run one command of docker; return its exit code."""
    port = words[-1] if words else ""
    match name:
        case "info":
            return 0
        case "exec":
            return execute(*words)
        case "run":
            print(run(*words))
        case "port":
            print(f"0.0.0.0:{words[0]}")
        case "logs":
            print((FOLDER / port / "log").read_text("utf-8"))
        case "inspect":
            print(inspect(port))
        case "kill":
            kill(*words)
        case "stop":
            print(stop(port))
        case "rm":
            kill("--signal=KILL", port)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
