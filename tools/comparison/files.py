"""Write the files that commands are given: good ones, and ones that must be refused."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

ROWS = 300  # of the sample in a file
WRONG = "???"  # neither a number, a day nor a category


def content(path: Path) -> str:
    """Return what a file holds, byte by byte; say so where there is none."""
    return path.read_bytes().decode("utf-8", "backslashreplace") if path.is_file() else "(no file)"


def columns(path: Path) -> list[str]:
    """Return the header of a CSV file; empty where there is none."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file), [])


def head(source: Path, target: Path) -> list[list[str]]:
    """Copy the first rows of a CSV file; return them with the header."""
    if not source.exists():
        return []
    with source.open(encoding="utf-8", newline="") as file:
        rows = [row for row, _ in zip(csv.reader(file), range(ROWS + 1), strict=False)]
    return write(target, rows)


def write(path: Path, rows: Sequence[Sequence[object]]) -> list[list[str]]:
    """Write a CSV file and return its rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return [list(map(str, row)) for row in rows]


def spoiled_rows(source: Path, folder: Path) -> dict[str, Path]:
    """Write files for `data` that it must refuse: each column wrong in one row, one column missing, no rows …"""
    rows = head(source, folder / "good.csv")
    if not rows:
        return {}
    bad = [list(row) for row in rows]
    for number, row in enumerate(bad[1 : len(rows[0]) + 1]):
        row[number] = WRONG
    write(folder / "bad.csv", bad)
    write(folder / "narrow.csv", [row[:-1] for row in rows])
    write(folder / "header.csv", rows[:1])
    (folder / "empty.csv").write_text("", encoding="utf-8")
    (folder / "rows.txt").write_text("", encoding="utf-8")
    names = ("bad.csv", "narrow.csv", "header.csv", "empty.csv", "rows.txt", "absent.csv")
    return {name: folder / name for name in names}


def good_files(example: Mapping[str, object], folder: Path) -> list[str]:
    """Write the example five times as CSV and as JSON lines."""
    cells = [json.dumps(value) if isinstance(value, list) else value for value in example.values()]
    write(folder / "example.csv", [list(example), *[cells] * 5])
    line = json.dumps(example) + "\n"
    (folder / "example.jsonl").write_text(line * 5, encoding="utf-8")
    return ["example.csv", "example.jsonl"]


def wrong_files(example: Mapping[str, object], folder: Path) -> list[str]:
    """Write files for `predict` that it must refuse; return their names, one of a file that is not there."""
    write(folder / "bad.csv", [list(example), [WRONG] * len(example)])
    write(folder / "narrow.csv", [list(example)[:-1], [WRONG] * (len(example) - 1)])
    write(folder / "header.csv", [list(example)])
    line, wrong = json.dumps(example), json.dumps({name: {} for name in example})
    (folder / "bad.jsonl").write_text(f"{line}\n{wrong}\n", encoding="utf-8")
    (folder / "cut.jsonl").write_text(f"{line}\n{line[:-5]}\n", encoding="utf-8")
    (folder / "rows.txt").write_text("", encoding="utf-8")
    return ["bad.csv", "narrow.csv", "header.csv", "bad.jsonl", "cut.jsonl", "rows.txt", "absent.csv"]
