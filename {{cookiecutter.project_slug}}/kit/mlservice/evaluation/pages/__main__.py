"""Print where the report is, and open it: `python -m mlservice.evaluation.pages`."""

import sys
import webbrowser

from mlservice.errors import UserError, run
from mlservice.paths import REPORTS


def main() -> int:
    """Print the paths of the pages; on a terminal, open the report in a browser."""
    report, summary = (REPORTS / name for name in ("report.html", "summary.html"))
    if not report.is_file():
        raise UserError(f"there is no {report}; `make pipeline` writes it")
    print(f"report: {report}")
    if summary.is_file():
        print(f"for people outside machine learning: {summary}")
    if sys.stdout.isatty():
        _open(report.resolve().as_uri())
    return 0


def _open(address: str) -> None:
    """Open a page in a graphical browser; a text browser would take the terminal."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if not isinstance(browser, webbrowser.GenericBrowser) or isinstance(
        browser, webbrowser.BackgroundBrowser
    ):
        browser.open(address)


if __name__ == "__main__":
    run(main)
