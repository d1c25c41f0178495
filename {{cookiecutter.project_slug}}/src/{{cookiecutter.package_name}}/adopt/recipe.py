{% include [cookiecutter.task ~ "/adopt/recipe.py", "templates/" ~ cookiecutter.task ~ "/adopt/recipe.py", "common/adopt/recipe.py", "templates/common/adopt/recipe.py"] -%}
