{% include [cookiecutter.task ~ "/bodies.py", "templates/" ~ cookiecutter.task ~ "/bodies.py", "common/bodies.py", "templates/common/bodies.py"] -%}
