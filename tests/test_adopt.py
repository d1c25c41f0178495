"""`make adopt` for real tables: adopted, checked by the project's own CI, trained, served, asked."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from living import Living, interpreter
from pages import commands, run_page
from trial import ROOT

pytestmark = pytest.mark.slow

SHARED = ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class Table:
    """A real table, and what must be said of it."""

    task: str
    target: str
    aside: tuple[str, ...] = ()  # columns that must be left out
    whole: bool = False  # run the project's whole CI, not just what depends on the table


TABLES = {
    "titanic": Table("classification", "survived", ("alive", "class", "embark_town"), whole=True),
    "penguins": Table("classification", "species"),
    "diamonds": Table("regression", "price"),
    "diabetes": Table("regression", "target"),
}

# What scikit-learn's own booster reaches on the same split, with categories as its own native ones.
PLAIN = """
import json, pandas, numpy
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import roc_auc_score, root_mean_squared_error
from {package}.service import SERVICE
TARGET = SERVICE.target
parts = [pandas.read_parquet(f"data/{{name}}.parquet") for name in ("train", "validation", "test")]
known = pandas.concat(parts[:1])
features = known.columns.drop(TARGET.column)
texts = [c for c in features if not pandas.api.types.is_numeric_dtype(known[c])]
def table(part):
    for column in texts:
        values = known[column].value_counts().index[:200]
        part[column] = pandas.Categorical(part[column], values)
    return part[features].astype({{c: float for c in features if c not in texts}})
settings = dict(random_state=0, categorical_features=texts)
given, asked = table(known.copy()), table(parts[2].copy())
if TARGET.kind == "number":
    fitted = HistGradientBoostingRegressor(**settings).fit(given, known[TARGET.column])
    found = dict(rmse=root_mean_squared_error(parts[2][TARGET.column], fitted.predict(asked)))
else:
    fitted = HistGradientBoostingClassifier(**settings).fit(given, known[TARGET.column])
    scores = fitted.predict_proba(asked)
    two = scores.shape[1] == 2
    found = dict(roc_auc=roc_auc_score(parts[2][TARGET.column], scores[:, 1] if two else scores, multi_class="ovr"))
print(json.dumps(found))
"""
PARTS = """
set -e
black --check --quiet . && flake8 src tests
make type pipeline design
pytest --quiet tests/code tests/data tests/model tests/test_contract.py
"""
DRAWN = """
from sklearn import datasets
datasets.load_{name}(as_frame=True).frame.to_csv("{path}", index=False)
"""


@pytest.fixture(scope="module")
def homes(render, tmp_path_factory):
    """Return `homes(task)`: a service that is set up, with its first commit."""
    made: dict[str, Living] = {}

    def home(task: str) -> Living:
        if task not in made:
            folder = tmp_path_factory.mktemp(task)
            rendered = render("cookiecutter", task=task, python_version="3.12")
            copy = shutil.copytree(rendered.folder, folder / rendered.folder.name)
            made[task] = Living(copy, interpreter("3.12", folder))
            made[task].run("make setup")
        return made[task]

    yield home
    for service in made.values():
        shutil.rmtree(service.path, ignore_errors=True)


@pytest.fixture(scope="module", params=TABLES)
def adopted(request, homes, tmp_path_factory):
    """Adopt a table in a service as it was rendered; return service, table, what was said, and the file."""
    name, table = request.param, TABLES[request.param]
    service = homes(table.task)
    service.run("git checkout -q . && git clean -fdq && rm -rf models reports mlflow.db data/*.parquet dvc.lock")
    path = SHARED / f"{name}.csv"
    if table.target == "target":  # one of scikit-learn's
        path = tmp_path_factory.mktemp(name) / f"{name}.csv"
        service.run(f"python - <<'E'{DRAWN.format(name=name, path=path)}E")
    if not path.exists():
        pytest.skip(f"no {path}")
    said = service.run(f"make adopt DATA={path} TARGET={table.target} YES=1")
    return service, table, said, path


def package(service: Living) -> Path:
    """Return the folder of the service's package."""
    return next((service.path / "src").iterdir())


def test_it_says_what_it_leaves_out(adopted):
    service, table, said, _ = adopted
    schema = (package(service) / "schema.py").read_text(encoding="utf-8")
    for column in table.aside:
        assert column in said and "set aside" in said
        assert f"    {column}:" not in schema and f'"{column}"' not in schema


def test_no_row_of_the_user_s_enters_git(adopted):
    service, _, _, path = adopted
    rows = path.read_text(encoding="utf-8").split("\n")[1:400]
    service.run("git add -A")
    kept = service.run("git diff --cached") + service.run("git ls-files")
    service.run("git reset -q")
    assert "data/raw.csv.dvc" in kept and "data/raw.csv\n" not in kept
    assert [row for row in filter(None, rows) if row in kept] == []


def test_everything_works_at_once(adopted):
    service, table, _, _ = adopted
    service.run("make ci" if table.whole else PARTS)
    report = json.loads((service.path / "reports/metrics.json").read_text(encoding="utf-8"))
    assert report["gate"]["passed"]
    code, output = run_page(
        commands((service.path / "README.md").read_text(encoding="utf-8")),
        service.path,
        "setup ci adopt image image-test up down",
        service.python,
    )
    assert code == 0, output[-6000:]
    assert '{"predictions":[{' in output


def test_it_predicts_as_well_as_a_model_made_by_hand(adopted):
    service, _, _, _ = adopted
    plain = json.loads(service.run(f"python - <<'E'{PLAIN.format(package=package(service).name)}E").splitlines()[-1])
    report = json.loads((service.path / "reports/metrics.json").read_text(encoding="utf-8"))
    ours = report["models"]["candidate"]
    for metric, value in plain.items():
        found = ours[metric]["value"]
        assert found <= value * 1.02 if metric == "rmse" else found >= value * 0.98, (metric, found, value)


def test_adopting_twice_gives_the_same_files(adopted):
    service, table, _, path = adopted
    service.run("git add -A")
    before = service.run("git write-tree")
    service.run(f"make adopt DATA={path} TARGET={table.target} YES=1")
    service.run("git add -A")
    assert service.run("git write-tree") == before
    service.run("git reset -q")


def test_a_target_of_another_task_is_refused_with_the_command_that_brings_it(homes):
    if not SHARED.exists():
        pytest.skip(f"no {SHARED}")
    service = homes("classification")
    service.run("git add -A")
    before = service.run("git write-tree")
    code, said = service.try_(f"make adopt DATA={SHARED}/diamonds.csv TARGET=price YES=1")
    assert code != 0 and "task=regression" in said and "Traceback" not in said
    service.run("git add -A")
    assert service.run("git write-tree") == before
    service.run("git reset -q")
