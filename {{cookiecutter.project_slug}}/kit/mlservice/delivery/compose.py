"""One machine: `docker compose` starts the service on the engine of DOCKER_HOST.

The image that ran before is a label of the container, so nothing else keeps a state.
"""

import json
from pathlib import Path
from typing import Any

import yaml

from mlservice.delivery import request_prediction
from mlservice.delivery.platform import State
from mlservice.delivery.programs import run
from mlservice.errors import UserError

SERVICE = "api"  # of compose.yaml
FILES = ("compose.yaml", "compose.override.yaml")
PREVIOUS, NOTE = "mlservice.previous-image", "mlservice.delivered"
LOCAL = "local"  # this machine's own engine
SCRIPT = Path(request_prediction.__file__)


class Machine:
    """The service of compose.yaml on one machine."""

    def __init__(self, host: str, seconds: int) -> None:
        """Name the engine: `ssh://user@host`, or `local`."""
        if host != LOCAL and "://" not in host:
            raise UserError(
                f"COMPOSE_HOST must be {LOCAL}, or an address like ssh://user@{host}"
            )
        if not Path(FILES[0]).is_file():
            raise UserError(f"there is no {FILES[0]} to start the service with")
        self.name, self.seconds = host, seconds
        self._engine = {} if host == LOCAL else {"DOCKER_HOST": host}

    def state(self) -> State:
        """Return the image of the container that runs, and the one before it."""
        found = self._containers()
        if not found:
            return State()
        config = found[0]["Config"]
        labels = config["Labels"] or {}
        return State(config["Image"], labels.get(PREVIOUS, ""), labels.get(NOTE, ""))

    def previous(self, running: State, wanted: str) -> State:
        """Return the image before this one; or a given one: a name, digest or tag."""
        image = wanted or running.revision
        if not image:
            raise UserError(
                f"no image ran on {self.name} before this one: name it, TO=…"
            )
        if "/" not in image and ":" in image:
            image = f"{running.image.partition('@')[0]}@{image}"
        elif "/" not in image and wanted:
            image = f"{running.image.partition('@')[0]}:{image}"
        return State(image, running.image, "rolled back")

    def release(self, image: str, running: State, note: str) -> None:
        """Start an image; the one to go back to is what runs, if that is another."""
        same = running.image == image
        self.restore(State(image, running.revision if same else running.image, note))

    def restore(self, state: State) -> None:
        """Pull an image and start it; wait until its health check succeeds."""
        if "/" in state.image:
            run("docker", "pull", "--quiet", state.image, more=self._engine)
        labels = {PREVIOUS: state.revision, NOTE: state.note}
        added = {SERVICE: {"image": state.image, "labels": labels}}
        options = ("--detach", "--wait", "--no-build", "--no-deps")
        limit = ("--wait-timeout", str(self.seconds))
        text = yaml.safe_dump({"services": added})
        self._compose("up", *options, *limit, SERVICE, given=text)

    def request_prediction(self, image: str) -> str:
        """Ask each container of the image, in the container: there are the keys."""
        found = [c["Id"] for c in self._containers() if c["Config"]["Image"] == image]
        if not found:
            raise UserError(f"no container of {image} runs")
        script, answer = SCRIPT.read_text(encoding="utf-8"), ""
        for each in found:
            words = ("docker", "exec", "--interactive", each, "python", "-")
            answer = run(*words, given=script, more=self._engine)
        return answer

    def confirm(self, note: str) -> None:
        """Record nothing: what fails is replaced, with its label."""

    def forget(self) -> None:
        """Change nothing: no file names the image."""

    def _containers(self) -> list[dict[str, Any]]:
        """Return what the engine knows of the service's containers."""
        ids = self._compose("ps", "--quiet", SERVICE).split()
        if not ids:
            return []
        found = json.loads(run("docker", "inspect", *ids, more=self._engine))
        return list(found)

    def _compose(self, *words: str, given: str = "") -> str:
        files = [file for file in FILES if Path(file).is_file()]
        options = [word for file in files for word in ("--file", file)]
        options += ["--file", "-"] if given else []
        return run(
            "docker", "compose", *options, *words, given=given, more=self._engine
        )
