{% include [cookiecutter.task ~ "/tests/data/test_sample.py", "templates/" ~ cookiecutter.task ~ "/tests/data/test_sample.py"] -%}
