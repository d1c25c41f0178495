"""The report in headless Chromium: the slider, a phone, dark mode, no script."""

import pytest
from browser import PROGRAM, browsing
from evaluated import classes, numbers

from mlservice.evaluation.pages.report_page import report_page
from mlservice.evaluation.pages.summary_page import summary_page

pytestmark = pytest.mark.skipif(not PROGRAM, reason="chromium is not installed")


@pytest.fixture(scope="module", name="browser")
def browser_(tmp_path_factory):
    """A browser for all tests of this file."""
    with browsing(tmp_path_factory.mktemp("browser")) as started:
        yield started


@pytest.fixture(scope="module", name="address")
def address_(tmp_path_factory):
    """A folder with pages, as an address."""
    folder = tmp_path_factory.mktemp("pages")
    runs = {"classes": classes(), "numbers": numbers()}
    for name, run in runs.items():
        (folder / f"{name}.html").write_text(report_page(run), encoding="utf-8")
    (folder / "summary.html").write_text(summary_page(runs["classes"]), encoding="utf-8")
    return f"file://{folder}"


def test_the_slider_shows_the_row_of_its_threshold(browser, address):
    browser.open(f"{address}/classes.html")
    shown = "[...document.querySelectorAll('#explorer [data-show]')].map(e => [e.dataset.show, e.textContent])"
    assert dict(browser.run(shown))["threshold"] == "0.30"
    assert not browser.run("document.getElementById('threshold-table').open")
    browser.run("document.querySelector('#explorer input').focus()")
    for kind in ("keyDown", "keyUp"):
        browser.send("Input.dispatchKeyEvent", type=kind, key="ArrowRight", windowsVirtualKeyCode=39)
    browser.until("document.querySelector('[data-show=threshold]').textContent == '0.31'")
    row = browser.run("[...document.querySelectorAll('#thresholds tbody tr')[30].cells].map(e => e.textContent)")
    assert [*dict(browser.run(shown)).values()] == [row[at] for at in (0, 1, 3, 2, 4, 5, 6, 7)]
    assert browser.complaints() == []


def test_without_a_script_the_thresholds_are_a_table(browser, address):
    browser.open("about:blank")
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    browser.send("Page.navigate", url=f"{address}/classes.html")
    browser.until("document.readyState == 'complete' && !!document.getElementById('thresholds')")
    assert browser.run("document.getElementById('explorer').hidden")
    assert browser.run("document.getElementById('thresholds').getBoundingClientRect().height") > 100


@pytest.mark.parametrize("name", ["classes", "numbers", "summary"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(name, width, browser, address):
    browser.open(f"{address}/{name}.html")
    browser.send("Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=width < 500)
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.complaints() == []


def test_dark_mode_has_light_text_on_dark_paper_in_plots_too(browser, address):
    browser.open(f"{address}/classes.html")
    colour = (
        "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.querySelector('svg text')).fill"
    )
    light = browser.run(colour)
    browser.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert (light, browser.run(colour)) == ("rgb(255, 255, 255)rgb(27, 31, 36)", "rgb(20, 23, 27)rgb(230, 233, 236)")
