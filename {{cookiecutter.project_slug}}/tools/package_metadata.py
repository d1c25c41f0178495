"""Dependencies of the package when it is built: those of requirements/*.in.

hatchling runs this: `pip install .` installs what serving needs, and the extra `train`
what training adds. The versions that were tested are those of requirements/*.txt.
"""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class Requirements(MetadataHookInterface):
    """Dependencies of the wheel, which no second list has to repeat."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the dependencies; `-r` lines name a file that is read as well."""
        metadata["dependencies"] = self.read("serve")
        metadata["optional-dependencies"] = {"train": self.read("train")}

    def read(self, name: str) -> list[str]:
        """Return what requirements/NAME.in asks for, without comments and options."""
        path = Path(self.root, "requirements", f"{name}.in")
        lines = path.read_text(encoding="utf-8").splitlines()
        wanted = (line.partition(" #")[0].strip() for line in lines)
        return [each for each in wanted if each and each[0] not in "#-"]
