"""The rendered project for which a table is adopted."""

import importlib
from dataclasses import dataclass
from pathlib import Path

from mlservice.errors import UserError
from mlservice.schema.features import Feature


@dataclass(frozen=True)
class Project:
    """A rendered project: its package and task, and the columns it declares today."""

    package: str
    task: str
    columns: tuple[Feature, ...] = ()

    @property
    def source(self) -> Path:
        """Return the folder of the package, below the project's folder."""
        return Path("src") / self.package

    def has(self, module: str, name: str) -> bool:
        """Return whether a module knows a name of the library: it may be older."""
        path = self.source / module
        return not path.is_file() or name in path.read_text(encoding="utf-8")

    @classmethod
    def load(cls, package: str) -> "Project":
        """Import SERVICE of a package; raise UserError if there is none."""
        name = f"{package}.service"
        try:
            service = importlib.import_module(name).SERVICE
        except ModuleNotFoundError as error:
            if error.name not in (package, name):
                raise
            raise UserError(
                f"there is no module {name}, whose SERVICE names task and columns; "
                "name the project's own package with --package"
            ) from error
        return cls(package, service.task, service.columns)
