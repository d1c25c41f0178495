"""The rendered project for which a table is adopted."""

from dataclasses import dataclass
from pathlib import Path

from mlservice.errors import module_of
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
        service = module_of(package, "service").SERVICE
        return cls(package, service.task, service.columns)
