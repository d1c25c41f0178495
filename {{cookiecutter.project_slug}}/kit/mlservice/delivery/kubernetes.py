"""Kubernetes: the overlay is applied, and the Deployment keeps its revisions."""

import json
from pathlib import Path
from typing import Any

from mlservice.delivery import pods, request_prediction
from mlservice.delivery.overlay import Overlay
from mlservice.delivery.platform import State
from mlservice.delivery.programs import run
from mlservice.errors import UserError

REVISION = "deployment.kubernetes.io/revision"
CAUSE = "kubernetes.io/change-cause"  # `kubectl rollout history` shows it
UNCHECKED = "not checked: "  # begins the cause of what has not answered yet
SCRIPT = Path(request_prediction.__file__)
QUICK = "--request-timeout=30s"  # a cluster that is away is reported soon


class Cluster:
    """The Deployment of an overlay, reached with kubectl and its configuration."""

    def __init__(self, overlay: Overlay, seconds: int) -> None:
        """Name the Deployment; wait for its rollouts for as many seconds."""
        self.overlay, self.seconds = overlay, seconds
        self.name = f"{overlay.folder.name} (namespace {overlay.namespace})"
        self._resource = f"deployment/{overlay.deployment}"
        pairs = (f"{key}={value}" for key, value in overlay.labels.items())
        self._selector = f"--selector={','.join(pairs)}"

    def state(self) -> State:
        """Return the image, the revision and the cause of the Deployment."""
        found = self._get("deployment", self.overlay.deployment, "--ignore-not-found")
        return self._state_of(found) if found else State()

    def previous(self, running: State, wanted: str) -> State:
        """Return the newest revision with another image that was checked, or with one.

        A revision that somebody applied without `make deliver` counts as checked.
        """
        sets = self._get("replicasets", self._selector)["items"]
        states = [self._state_of(each) for each in sets]
        states.sort(key=lambda state: int(state.revision or 0), reverse=True)
        for state in states:
            checked = not state.note.startswith(UNCHECKED)
            version = state.note.removeprefix(UNCHECKED).partition(" ")[0]
            names = (state.image, state.image.partition("@")[2], version)
            another = checked and state.image != running.image
            if wanted in names if wanted else another:
                return state
        known = ", ".join(dict.fromkeys(state.image for state in states)) or "none"
        raise UserError(
            f"{self.name} keeps no revision with {wanted or 'another image'}, "
            f"only: {known}"
        )

    def release(self, image: str, _running: State, note: str) -> None:
        """Set the image in the overlay, apply it and wait for the rollout."""
        self.overlay.set(image)
        self._kubectl("apply", "--kustomize", str(self.overlay.folder), QUICK)
        self.confirm(UNCHECKED + note)
        self._wait()

    def request_prediction(self, image: str) -> str:
        """Ask each ready pod of the image, in the pod: there are the keys."""
        ready = [pod for pod in self._pods() if pods.is_ready(pod, image)]
        if not ready:
            raise UserError(f"no pod of {image} is ready")
        script, answer = SCRIPT.read_text(encoding="utf-8"), ""
        for pod in ready:
            words = ("--container", self.overlay.container, "--", "python", "-")
            name = pod["metadata"]["name"]
            answer = self._kubectl("exec", "--stdin", name, *words, given=script)
        return answer

    def confirm(self, note: str) -> None:
        """Record version and image as the cause of the revision."""
        cause = f"{CAUSE}={note}"
        self._kubectl("annotate", self._resource, cause, "--overwrite", QUICK)

    def restore(self, state: State) -> None:
        """Go back to a revision, with the settings that it had, and wait for it."""
        self.overlay.set(state.image)
        to = f"--to-revision={state.revision}"
        self._kubectl("rollout", "undo", self._resource, to, QUICK)
        self._wait()

    def forget(self) -> None:
        """Write the overlay as it was."""
        self.overlay.reset()

    def _wait(self) -> None:
        """Wait for the rollout; raise UserError with the pods' own reasons."""
        limit = f"--timeout={self.seconds}s"
        try:
            self._kubectl("rollout", "status", self._resource, limit)
        except UserError as error:
            reasons = {reason for pod in self._pods() for reason in pods.waiting(pod)}
            told = f" ({'; '.join(sorted(reasons))})" if reasons else ""
            raise UserError(f"the rollout does not finish: {error}{told}") from error

    def _state_of(self, found: dict[str, Any]) -> State:
        containers = found["spec"]["template"]["spec"]["containers"]
        named = (c for c in containers if c["name"] == self.overlay.container)
        image = next(named, containers[0])["image"]
        notes = found["metadata"].get("annotations", {})
        return State(image, notes.get(REVISION, ""), notes.get(CAUSE, ""))

    def _pods(self) -> list[dict[str, Any]]:
        return list(self._get("pods", self._selector)["items"])

    def _get(self, *words: str) -> Any:
        printed = self._kubectl("get", *words, "--output=json", QUICK)
        return json.loads(printed) if printed else None

    def _kubectl(self, *words: str, given: str = "") -> str:
        command = ("kubectl", f"--namespace={self.overlay.namespace}", *words)
        return run(*command, given=given)
