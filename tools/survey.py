"""Judge local clones: version, newest version, drift. What cannot be judged is a row that says why."""

import tempfile
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from clones import Clone, Template, Trouble, read
from drift import Job, differences, job, render_all


@dataclass
class Row:
    """What is known about one repository."""

    repository: str
    version: str = ""
    newest: str = ""
    drift: list[str] | None = None  # None: not judged
    ci: str = ""
    trouble: str = ""

    def cells(self) -> list[str]:
        """Return what the table shows."""
        count = len(self.drift or ())
        found = {0: "none", 1: "1 file"}.get(count, f"{count} files")
        return [self.repository, self.version, self.newest, self.trouble or found, self.ci]


@dataclass
class Fleet:
    """The clones, each template that they follow, and what had to be rendered."""

    store: Path
    template: str = ""  # in place of what the clones name
    known: dict[str, Template | Trouble] = field(default_factory=dict)

    def follow(self, source: str) -> Template:
        """Return the template, asked for once, reached or not."""
        if source not in self.known:
            try:
                self.known[source] = Template(source, self.store / sha256(source.encode()).hexdigest()[:12])
            except Trouble as error:
                self.known[source] = error
        found = self.known[source]
        if isinstance(found, Trouble):
            raise found
        return found

    def begin(self, row: Row, folder: Path) -> tuple[Clone, Job] | None:
        """Fill in the versions; return what must be rendered, None where the row says why it cannot be."""
        try:
            clone = read(folder, self.template)
            row.version = clone.version
            template = self.follow(clone.source)
            row.newest = template.newest()
            return clone, job(clone, template)
        except Trouble as error:
            row.trouble = str(error)
            return None


def survey(folders: list[Path], template: str = "", processes: int = 1) -> list[Row]:
    """Judge each folder; a rendering of the same version and answers is made once."""
    rows = [Row(name) for name in names(folders)]
    with tempfile.TemporaryDirectory() as store:
        fleet = Fleet(Path(store), template)
        begun = [fleet.begin(row, folder) for row, folder in zip(rows, folders, strict=True)]
        rendered = render_all({found[1] for found in begun if found}, processes)
    for row, found in zip(rows, begun, strict=True):
        if found:
            try:
                row.drift = differences(found[0].folder, rendered[found[1]])
            except Trouble as error:
                row.trouble = str(error)
    return rows


def names(folders: list[Path]) -> list[str]:
    """Name each repository after its folder, or by the whole path where two folders have one name."""
    short = [folder.resolve().name for folder in folders]
    return [name if short.count(name) == 1 else str(folder) for name, folder in zip(short, folders, strict=True)]
