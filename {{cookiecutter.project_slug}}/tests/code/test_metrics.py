{% include [cookiecutter.task ~ "/tests/code/test_metrics.py", "templates/" ~ cookiecutter.task ~ "/tests/code/test_metrics.py"] -%}
