{% include [cookiecutter.task ~ "/params.py", "templates/" ~ cookiecutter.task ~ "/params.py"] -%}
