{% include [cookiecutter.task ~ "/prediction.py", "templates/" ~ cookiecutter.task ~ "/prediction.py"] -%}
