"""Kustomize overlay: which image it starts, and in which namespace."""

from pathlib import Path
from typing import Any

import yaml

from mlservice.errors import UserError

ROOT = Path("deploy/kubernetes")
FILE = "kustomization.yaml"


class Overlay:
    """A folder of deploy/kubernetes/overlays, and the base that it changes."""

    def __init__(self, name: str) -> None:
        """Read the overlay; raise UserError where it is missing."""
        self.folder = ROOT / "overlays" / name
        self.file = self.folder / FILE
        if not self.file.is_file():
            known = sorted(each.parent.name for each in ROOT.glob(f"overlays/*/{FILE}"))
            names = " or ".join(known) or "the name of one that you add"
            raise UserError(
                f"there is no {self.file}: set OVERLAY to {names}, or COMPOSE_HOST"
            )
        self.before = self.file.read_text(encoding="utf-8")
        base = ROOT / "base/deployment.yaml"
        deployment = yaml.safe_load(base.read_text(encoding="utf-8"))
        self.deployment: str = deployment["metadata"]["name"]
        self.labels: dict[str, str] = deployment["spec"]["selector"]["matchLabels"]
        container = deployment["spec"]["template"]["spec"]["containers"][0]
        self.container: str = container["name"]
        self.image: str = container["image"]  # as the base calls it

    @property
    def namespace(self) -> str:
        """Return the namespace of the overlay."""
        return str(yaml.safe_load(self.before).get("namespace", "default"))

    def new_name(self) -> str:
        """Return the repository that the overlay names; empty where it names none."""
        images = yaml.safe_load(self.before).get("images", [])
        names = (each.get("newName", "") for each in images if self._is(each))
        return next(names, "")

    def set(self, image: str) -> None:
        """Let the overlay start an image, given as `name@sha256:…` or `name:tag`."""
        text = with_image(self.before, self.image, image)
        self.file.write_text(text, encoding="utf-8")

    def reset(self) -> None:
        """Write the overlay as it was."""
        self.file.write_text(self.before, encoding="utf-8")

    def _is(self, entry: Any) -> bool:
        return bool(entry["name"] == self.image)


def with_image(text: str, name: str, image: str) -> str:
    """Return a kustomization in which the image `name` is another one.

    Only its entry under `images` changes: comments and order of the rest stay.
    """
    lines = _entry(name, image)
    root = yaml.compose(text)
    fields = {key.value: value for key, value in root.value} if root else {}
    if "images" not in fields:
        return f"{text.rstrip()}\n\nimages:\n  - " + "\n    ".join(lines) + "\n"
    for entry in fields["images"].value:
        if any((k.value, v.value) == ("name", name) for k, v in entry.value):
            break
    else:
        raise UserError(f"the overlay has no image {name} under images: add it there")
    start, end = entry.start_mark.index, entry.value[-1][1].end_mark.index
    if entry.flow_style:
        return text[:start] + "{" + ", ".join(lines) + text[end:]
    rest = text[end:].partition("\n")[2]  # a comment beside the tag was about it
    return text[:start] + f"\n{' ' * entry.start_mark.column}".join(lines) + "\n" + rest


def _entry(name: str, image: str) -> list[str]:
    """Return an image's entry by lines; `image` is `name@sha256:…` or `name:tag`."""
    repository, mark, version = image.partition("@")
    if not mark:
        repository, mark, version = image.rpartition(":")
        if not mark or "/" in version:  # a registry's port is no tag
            repository, version = image, "latest"
    key = "digest" if mark == "@" else "newTag"
    pairs = {"name": name, "newName": repository, key: version}
    return [f'{field}: "{value}"' for field, value in pairs.items()]
