{% include [cookiecutter.task ~ "/tests/model/test_behaviour.py", "templates/" ~ cookiecutter.task ~ "/tests/model/test_behaviour.py"] -%}
