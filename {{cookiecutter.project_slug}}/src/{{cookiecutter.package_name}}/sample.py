{% include [cookiecutter.task ~ "/sample.py", "templates/" ~ cookiecutter.task ~ "/sample.py"] -%}
