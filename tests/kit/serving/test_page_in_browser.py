"""The page at `/` in headless Chromium: each task, wrong values, refusals, keys, a path prefix."""

import base64
import dataclasses
import io
import json
import shlex
import subprocess
from contextlib import ExitStack, contextmanager
from typing import Annotated

import numpy as np
import pytest
from browser import PROGRAM, browsing
from mlservice.encoding.table import TableEncoding
from mlservice.schema.declare import Row, coded
from mlservice.schema.encoder import Encoder
from mlservice.testing.toy_models import save_toy
from PIL import Image
from pydantic import BaseModel
from toys import SERVICES, TASKS
from toys.regression import SERVICE as REGRESSION

pytestmark = pytest.mark.skipif(not PROGRAM, reason="chromium is not installed")

KEY = "client-key-0123456789"
SHOWN = "document.querySelector('#main:not([hidden])') && document.getElementById('model').textContent"
SETTLED = "document.getElementById('form').ariaBusy == 'false'"
ANSWER, CURL = (f"document.getElementById({name!r})" for name in ("answer", "curl"))
FAULTS = (
    "[...document.querySelectorAll('.error')].filter(e => e.textContent)"
    ".map(e => [e.closest('.field')?.querySelector('code').textContent ?? null, e.textContent])"
)
FOCUS = "decodeURIComponent(document.activeElement.id)"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """A browser for all tests of this file."""
    with browsing(tmp_path_factory.mktemp("browser")) as started:
        yield started


@pytest.fixture(scope="module")
def ports(answering):
    """The port of a running service of each task."""
    with ExitStack() as stack:
        yield {task: stack.enter_context(answering(service=SERVICES[task]))[0] for task in TASKS}


@pytest.fixture
def page(browser, ports):
    """Return `page(task)`, which opens a page."""
    return lambda task: visit(browser, f"http://127.0.0.1:{ports[task]}/")


def visit(browser, url):
    """Open a page and wait for its form."""
    browser.open(url)
    browser.until(SHOWN)
    return browser


def fill(browser, column, value):
    """Put a value into the field of a column, as if it were typed."""
    name = json.dumps(column)
    field = f"[...document.querySelectorAll('.field')].find(e => e.querySelector('code').textContent == {name})"
    control = f"{field}.querySelector('input, select, textarea')"
    browser.run(
        f"{control}.value = {json.dumps(value)}; {control}.dispatchEvent(new Event('input', {{bubbles: true}}))"
    )


def send(browser):
    """Press Predict; return the text of the answer."""
    browser.run("document.querySelector('button.first').click()")
    browser.until(SETTLED)
    return browser.run(f"{ANSWER}.innerText")


def row_of(browser):
    """Return the row in the command that the page shows."""
    command = browser.run(f"{CURL}.textContent").replace("\\\n", "")
    *_, option, body = shlex.split(command)
    assert option == "--data"
    [row] = json.loads(body)["instances"]
    return row


def ask(command):
    """Run the command that the page shows; return the prediction."""
    command = ["bash", "-c", f"{command} --silent --fail --noproxy '*'"]
    printed = subprocess.run(command, capture_output=True, timeout=20, check=True)
    return json.loads(printed.stdout)["predictions"][0]


