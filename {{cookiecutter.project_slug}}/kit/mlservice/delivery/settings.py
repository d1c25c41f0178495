"""Settings of a delivery: variables of the environment, or of make's command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mlservice.delivery import registry
from mlservice.delivery.compose import Machine
from mlservice.delivery.kubernetes import Cluster
from mlservice.delivery.overlay import Overlay
from mlservice.delivery.platform import Platform
from mlservice.errors import UserError

SECONDS = "300"  # for a rollout


@dataclass(frozen=True)
class Settings:
    """What is delivered, to which registry and platform."""

    image: str  # the local name
    registry: str = ""
    user: str = ""
    password: str = ""
    overlay: str = "production"
    compose_host: str = ""
    seconds: int = int(SECONDS)
    to: str = ""

    @classmethod
    def read(cls, environment: Mapping[str, str], image: str) -> "Settings":
        """Read the variables; one that is empty counts as not set."""

        def value(name: str, default: str = "") -> str:
            return environment.get(name, "").strip() or default

        seconds = value("ROLLOUT_SECONDS", SECONDS)
        if not seconds.isdecimal() or not int(seconds):
            raise UserError(f"ROLLOUT_SECONDS must be a number from 1, not {seconds}")
        return cls(
            image=image,
            registry=value("REGISTRY"),
            user=value("REGISTRY_USER"),
            password=value("REGISTRY_PASSWORD"),
            overlay=value("OVERLAY", "production"),
            compose_host=value("COMPOSE_HOST"),
            seconds=int(seconds),
            to=value("TO"),
        )

    @cached_property
    def _overlay(self) -> Overlay:
        return Overlay(self.overlay)

    def platform(self) -> Platform:
        """Return the machine of COMPOSE_HOST, else the cluster of OVERLAY."""
        if self.compose_host:
            return Machine(self.compose_host, self.seconds)
        return Cluster(self._overlay, self.seconds)

    def repository(self) -> str:
        """Return where to push: to REGISTRY, else where the overlay's image is."""
        named = "" if self.compose_host else self._overlay.new_name()
        if named and not self.registry:
            return named
        return registry.repository(self.image, self.registry)

    def changed_file(self) -> str:
        """Return the file that names the image now; empty where none does."""
        return "" if self.compose_host else str(self._overlay.file)
