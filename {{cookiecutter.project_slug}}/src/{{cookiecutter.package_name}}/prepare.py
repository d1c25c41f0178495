{% include [cookiecutter.task ~ "/prepare.py", "templates/" ~ cookiecutter.task ~ "/prepare.py", "common/prepare.py", "templates/common/prepare.py"] -%}
