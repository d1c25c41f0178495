"""What an image is made of: a commit, and the model that the commit names."""

import json
from pathlib import Path

from mlservice.delivery.programs import run, succeeds
from mlservice.errors import UserError
from mlservice.paths import CURRENT

LOCK = Path("dvc.lock")
OVERLAYS = "deploy/kubernetes/overlays"  # a delivery writes there, no image holds it


def version() -> str:
    """Return the tag of the commit, or the tag before it and the commit, or that."""
    return run("git", "describe", "--tags", "--always", "--match", "v*")


def labels() -> list[str]:
    """Return the labels of an image that is built now, as `name=value`."""
    found = {}
    if _has_commit():
        mark = "-dirty" if _changed() else ""
        commit = run("git", "rev-parse", "HEAD")
        found["org.opencontainers.image.revision"] = commit + mark
        found["org.opencontainers.image.version"] = version() + mark
    manifest = CURRENT / "manifest.json"
    if manifest.is_file():
        model = json.loads(manifest.read_text(encoding="utf-8"))["model_version"]
        found["mlservice.model-version"] = model
    return [f"{name}={value}" for name, value in found.items()]


def require_commit() -> None:
    """Raise UserError unless all that an image holds is committed."""
    if not _has_commit():
        raise UserError("there is no commit here, and an image is made of one: commit")
    if changed := _changed():
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        raise UserError(
            f"commit or stash what is not committed: {', '.join(changed[:3])}{more}"
        )


def require_model() -> None:
    """Bring the model that the commit names; raise UserError where that fails."""
    if not Path("dvc.yaml").is_file():
        if not (CURRENT / "manifest.json").is_file():
            raise UserError(f"there is no model in {CURRENT}: train one first")
        return
    if not LOCK.is_file():
        raise UserError(f"no model is committed: `make pipeline`, then commit {LOCK}")
    here = succeeds("dvc", "checkout", "--quiet", str(CURRENT))
    if not here and not succeeds("dvc", "pull", "--quiet", str(CURRENT)):
        raise UserError(
            f"{CURRENT} is not the model that {LOCK} names, and DVC cannot fetch that: "
            "`dvc push` it, where it was trained, to a remote that this machine may "
            "read, or `make pipeline` and commit"
        )


def _has_commit() -> bool:
    """Return whether this is a repository with a commit."""
    return succeeds("git", "rev-parse", "--verify", "--quiet", "HEAD")


def _changed() -> list[str]:
    """Return the files of the project that are changed or new, but for overlays."""
    listed = run("git", "status", "--porcelain", "--", ".", f":(exclude){OVERLAYS}")
    return [line.split(maxsplit=1)[1] for line in listed.splitlines()]