def leaves(value):
    """Yield the values of nested JSON."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    yield from [leaf for part in parts for leaf in leaves(part)] if isinstance(value, (dict, list)) else [value]


FILLED = {
    "classification": {
        "months": "7",
        "charge": "",
        "consent": "false",
        "grade": '"high"',
        "note": 'Don\'t "quote" $me;\n',
    },
    "regression": {"distance": "12.5", "minutes": "", "vehicle": '"economy"'},
    "forecasting": {"product": "white bread", "horizon": "5"},
    "text": {"text": "Where's my refund? 100 % `true` \\n \u00e9\u4e2d", "channel": '"app"'},
    "image": {},
}


@pytest.mark.parametrize("task", TASKS)
def test_values_are_sent_and_the_answer_is_shown(task, page):
    browser = page(task)
    assert browser.run(SHOWN).startswith("Model ")
    for column, value in FILLED[task].items():
        fill(browser, column, value)
    text = send(browser)
    predicted = ask(browser.run(f"{CURL}.textContent"))
    for word in [leaf for leaf in leaves(predicted) if isinstance(leaf, str)]:
        assert word in text
    for value in [leaf for leaf in leaves(predicted) if isinstance(leaf, float)]:
        assert {f"{value:.6g}", f"{value:.5g}", f"{100 * value:.1f}%", f"{100 * value:.0f}%"} & {*text.split()}, value
    assert browser.run(FAULTS) == []
    assert browser.complaints() == []


def test_the_command_holds_what_was_filled_in(page):
    browser = page("classification")
    for column, value in FILLED["classification"].items():
        fill(browser, column, value)
    example = SERVICES["classification"].example
    typed = {"months": 7, "charge": None, "consent": False, "grade": "high", "note": 'Don\'t "quote" $me;\n'}
    assert row_of(browser) == example | typed
    browser.run("document.querySelector('[type=reset]').click()")
    browser.until(f"!{CURL}.textContent.includes('quote')")
    assert row_of(browser) == example


def test_each_field_has_a_label_limits_and_a_description(page):
    browser = page("classification")
    assert browser.run("document.title") == "toy-classification"
    found = browser.run(
        "[...document.querySelectorAll('.field')].map(e => { const c = e.querySelector('input, select, textarea');"
        "return [c.labels[0].textContent, c.getAttribute('aria-describedby').split(' ').map(id =>"
        "document.getElementById(id).textContent.trim()).join(), c.min, c.max, c.step, c.localName] })"
    )
    assert found[0] == ["Months since the contract began", "months 0 to 120 months,", "0", "120", "1", "input"]
    assert found[1] == ["Price of the plan", "charge 0 to 250 EUR, may be unknown,", "0", "250", "any", "input"]
    assert [each[0] for each in found] == [feature.meaning for feature in SERVICES["classification"].features]
    assert found[-1][-1] == "textarea" and "at most 10,000 characters" in found[-1][1]


@pytest.mark.parametrize(
    ("task", "column", "value", "message"),
    [
        ("classification", "months", "121", "less than or equal to 120"),
        ("classification", "calls", "", "valid number"),
        ("classification", "since", "yesterday", "write a date or a time"),
        ("forecasting", "units", "day,units\n2026-02-02,1\n2026-02-03,some", 'Line 3: "some" is no number'),
        ("forecasting", "units", "2026-02-02,1\n2026-02-02,2", "Line 2: its day is not after"),
        ("forecasting", "units", "2026-02-02,1\n2027-02-03,2", "Line 2: it is more than 60 days"),
        ("forecasting", "units", "2026-02-02,1\nsoon,2", "Line 2: begin it with a day"),
        ("forecasting", "units", "2026-02-02,1\n2026-02-03,-2", "Value 2: Input should be greater"),
        ("forecasting", "units", "", "write a day"),
        ("text", "text", "x" * 1001, "at most 1000 characters"),
    ],
)
def test_a_wrong_value_is_named_beside_its_field_which_has_the_focus(task, column, value, message, page):
    browser = page(task)
    fill(browser, column, value)
    assert "An example is filled in" in send(browser)
    found = browser.run(FAULTS)
    assert [name for name, _ in found] == [column] and message in found[0][1]
    assert browser.run(FOCUS) == f"field-{column}"
    assert browser.run("document.activeElement.getAttribute('aria-invalid')") == "true"
    browser.run("document.querySelector('[type=reset]').click()")
    browser.until(f"{CURL}.textContent.startsWith('curl')")
    send(browser)
    assert browser.run(FAULTS) == []


def test_a_history_is_pasted_and_drawn_with_its_forecast(page):
    browser = page("forecasting")
    days = [f"2026-03-{day:02};;{day},5" for day in range(1, 13) if day != 4]
    fill(browser, "units", "\r\n".join(["day;price;units", *days]))
    send(browser)
    row = row_of(browser)
    assert row["start"] == "2026-03-01" and row["units"] == [1.5, 2.5, 3.5, None, *(day + 0.5 for day in range(5, 13))]
    label = browser.run("document.querySelector('svg').getAttribute('aria-label')")
    assert label == "units: 12 days of history, then a forecast of 3 days"
    future, past = (f"document.querySelector('{name}')" for name in ("polyline.future", "path.past"))
    assert browser.run(f"{future}.points.numberOfItems") == 4
    assert browser.run(f"{past}.getAttribute('d').match(/M/g).length") == 2
    rows = browser.run("[...document.querySelectorAll('.days tbody tr')].map(e => e.innerText)")
    assert [row.split()[0] for row in rows] == ["2026-03-13", "2026-03-14", "2026-03-15"]


@contextmanager
def changed(answering, folder, service):
    """Serve a service with a toy model of its own; give its port."""
    save_toy(service, folder)
    with answering(service=service, model_dir=folder) as [port]:
        yield port


class Interval(BaseModel):
    """Both ends of each day's interval."""

    low: list[float]
    high: list[float]


