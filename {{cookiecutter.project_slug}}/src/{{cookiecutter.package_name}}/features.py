{% include [cookiecutter.task ~ "/features.py", "templates/" ~ cookiecutter.task ~ "/features.py", "common/features.py", "templates/common/features.py"] -%}
