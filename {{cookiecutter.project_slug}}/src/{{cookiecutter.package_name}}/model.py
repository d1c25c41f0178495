{% include [cookiecutter.task ~ "/model.py", "templates/" ~ cookiecutter.task ~ "/model.py"] -%}