class WithInterval(SERVICES["forecasting"].prediction):
    """A forecast with an interval."""

    interval: Interval


def test_an_interval_is_drawn_around_a_forecast(answering, browser, tmp_path):
    toy = SERVICES["forecasting"]

    def decide(*given):
        found = [one.model_dump() for one in toy.decide(*given)]
        return [
            WithInterval(**one, interval=Interval(low=[value - 1 for value in one["units"]], high=[9.5] * 3))
            for one in found
        ]

    service = dataclasses.replace(toy, prediction=WithInterval, decide=decide)
    with changed(answering, tmp_path / "model", service) as port:
        visit(browser, f"http://127.0.0.1:{port}/")
        text = send(browser)
        assert browser.run("document.querySelector('polygon.interval').points.numberOfItems") == 6
    assert "low" in text and text.count("9.5") >= 3


class Reasoned(REGRESSION.prediction):
    """A prediction with its reasons."""

    explanation: dict[str, dict[str, float]]


def test_contributions_are_signed_bars(answering, browser, tmp_path):
    parts = {"distance": 2.5, "minutes": -5.0, "hour": 0.0}

    def decide(*given):
        found = REGRESSION.decide(*given)
        return [Reasoned(**one.model_dump(), explanation={"contributions": parts}) for one in found]

    service = dataclasses.replace(REGRESSION, prediction=Reasoned, decide=decide)
    with changed(answering, tmp_path / "model", service) as port:
        visit(browser, f"http://127.0.0.1:{port}/")
        send(browser)
        rows = browser.run("[...document.querySelectorAll('.signed tr')].map(e => e.innerText.split(/\\s+/).join(' '))")
        bars = browser.run(
            "[...document.querySelectorAll('.signed i')].map(e => [e.className, e.getAttribute('style')])"
        )
        assert browser.complaints() == []
    assert rows == ["minutes -5", "distance +2.5", "hour 0"]
    ends = [["minus", 0, 50], ["plus", 50, 75], ["plus", 50, 50]]
    assert bars == [[name, f"--from: {start}%; --to: {end}%;"] for name, start, end in ends]


def read(text):
    """Decode a PNG: four brightnesses."""
    picture = Image.open(io.BytesIO(base64.b64decode(text)), formats=["PNG"]).convert("L").resize((2, 2))
    return np.asarray(picture, np.float32).reshape(-1) / 255


def png(side, grey):
    """Return a PNG of one grey."""
    file = io.BytesIO()
    Image.new("L", (side, side), grey).save(file, "PNG")
    return file.getvalue()


TOY = SERVICES["image"].features[0].encoder
PNG = Encoder(form="a PNG in base64", longest=100_000, width=4, read=read, encode=TOY.encode)


class Scan(Row):
    """One picture."""

    image: Annotated[np.ndarray, PNG] = coded("A scan", example=base64.b64encode(png(8, 200)).decode())


def test_a_picture_is_drawn_or_chosen(answering, browser, tmp_path):
    seen = []

    def decide(scans, *given):
        seen.extend(scan.image.round(1).tolist() for scan in scans)
        return SERVICES["image"].decide(scans, *given)

    encoding = TableEncoding(Scan)
    service = dataclasses.replace(SERVICES["image"], instance=Scan, encoding=encoding, decide=decide)
    with changed(answering, tmp_path / "model", service) as port:
        seen.clear()
        visit(browser, f"http://127.0.0.1:{port}/")
        send(browser)
        draw(browser)
        send(browser)
        file = tmp_path / 'a "scan"; 1.png'
        file.write_bytes(png(3, 100))
        node = browser.send("Runtime.evaluate", expression="document.querySelector('[type=file]')")["result"]
        browser.send("DOM.setFileInputFiles", files=[str(file)], objectId=node["objectId"])
        browser.until(f"{CURL}.textContent.includes('--form')")
        send(browser)
        file.rename(tmp_path / "scan.png")
        command = browser.run(f"{CURL}.textContent").replace('a \\"scan\\"; 1.png', str(tmp_path / "scan.png"))
        ask(command)
        assert browser.complaints() == []
    example, drawn, chosen, typed = (seen[at] for at in range(4))
    assert example == pytest.approx([0.8] * 4, abs=0.05) and chosen == typed == pytest.approx([0.4] * 4)
    assert drawn[0] < 0.9 and drawn[3] == 1.0  # ink in the upper left corner of white paper


