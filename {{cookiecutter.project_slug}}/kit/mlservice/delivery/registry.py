"""The registry that images are pushed to."""

import json
import re

from mlservice.delivery.programs import run
from mlservice.errors import UserError

FORM = re.compile(r"[a-z0-9.-]+(:\d+)?(/[a-z0-9._-]+)*")
EXAMPLE = "REGISTRY=registry.example.com/team"


def repository(image: str, registry: str) -> str:
    """Return where an image is pushed to: a registry's name and the image's own.

    Without a registry it is the image's own name, which must then have one.
    """
    registry = registry.lower().rstrip("/")  # an organisation's name may have capitals
    if registry:
        if not FORM.fullmatch(registry):
            raise UserError(f"{registry} is no registry: it must be like {EXAMPLE}")
        return f"{registry}/{image.rpartition('/')[2]}"
    host = image.partition("/")[0]
    if host == image or not ("." in host or ":" in host or host == "localhost"):
        raise UserError(f"no registry is named to push {image} to: {EXAMPLE}")
    return image


def log_in(name: str, user: str, password: str) -> None:
    """Log in to the registry of a repository, where a user or a password is given."""
    if not user and not password:
        return
    if not user or not password:
        raise UserError("REGISTRY_USER and REGISTRY_PASSWORD belong together: set both")
    host = name.partition("/")[0]
    words = ("docker", "login", host, "--username", user, "--password-stdin")
    run(*words, given=password)


def push(image: str, name: str, tag: str) -> str:
    """Push a local image as `name:tag`; return it by its digest: `name@sha256:…`."""
    run("docker", "tag", image, f"{name}:{tag}")
    run("docker", "push", "--quiet", f"{name}:{tag}")
    (found,) = json.loads(run("docker", "image", "inspect", f"{name}:{tag}"))
    try:
        return next(
            str(each) for each in found["RepoDigests"] if each.startswith(f"{name}@")
        )
    except StopIteration:
        raise UserError(f"the registry gave no digest for {name}:{tag}") from None
