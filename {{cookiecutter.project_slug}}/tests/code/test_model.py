{% include [cookiecutter.task ~ "/tests/code/test_model.py", "templates/" ~ cookiecutter.task ~ "/tests/code/test_model.py"] -%}
