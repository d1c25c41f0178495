"""Correct the paths in a local MLflow store after its folder was moved or copied.

MLflow keeps absolute paths of artifacts: a moved project would go on writing into its
old folder, and a copied one into the original's.
"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

SQLITE = "sqlite:///"
PATHS = (  # table and column
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)
ARTIFACTS = re.compile(r"(/.*)/mlruns/(\d+(?:/.*)?)", re.DOTALL)


def follow_folder(uri: str) -> None:
    """Replace the folder of artifacts that are under `mlruns/` of the current folder.

    A path stays as it is if its artifacts exist there and not here. `uri` names the
    store; only a `sqlite:///` file in the current folder moves with it.
    """
    store = Path(uri.removeprefix(SQLITE)).absolute()
    here = store.is_file() and store.resolve().parent == Path.cwd()
    if not uri.startswith(SQLITE) or not here:
        return
    with closing(sqlite3.connect(store)) as database:
        for table, column in PATHS:
            known = database.execute("SELECT name FROM pragma_table_info(?)", (table,))
            if (column,) not in known.fetchall():  # an older or newer MLflow
                continue
            paths = database.execute(f"SELECT DISTINCT {column} FROM {table}")
            pairs = [(new, old) for (old,) in paths.fetchall() if (new := moved(old))]
            update = f"UPDATE {table} SET {column} = ? WHERE {column} = ?"
            database.executemany(update, pairs)
        database.commit()


def moved(path: str | None) -> str:
    """Return the path in the current folder of what was in another one, or ""."""
    found = ARTIFACTS.fullmatch(path or "")
    if not found:
        return ""
    old, new = Path(found[1]) / "mlruns" / found[2], Path.cwd() / "mlruns" / found[2]
    return "" if new == old or (old.exists() and not new.exists()) else str(new)
