"""Run code again and again, and kill -9 it: at each of its changes of the disk.

Its one word is a JSON object: `setup` runs once; each of `kills` runs its `code` in a
process and a copy of `folder` of its own: `into`/0, `into`/1, … until one survives. It
dies before its n-th change (`change`: n), before the one of that name (`change`:
"os.rename PATH"), or once a file has so many bytes (`size`): there the kernel kills.
"""

import json
import os
import resource
import shutil
import signal
import sys
from itertools import count
from pathlib import Path

PLACES = {"data", "models", "reports"}  # where changes count
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "open"}


def changed(event, args):
    """Name the change of the disk that an audit event announces; '' if it is none."""
    if event not in CHANGES or (event == "open" and args[2] & os.O_ACCMODE == 0):
        return ""
    if event in ("os.remove", "os.rmdir") and args[1] != -1:
        return f"{event} …/{args[0]}"  # within a folder that is being removed
    path = "" if isinstance(args[0], int) else os.fsdecode(args[0])
    return f"{event} {path}" if path.partition("/")[0] in PLACES else ""


def kill_at(moment):
    """End this process before a change, as nothing but SIGKILL does."""
    changes = count()

    def hook(event, args):
        change = changed(event, args)
        if change and moment in (change, next(changes)):
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def kill_in_mid_write(size):
    """Let the kernel end this process once a file has so many bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def die(kill, names):
    """Run the code in this process, which ends here."""
    os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{os.getcwd()}/mlflow.db"
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.argv[1:] = []
    if "size" in kill:
        kill_in_mid_write(kill["size"])
    else:
        kill_at(kill["change"])
    try:
        exec(kill["code"], names)  # pylint: disable=exec-used  # the test's own words
    except Exception:  # pylint: disable=broad-exception-caught  # main() tells it
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def main():
    """Kill once and again."""
    order = json.loads(sys.argv[1])
    names = {}
    exec(order["setup"], names)  # pylint: disable=exec-used  # as above
    for number, kill in enumerate(order["kills"]):
        copy = Path(order["into"], str(number))
        shutil.copytree(order["folder"], copy)
        child = os.fork()
        if child == 0:
            os.chdir(copy)
            die(kill, names)
        status = os.waitpid(child, 0)[1]
        if not os.WIFSIGNALED(status):
            assert status == 0, "the code failed by itself"
            shutil.rmtree(copy)
            break


if __name__ == "__main__":
    main()
