{% include [cookiecutter.task ~ "/metrics.py", "templates/" ~ cookiecutter.task ~ "/metrics.py", "common/metrics.py", "templates/common/metrics.py"] -%}
