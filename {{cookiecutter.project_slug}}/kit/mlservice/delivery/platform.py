"""What delivery needs of a platform: a cluster, or one machine."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class State:
    """The image that a platform runs, or ran; empty where there is none."""

    image: str = ""
    revision: str = ""  # by which the platform finds it again
    note: str = ""  # version and image, as they were delivered


class Platform(Protocol):
    """Where the image runs. Every method raises UserError where it fails."""

    name: str

    def state(self) -> State:
        """Return what runs."""

    def previous(self, running: State, wanted: str) -> State:
        """Return what ran before; what was delivered as `wanted`, if that is given.

        `wanted` is an image, its digest or its version.
        """

    def release(self, image: str, running: State, note: str, /) -> None:
        """Start an image in the place of what runs; wait until it is ready."""

    def request_prediction(self, image: str) -> str:
        """Ask each copy of an image whether it is ready, and for one prediction.

        Return the last answer.
        """

    def confirm(self, note: str) -> None:
        """Record that what runs was checked."""

    def restore(self, state: State) -> None:
        """Start what ran before, with its settings; wait until it is ready."""

    def forget(self) -> None:
        """Give the project's files back as they were before the delivery."""
