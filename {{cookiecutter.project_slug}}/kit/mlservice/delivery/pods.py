"""State of pods, as `kubectl get pods --output=json` gives them."""

from typing import Any

USUAL = ("ContainerCreating", "PodInitializing")  # no reason to complain


def is_ready(pod: dict[str, Any], image: str) -> bool:
    """Return whether a pod runs an image, is ready and is not being stopped."""
    conditions = pod.get("status", {}).get("conditions", [])
    ready = any((c["type"], c["status"]) == ("Ready", "True") for c in conditions)
    images = [container["image"] for container in pod["spec"]["containers"]]
    return ready and image in images and "deletionTimestamp" not in pod["metadata"]


def waiting(pod: dict[str, Any]) -> list[str]:
    """Return why the containers of a pod do not run, or why none is started."""
    status, found = pod.get("status", {}), []
    for container in status.get("containerStatuses", []):
        state = container.get("state", {}).get("waiting") or {}
        if state.get("reason", USUAL[0]) not in USUAL:
            found.append(f"{state['reason']}: {state.get('message', '')}".rstrip(": "))
    for condition in status.get("conditions", []):
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            found.append(condition.get("message", "no node takes the pod"))
    return found
