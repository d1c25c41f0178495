{% include [cookiecutter.task ~ "/adopt/task.py", "templates/" ~ cookiecutter.task ~ "/adopt/task.py"] -%}
