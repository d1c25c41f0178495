{% include [cookiecutter.task ~ "/details.py", "templates/" ~ cookiecutter.task ~ "/details.py"] -%}
