{% include [cookiecutter.task ~ "/prediction.py", "templates/" ~ cookiecutter.task ~ "/prediction.py", "common/prediction.py", "templates/common/prediction.py"] -%}
