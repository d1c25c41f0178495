"""The service, as the image starts it: `python -m` and the package's name."""

from mlservice.process import exit_on_sigterm

if __name__ == "__main__":
    exit_on_sigterm()  # before the imports below, which take a second
    from mlservice.errors import run

    from .serve import main

    run(main)
