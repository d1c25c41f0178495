"""Your pictures to data/raw.csv: a folder for each class, a file for each picture."""

import argparse
import base64
from pathlib import Path

import pandas as pd
from mlservice.errors import UserError, run
from mlservice.paths import RAW

from .pictures import from_bytes
from .prediction import TARGET

ENDINGS = {".png", ".jpg", ".jpeg"}


def pack(folder: Path) -> pd.DataFrame:
    """Read `folder/<class>/<any name>.png`; raise UserError naming what is wrong."""
    paths = sorted(p for p in folder.glob("*/*") if p.suffix.lower() in ENDINGS)
    if not paths:
        raise UserError(f"{folder} holds no <{TARGET.column}>/<name>.png or .jpg")
    rows = [(_file(path), path.parent.name) for path in paths]
    return pd.DataFrame(rows, columns=["image", TARGET.column])


def _file(path: Path) -> str:
    if path.parent.name not in TARGET.categories:
        raise UserError(f"{path}: {path.parent.name} is no {TARGET.column}")
    data = path.read_bytes()
    try:
        from_bytes(data)
    except ValueError as error:
        raise UserError(f"{path}: {error}") from error
    return base64.b64encode(data).decode()


def main() -> int:
    """Write a folder of pictures to a CSV file."""
    parser = argparse.ArgumentParser(description="Pack pictures into one file.")
    parser.add_argument("folder", type=Path, help="holds a folder for each class")
    parser.add_argument("--out", type=Path, default=RAW)
    args = parser.parse_args()
    frame = pack(args.folder)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(args.out, index=False)
    print(f"{len(frame)} pictures → {args.out}")
    return 0


if __name__ == "__main__":
    run(main)
