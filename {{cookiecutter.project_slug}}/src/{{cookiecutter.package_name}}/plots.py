{% include [cookiecutter.task ~ "/plots.py", "templates/" ~ cookiecutter.task ~ "/plots.py", "common/plots.py", "templates/common/plots.py"] -%}
