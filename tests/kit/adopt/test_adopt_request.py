"""The README's request is what a shell sends, whatever the columns are called."""

import json
import subprocess

import pytest

from mlservice.adopt.writers.request import WIDTH, curl

ODD = {
    "Total charges ($)": 12.5,
    "it's": 'O\'Neill `rm -rf` $HOME \\ !! "x"',
    "class": None,
    "été": True,
    "": "line\nbreak\u2028and\x07bell",
    "🚀": -1,
}
MANY = {f"a column with a long name, number {number}": number for number in range(90)}


def sent(command):
    """Return the words of the command, as a shell hands them over."""
    script = command.replace("curl -s", "printf '%s\\0'", 1)
    done = subprocess.run(("bash", "-c", script), capture_output=True, check=True)
    return done.stdout.decode().split("\0")


@pytest.mark.parametrize("example", [ODD, MANY, {}, {"x": "'''"}])
def test_a_shell_sends_the_example(example):
    url, _, header, _, body, _ = sent(curl(example, "http://there/predict"))
    assert url == "http://there/predict"
    assert header == "Content-Type: application/json"
    assert json.loads(body) == {"instances": [example]}


def test_lines_are_short_enough_to_read():
    lines = curl(MANY).splitlines()
    assert 30 < len(lines) < 90
    assert max(map(len, lines)) <= WIDTH


def test_a_value_that_is_longer_than_a_line_stands_alone():
    _, first, long, last, _ = curl({"a": 1, "b": "x" * 300, "c": 2}).splitlines()
    assert (first, last) == ('  "a": 1,', '  "c": 2')
    assert len(long) > 300


def test_what_cannot_be_seen_is_written_by_its_number():
    assert "\\u2028" in curl(ODD) and "\\u0007" in curl(ODD)
    assert all(line.isprintable() for line in curl(ODD).splitlines())
    assert '"été"' in curl(ODD)
