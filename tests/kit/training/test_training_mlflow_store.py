"""A local MLflow store follows its project into another folder, and keeps what is elsewhere."""

import json
import shutil
import sqlite3
from pathlib import Path

import mlflow
import pytest
from mlflow.tracking._tracking_service import utils

from mlservice.errors import UserError
from mlservice.training import mlflow_run, mlflow_store
from toys.training import NAME


def last_run() -> str:
    """Return the id of the run that made the champion here."""
    return json.loads(Path("models/current/manifest.json").read_text(encoding="utf-8"))["run_id"]


def paths(store: Path) -> list[str]:
    """Return all paths that a store keeps."""
    with sqlite3.connect(store) as database:
        return [
            text
            for table, column in mlflow_store.PATHS
            for (text,) in database.execute(f"SELECT {column} FROM {table} WHERE {column} LIKE '/%'")
        ]


def files(folder: Path) -> dict[str, int]:
    """Return the files under a folder, with the time of their last change."""
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_a_run_in_a_copy_leaves_the_original_alone(project, own_project):
    before = files(project)
    with mlflow_run.run(NAME) as run_id:
        mlflow.log_text("new", "new.txt")
    assert files(project) == before
    (written,) = own_project.glob(f"mlruns/*/{run_id}/artifacts/new.txt")
    assert written.read_text(encoding="utf-8") == "new"
    assert paths(own_project / "mlflow.db")
    assert not [path for path in paths(own_project / "mlflow.db") if not path.startswith(f"{own_project}/")]


def test_a_run_goes_on_in_the_folder_to_which_its_project_was_moved(own_project, monkeypatch):
    with mlflow_run.run(NAME):
        pass
    there = own_project.with_name("Zoë's moved one")
    own_project.rename(there)
    monkeypatch.chdir(there)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db")
    utils._artifact_repos_cache.clear()  # pylint: disable=protected-access # a stage is a process of its own
    with mlflow_run.run(NAME, last_run()) as run_id:
        mlflow.log_text("more", "more.txt")
    assert not own_project.exists()
    assert run_id == last_run()
    assert {item.path for item in mlflow.artifacts.list_artifacts(run_id=run_id)} == {"more.txt", "reports"}
    champion = Path(mlflow.artifacts.download_artifacts(f"models:/{NAME}@champion"))
    assert (champion / "manifest.json").is_file() and champion.is_relative_to(there)


def test_what_exists_elsewhere_only_stays_there(own_project):
    shutil.rmtree(own_project / "mlruns")
    before = [path for path in paths(own_project / "mlflow.db") if Path(path).exists()]
    mlflow_store.follow_folder(f"sqlite:///{own_project}/mlflow.db")
    assert before and set(before) <= set(paths(own_project / "mlflow.db"))


def test_a_store_in_another_folder_stays_as_it_is(own_project, tmp_path, monkeypatch):
    before = paths(own_project / "mlflow.db")
    monkeypatch.chdir(tmp_path)
    mlflow_store.follow_folder(f"sqlite:///{own_project}/mlflow.db")
    mlflow_store.follow_folder("http://127.0.0.1:5000")
    assert paths(own_project / "mlflow.db") == before
    assert [each.name for each in tmp_path.iterdir()] == ["own"]


def test_a_column_that_another_version_lacks_is_left_out(own_project):
    with sqlite3.connect(own_project / "mlflow.db") as database:
        database.execute("DROP TABLE logged_models")
    mlflow_store.follow_folder("sqlite:///mlflow.db")
    with sqlite3.connect(own_project / "mlflow.db") as database:
        ((path,),) = database.execute("SELECT artifact_location FROM experiments WHERE name = ?", (NAME,))
    assert path.startswith(f"{own_project}/mlruns/")


@pytest.mark.usefixtures("own_project")
def test_a_damaged_store_is_refused_in_one_sentence():
    Path("mlflow.db").write_bytes(b"no database" * 1000)
    with pytest.raises(UserError, match="refused \\(file is not a database\\)"):
        with mlflow_run.run(NAME):
            pass
