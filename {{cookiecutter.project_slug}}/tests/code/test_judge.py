{% include [cookiecutter.task ~ "/tests/code/test_judge.py", "templates/" ~ cookiecutter.task ~ "/tests/code/test_judge.py"] -%}
