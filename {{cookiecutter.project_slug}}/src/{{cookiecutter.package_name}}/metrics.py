{% include [cookiecutter.task ~ "/metrics.py", "templates/" ~ cookiecutter.task ~ "/metrics.py"] -%}
