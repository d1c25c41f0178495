{% include [cookiecutter.task ~ "/columnar.py", "templates/" ~ cookiecutter.task ~ "/columnar.py", "common/columnar.py", "templates/common/columnar.py"] -%}
