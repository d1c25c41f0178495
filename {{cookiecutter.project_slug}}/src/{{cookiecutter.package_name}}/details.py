{% include [cookiecutter.task ~ "/details.py", "templates/" ~ cookiecutter.task ~ "/details.py", "common/details.py", "templates/common/details.py"] -%}
