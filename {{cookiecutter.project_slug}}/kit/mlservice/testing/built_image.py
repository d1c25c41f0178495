"""A built image of a project, and containers of it that checks share."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from mlservice.service import Service
from mlservice.testing.container import Container, require_engine, run_options


@dataclass(frozen=True)
class Image:
    """An image, the service in it, and the folder of the project."""

    name: str
    service: Service[Any, Any]
    root: Path
    open: ExitStack = field(default_factory=ExitStack)  # containers to remove

    @contextmanager
    def running(self, *options: str) -> Iterator[Container]:
        """Run a container as it is deployed, with further options of `docker run`."""
        container = Container(self.name, *run_options(self.root), *options)
        try:
            yield container
        finally:
            container.remove()

    @cached_property
    def healthy(self) -> Container:
        """Return a container whose own health check succeeds; checks share it."""
        container = self.open.enter_context(self.running())
        container.wait_until(lambda: container.is_healthy, "healthy")
        return container


@contextmanager
def open_image(service: Service[Any, Any], root: Path) -> Iterator[Image]:
    """Give the image that IMAGE names (else that of the service's name) to checks.

    Skip where no container engine answers. Remove the containers at the end.
    """
    require_engine()
    image = Image(os.environ.get("IMAGE") or service.name, service, root)
    with image.open:
        yield image


Check = Callable[[Image], None]  # raises AssertionError; its name says what holds
