"""kill -9 at any moment leaves the old or the new, and the next run mends the rest."""

import os
import shutil

from mlservice.atomic import finish_replacement, replace_files
from mlservice.model import artifact
from mlservice.paths import SPLITS
from toys import training
from toys.regression import SERVICE

PROMOTE = "promote(SERVICE, Path('models/baseline'), Path('models/current'))"
IMPORT = """
from pathlib import Path
from mlservice.model.artifact import promote
from mlservice.atomic import replace_files
from toys.regression import SERVICE
"""
REPLACE = """
with replace_files(Path('data')) as new:
    (new / 'a').write_text('new')
    (new / 'b').write_text('new')
    (new / 'plots').mkdir()
    (new / 'plots/c').write_text('new')
"""
MIDST = [  # what each stage is about to put in place
    ("data/.ready/train.parquet", training.prepare),
    ("models/.baseline.new", training.train),
    ("models/.current.new", training.evaluate, "--ship-baseline"),
]


def sweep(code):
    """Return an order to kill the code before each of its changes of the disk."""
    return [{"code": code, "change": number} for number in range(200)]


def served(folder):
    """Return the name of the model that a service would load there."""
    return artifact.load(SERVICE, folder / "models/current").manifest.name


def test_killed_while_it_promotes_it_serves_the_old_or_the_new(killed, two_models):
    left = killed(two_models, IMPORT, sweep(PROMOTE))
    found = [served(folder) for folder in left]
    switch = found.index("baseline")
    assert found == ["candidate"] * switch + ["baseline"] * (len(left) - switch)
    assert len(left) > switch > 4
    for folder in left:
        artifact.promote(SERVICE, folder / "models/baseline", folder / "models/current")
        assert sorted(os.listdir(folder / "models")) == ["baseline", "current"]
        assert served(folder) == "baseline"


def test_killed_in_mid_write_it_serves_the_old(killed, two_models):
    whole = (two_models / "models/baseline/model.onnx").stat().st_size
    sizes = [{"code": PROMOTE, "size": size} for size in (1, whole - 1)]
    left = killed(two_models, IMPORT, sizes)
    assert [served(folder) for folder in left] == ["candidate"] * 2
    cut = list((left[1] / "models/.current.new").iterdir())
    assert max(file.stat().st_size for file in cut) == whole - 1


def text_of(folder):
    """Return what the files of a folder say, after what a reader does first."""
    finish_replacement(folder)
    shown = [path for path in folder.iterdir() if not path.name.startswith(".")]
    files = [path / "c" if path.is_dir() else path for path in sorted(shown)]
    return [path.read_text("utf-8") for path in files]


def test_killed_while_files_are_replaced_all_are_old_or_all_new(killed, tmp_path):
    folder = tmp_path / "two/data"
    (folder / "plots").mkdir(parents=True)
    for name in ("a", "b", "other", "plots/c"):
        (folder / name).write_text("old", "utf-8")
    left = killed(folder.parent, IMPORT, sweep(REPLACE))
    found = [text_of(copy / "data") for copy in left]
    old, new = ["old"] * 4, ["new", "new", "old", "new"]
    switch = found.index(new)
    assert found == [old] * switch + [new] * (len(left) - switch)
    assert len(left) > switch > 4
    for copy in left:
        with replace_files(copy / "data"):
            pass
        assert sorted(os.listdir(copy / "data")) == ["a", "b", "other", "plots"]


def test_splits_that_a_killed_run_made_ready_are_those_that_are_read(own_project):
    ready = own_project / "data/.ready"
    ready.mkdir()
    shutil.copy(own_project / "data/train.parquet", ready / "test.parquet")
    assert len(training.read("test").rows) == len(training.read("train").rows)


def test_a_stage_killed_in_its_midst_is_mended_by_the_next_run(killed, own_project, call, written, monkeypatch):
    before, serving = written(own_project).keys(), served(own_project)
    setup = "import sys; from toys.training import prepare, train, evaluate"
    kills = []
    for path, stage, *words in MIDST:
        code = f"sys.argv[1:] = {words}; {stage.__name__}()"
        kills.append({"code": code, "change": f"os.rename {path}"})
    left = killed(own_project, setup, kills)
    assert len(left) == len(kills)
    for folder, (path, stage, *words) in zip(left, MIDST, strict=True):
        monkeypatch.chdir(folder)
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/mlflow.db")
        assert (folder / path).exists()
        assert served(folder) == serving
        assert artifact.load(SERVICE, folder / "models/baseline").manifest.name == "baseline"
        assert all(len(training.read(split).rows) for split in SPLITS)
        assert call(stage, *words) == 0
        assert written(folder).keys() == before
