{% include [cookiecutter.task ~ "/tests/code/test_prediction.py", "templates/" ~ cookiecutter.task ~ "/tests/code/test_prediction.py"] -%}
