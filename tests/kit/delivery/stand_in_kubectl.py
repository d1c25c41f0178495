"""A stand-in for kubectl: it writes down what it is told, and keeps a Deployment's revisions as a cluster does.

STAND_IN_KUBECTL names a folder. `cluster.json` in it may say: `broken` (images whose pods never get ready), `silent`
(images that start and do not answer), `refuses` (what `apply` says, and fails), `port` (of a service that answers for
every image), or `engine: true`: images then run for real, in containers. `log` has a line of JSON for each command.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(os.environ["STAND_IN_KUBECTL"])
FILE = FOLDER / "cluster.json"
NAMES = ("revision", "change-cause")
KEYS = ("deployment.kubernetes.io/revision", "kubernetes.io/change-cause")
PATIENCE = 60  # seconds for a container to become healthy


class Cluster:
    """One Deployment."""

    def __init__(self):
        self.told = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
        self.revisions = self.told.setdefault("revisions", [])  # the last one runs

    def save(self):
        FILE.write_text(json.dumps(self.told), "utf-8")

    def start(self, image, cause):
        """Make an image the newest revision; one that was there before gets a new number."""
        number = 1 + max((each["revision"] for each in self.revisions), default=0)
        found = [each for each in self.revisions if each["image"] == image]
        if found and found[0] is self.revisions[-1]:
            return
        entry = found[0] if found else {"image": image, "change-cause": cause}
        if found:
            self.revisions.remove(entry)
        self.revisions.append(entry | {"revision": number})
        if self.told.get("engine"):
            self.replace_container(image)

    def replace_container(self, image):
        if old := self.told.get("container"):
            subprocess.run(("docker", "rm", "--force", old), capture_output=True, check=True)
        options = ("--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--memory=256m", "--env=SERVE_API_KEYS")
        done = subprocess.run(
            ("docker", "run", "--detach", *options, image), capture_output=True, text=True, check=False
        )
        self.told["container"] = done.stdout.strip()

    def is_ready(self):
        image = self.revisions[-1]["image"]
        if not self.told.get("engine"):
            return image not in self.told.get("broken", ())
        show = ("docker", "inspect", "--format", "{{.State.Running}} {{.State.Health.Status}}", self.told["container"])
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            done = subprocess.run(show, capture_output=True, text=True, check=False)
            if done.returncode or done.stdout.split()[0] == "false":
                return False
            if done.stdout.split()[1] == "healthy":
                return True
            time.sleep(0.2)
        return False

    def template(self, each):
        """Return a Deployment or ReplicaSet with the image, as JSON has it."""
        annotations = {key: str(each[name]) for name, key in zip(NAMES, KEYS, strict=True) if each.get(name)}
        containers = [{"name": "sidecar", "image": "proxy:1"}, {"name": "api", "image": each["image"]}]
        return {"metadata": {"annotations": annotations}, "spec": {"template": {"spec": {"containers": containers}}}}

    def pods(self):
        """Return the pods: one that is being stopped, and one of the newest revision."""
        if not self.revisions:
            return []
        image = self.revisions[-1]["image"]
        ready = self.is_ready()
        old = {"metadata": {"name": "old", "deletionTimestamp": "now"}}
        conditions = [{"type": "Ready", "status": str(ready)}]
        waiting = {"reason": "ImagePullBackOff", "message": f"cannot pull {image}"}
        state = {"running": {}} if ready else {"waiting": waiting}
        status = {"conditions": conditions, "containerStatuses": [{"state": state}]}
        spec = {"containers": [{"image": image}]}
        new = {"metadata": {"name": "new"}, "spec": spec, "status": status}
        return [old | {"spec": spec, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}, new]


def image_of(folder):
    """Return the image that an overlay sets."""
    import yaml  # pylint: disable=import-outside-toplevel # most commands need none

    (found,) = yaml.safe_load((Path(folder) / "kustomization.yaml").read_text("utf-8"))["images"]
    return f"{found['newName']}@{found['digest']}" if "digest" in found else f"{found['newName']}:{found['newTag']}"


def get(cluster, kind):
    if kind == "deployment":
        return json.dumps(cluster.template(cluster.revisions[-1])) if cluster.revisions else ""
    items = cluster.pods() if kind == "pods" else [cluster.template(each) for each in cluster.revisions]
    return json.dumps({"items": items})


def execute(cluster):
    """Run the script of stdin as the pod would."""
    command, env = (sys.executable, "-"), os.environ | {"SERVE_PORT": str(cluster.told.get("port", 9))}
    if cluster.told.get("engine"):
        command = ("docker", "exec", "--interactive", cluster.told["container"], "python", "-")
    if cluster.revisions[-1]["image"] in cluster.told.get("silent", ()):
        env["SERVE_PORT"] = "9"
    return subprocess.run(command, env=env, check=False).returncode


def parsed(words):
    """Return what is no option, and the options, of which two have their value in the next word."""
    rest, options, left = [], {}, iter(words)
    for word in left:
        name, mark, value = word.removeprefix("--").partition("=")
        if not word.startswith("--"):
            rest.append(word)
        elif name:
            options[name] = value if mark or name not in ("kustomize", "container") else next(left)
    return rest, options


def main(*words):
    """Run one command; return its exit code."""
    with (FOLDER / "log").open("a", encoding="utf-8") as log:
        log.write(json.dumps(words) + "\n")
    rest, options = parsed(words)
    cluster, code = Cluster(), 0
    match rest:
        case ["get", kind, *_]:
            print(get(cluster, kind), end="")
        case ["apply"] if "refuses" in cluster.told:
            code = sys.exit(cluster.told["refuses"])
        case ["apply"]:
            cause = cluster.revisions[-1].get("change-cause") if cluster.revisions else None
            cluster.start(image_of(options["kustomize"]), cause)
        case ["annotate", _, cause]:
            cluster.revisions[-1]["change-cause"] = cause.partition("=")[2]
        case ["rollout", "status", _] if not cluster.is_ready():
            print("Waiting for deployment to finish: 0 of 1 updated replicas are available...")
            code = sys.exit("error: timed out waiting for the condition")
        case ["rollout", "undo", _]:
            (found,) = (each for each in cluster.revisions if str(each["revision"]) == options["to-revision"])
            cluster.start(found["image"], None)
        case ["exec", "new", "python", "-"]:
            code = execute(cluster)
        case ["rollout", "status", _] | ["create" | "patch", *_]:
            pass
        case other:
            code = sys.exit(f"error: the stand-in does not know {other}")
    cluster.save()
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
