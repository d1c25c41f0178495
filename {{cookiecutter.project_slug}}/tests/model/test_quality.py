{% include [cookiecutter.task ~ "/tests/model/test_quality.py", "templates/" ~ cookiecutter.task ~ "/tests/model/test_quality.py"] -%}
