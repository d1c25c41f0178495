{% include [cookiecutter.task ~ "/schema.py", "templates/" ~ cookiecutter.task ~ "/schema.py"] -%}
