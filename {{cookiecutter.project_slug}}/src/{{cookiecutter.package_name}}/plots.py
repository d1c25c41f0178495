{% include [cookiecutter.task ~ "/plots.py", "templates/" ~ cookiecutter.task ~ "/plots.py"] -%}
