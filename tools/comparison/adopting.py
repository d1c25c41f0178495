"""Adopt tables of each task, and observe what is written."""

import csv
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from comparison.artifacts import digest
from comparison.normalise import normalise, split_imports, without_folders
from comparison.versions import Version
from trial import ROOT

SHARED = ROOT.parent / "shared" / "data"
SEED, DAYS, TEXTS = 7, 240, 900
PRODUCTS = ("apples", "bread", "milk")
WORDS = {
    "delivery": ("parcel", "late", "courier", "address", "lost"),
    "payment": ("invoice", "card", "refund", "charged", "twice"),
    "account": ("password", "login", "locked", "e-mail", "reset"),
}
FILLER = "please help me with this since last week I am waiting for an answer and the matter is urgent".split()
WINE = "from sklearn import datasets as d; d.load_wine(as_frame=True).frame.to_csv({!r}, index=False)"
RECORD = ".adopted.json"  # hashes of what stands in the other files
Areas = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Table:
    """A table to adopt; without `task` of its own it is the shared file of that name."""

    name: str
    task: str
    target: str
    options: tuple[str, ...] = ()


TABLES = (
    Table("titanic", "classification", "survived"),
    Table("penguins", "classification", "species"),
    Table("wine", "classification", "target"),
    Table("diamonds", "regression", "price"),
    Table("sales", "forecasting", "units", ("TIME=date", "GROUP=product")),
    Table("tickets", "text", "label"),
)


def path_of(table: Table, folder: Path) -> Path:
    """Return where the table lies: among the shared ones, or in `folder`, made there."""
    shared = SHARED / f"{table.name}.csv"
    return shared if table.name in ("titanic", "penguins", "diamonds") else folder / f"{table.name}.csv"


def make_tables(folder: Path, version: Version) -> None:
    """Write the tables that are generated, once for both versions."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("sales", sales()), ("tickets", tickets())):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    version.must("python", "-c", WINE.format(str(folder / "wine.csv")), cwd=folder)


def sales() -> Iterator[tuple[object, ...]]:
    """Yield what three products sold each day, more on Saturdays and at a lower price."""
    draw = random.Random(SEED)
    yield "date", "product", "price", "units"
    for number in range(DAYS):
        day = date(2025, 1, 1) + timedelta(number)
        for level, product in enumerate(PRODUCTS, start=1):
            price = draw.choice((2.4, 2.9, 3.2))
            mean = 20 * level * (1.5 if day.weekday() == 5 else 1) * math.exp(0.5 * (2.9 - price))
            yield day.isoformat(), product, price, max(0, round(draw.gauss(mean, mean**0.5)))


def tickets() -> Iterator[tuple[object, ...]]:
    """Yield texts whose label two of their words name."""
    draw = random.Random(SEED)
    yield "text", "label"
    for _ in range(TEXTS):
        label = draw.choice(sorted(WORDS))
        words = draw.sample(FILLER, 8) + draw.sample(WORDS[label], 2)
        draw.shuffle(words)
        yield " ".join(words), label


def adopt(version: Version, task: str, folder: Path) -> Areas:
    """Adopt each table of the task in the project as it was rendered; also one target that is not there."""
    found: Areas = {"adopting": {}, "adopting: imports": {}, "adopting: sentences": {}}
    sentences = found["adopting: sentences"]
    for table in (table for table in TABLES if table.task == task):
        path = path_of(table, folder)
        if not path.exists():
            print(f"  {table.name} is left out: there is no ../shared/data/{path.name}")
            continue
        version.restore(task)
        words = ("adopt", f"DATA={path}", *table.options, "YES=1")
        for target in ("no_such_column", table.target):
            done = version.make(task, *words, f"TARGET={target}")
            sentences[f"{table.name}, TARGET={target}"] = done.text(version.folder, folder, SHARED)
        for area, texts in written(version, task, folder).items():
            found[area] |= {f"{table.name}: {name}": text for name, text in texts.items()}
    return found


def written(version: Version, task: str, folder: Path) -> Areas:
    """Return which files changed, came or went, their text without imports, and their imports."""
    project = version.project(task)
    state = version.must("git", "status", "--porcelain", "--untracked-files=all", cwd=project)
    lines = sorted(line for line in state.splitlines() if line[3:] != ".venv")
    texts, imports = {"files": "\n".join(lines)}, {}
    if (raw := project / "data/raw.csv").is_file():
        texts["data/raw.csv"] = digest(raw)
    for name in (line[3:].strip('"') for line in lines if not line.startswith(" D")):
        content = (project / name).read_bytes().decode("utf-8", "backslashreplace")
        plain = normalise if name == RECORD else without_folders
        text = plain(content, version.folder, folder, SHARED)
        texts[name], found = split_imports(text) if name.endswith(".py") else (text, [])
        if found:
            imports[name] = "\n".join(found)
    return {"adopting": texts, "adopting: imports": imports}
