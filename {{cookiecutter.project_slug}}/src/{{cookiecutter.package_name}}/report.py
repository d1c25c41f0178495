{% include [cookiecutter.task ~ "/report.py", "templates/" ~ cookiecutter.task ~ "/report.py"] -%}