def draw(browser):
    """Draw a line in the upper left corner of the canvas."""
    browser.run("document.querySelector('canvas').scrollIntoView()")
    left, top = browser.run("(e => [e.left, e.top])(document.querySelector('canvas').getBoundingClientRect())")
    for kind, at in (("mousePressed", 30), ("mouseMoved", 90), ("mouseReleased", 90)):
        where = {"x": left + at, "y": top + at, "button": "left", "buttons": 1, "clickCount": 1}
        browser.send("Input.dispatchMouseEvent", type=kind, **where)


def test_without_a_model_it_says_why_and_when_to_try_again(answering, browser, tmp_path):
    with answering(model_dir=tmp_path / "none", retry_after_seconds=7) as [port]:
        visit(browser, f"http://127.0.0.1:{port}/")
        said = [browser.run(SHOWN)]
        send(browser)
        said.append(browser.run("document.getElementById('problem').textContent"))
    for text in said:
        assert text.startswith("Not ready: no model in ") and text.endswith("; try again in 7 seconds.")
    assert browser.run("document.activeElement.id") == "problem"


def test_a_service_that_has_gone_is_named(answering, browser):
    with answering(grace_seconds=0) as [port]:
        visit(browser, f"http://127.0.0.1:{port}/")
    send(browser)
    [[column, message]] = browser.run(FAULTS)
    assert column is None and message.startswith("The request could not be sent: ")


def test_a_key_is_asked_for_and_kept_in_memory_only(answering, browser):
    with answering(api_keys=KEY) as [port]:
        visit(browser, f"http://127.0.0.1:{port}/")
        assert browser.run("document.querySelector('#fields input').type") == "password"
        for given, message in (("", "Send a key in the header"), ("wrong", "is not known")):
            fill(browser, "X-API-Key", given)
            send(browser)
            [[column, text]] = browser.run(FAULTS)
            assert column == "X-API-Key" and message in text
            assert browser.run(FOCUS) == "field-X-API-Key"
        fill(browser, "X-API-Key", KEY)
        assert "Probabilities" in send(browser)
        assert browser.run(FAULTS) == []
        assert KEY not in browser.run("document.documentElement.outerHTML")
        assert '--header "X-API-Key: $API_KEY"' in browser.run(f"{CURL}.textContent")
        kept = browser.run("[localStorage.length, sessionStorage.length, document.cookie, location.href].join()")
        assert kept == f"0,0,,http://127.0.0.1:{port}/"
        browser.send("Page.reload")
        browser.until(SHOWN)
        assert browser.run("document.querySelector('#fields input').value") == ""


def test_it_works_behind_a_path_prefix(answering, browser):
    with answering(root_path="/churn") as [port]:
        visit(browser, f"http://127.0.0.1:{port}/churn/")
        assert "Probabilities" in send(browser)
        assert browser.run(f"{CURL}.textContent").startswith(f"curl 'http://127.0.0.1:{port}/churn/predict'")
        assert browser.complaints() == []
        browser.open(f"http://127.0.0.1:{port}/churn")
        assert browser.until("location.pathname == '/churn/'")


def test_it_is_used_with_the_keyboard_alone(page):
    browser = page("regression")
    for _ in range(3):  # past the link and the first two fields
        press(browser, "Tab")
        if browser.run(FOCUS) == "field-minutes":
            break
    assert browser.run(FOCUS) == "field-minutes"
    browser.run("document.activeElement.select()")
    browser.send("Input.insertText", text="33")
    press(browser, "Enter", text="\r")
    browser.until(SETTLED)
    assert row_of(browser)["minutes"] == 33
    assert "value" in browser.run(f"{ANSWER}.innerText")
    assert browser.run(f"{ANSWER}.getAttribute('aria-live')") == "polite"


def test_what_is_no_number_is_not_sent(page):
    browser = page("regression")
    browser.run("document.getElementById('field-minutes').select()")
    browser.send("Input.insertText", text="1e")
    assert browser.run(f"{CURL}.textContent") == "A value cannot be sent: press Predict to see which."
    send(browser)
    assert browser.run(FAULTS) == [["minutes", "Write a number"]]
    assert browser.run(FOCUS) == "field-minutes"


def press(browser, key, **more):
    """Press a key and release it."""
    for kind in ("keyDown", "keyUp"):
        code = {"Tab": 9, "Enter": 13}[key]
        browser.send("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **more)
        more = {}


@pytest.mark.parametrize("task", TASKS)
def test_nothing_is_wider_than_a_phone(task, page, browser):
    page(task)
    browser.send("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=1, mobile=True)
    send(browser)
    assert browser.run("document.documentElement.scrollWidth") == 390
