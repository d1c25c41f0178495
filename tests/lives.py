"""What a team does to its project, and what must be there after an update."""

import yaml
from updates import NEXT, Followed, edit


def live(project: Followed) -> None:
    """Change a project as its team would: code, the library, a dependency; some files go, one comes."""
    folder = project.folder
    edit(folder, "src/customer_churn/model.py", "def baseline", "def our_baseline")
    edit(folder, "src/customer_churn/schema.py", '"""', '"""Ours. ')
    edit(folder, "kit/mlservice/serving/limits.py", "too many requests are", "too many of our requests are")
    edit(folder, "requirements/train.in", "pyarrow", "polars\npyarrow")
    edit(folder, "Makefile", "help: ## Print this list", "help: ## Print our list")
    edit(folder, "compose.yaml", "services:", "services: # ours")
    for name in ("notebooks/explore.ipynb", "deploy/mlflow/Dockerfile", "tests/code/test_metrics.py", ".editorconfig"):
        (folder / name).unlink()
    (folder / "src/customer_churn/mine.py").write_text('"""Mine."""\n', encoding="utf-8")
    (folder / "deploy/grafana/mine.json").write_text('{"mine": true}\n', encoding="utf-8")
    project.commit()


def check_lives(project: Followed, commit: str = NEXT) -> None:
    """Fail where an edit was lost, a file came back, or the team's change did not arrive."""
    assert "def our_baseline" in project.read("src/customer_churn/model.py")
    assert project.read("src/customer_churn/schema.py").startswith('"""Ours. ')
    assert "polars\n" in project.read("requirements/train.in")
    assert "## Print our list" in project.read("Makefile")
    gone = ("notebooks/explore.ipynb", "deploy/mlflow/Dockerfile", "tests/code/test_metrics.py", ".editorconfig")
    assert [name for name in (*gone, ".dvcignore") if project.has_file(name)] == []
    assert project.has_file("src/customer_churn/mine.py")
    assert "hello: ## Greet" in project.read("Makefile")
    assert "max-args = 8" in project.read("pyproject.toml")
    assert "annotated-types-of-the-team==" in project.read("requirements/dev.txt")
    assert project.read("deploy/new.yaml") == "new: github\n"
    assert "All make targets" not in project.read("README.md")
    assert "THE ORDER" not in project.read("src/customer_churn/train.py")
    check_library(project)
    assert yaml.safe_load(project.read(".copier-answers.yml"))["_commit"] == commit


def check_library(project: Followed) -> None:
    """Fail where the library lost the team's line, or did not get the template's."""
    limits = project.read("kit/mlservice/serving/limits.py")
    assert "too many of our requests are" in limits and "BODIES = 8 " in limits
    assert "The next version's. " in project.read("kit/mlservice/serving/auth.py")
    assert project.has_file("kit/mlservice/data/newer.py")
