{% include [cookiecutter.task ~ "/tests/strategies.py", "templates/" ~ cookiecutter.task ~ "/tests/strategies.py", "common/tests/strategies.py", "templates/common/tests/strategies.py"] -%}
