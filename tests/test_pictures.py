"""The pictures of `make pictures`: all are there, small, and show today's headings. No pixels are compared."""

import json
import re
import struct

import pytest

from conftest import ROOT

PICTURES = ROOT / "docs/pictures"
PAGES = ROOT / "{{cookiecutter.project_slug}}/kit/mlservice/evaluation/pages"
LARGEST = 150_000  # bytes
NAMES = [
    f"{page}-{width}-{mode}.png"
    for page in ("page", "report", "summary")
    for width in (390, 1280)
    for mode in ("light", "dark")
]


def test_each_page_is_there_in_both_sizes_and_modes():
    assert sorted(path.name for path in PICTURES.glob("*.png")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_small_and_as_wide_as_its_screen(name):
    data = (PICTURES / name).read_bytes()
    width, _ = struct.unpack(">II", data[16:24])
    assert width == int(name.split("-")[1]) and len(data) <= LARGEST


@pytest.mark.parametrize("page", ["report", "summary"])
def test_the_headings_are_those_of_the_template(page):
    shown = json.loads((PICTURES / "headings.json").read_text(encoding="utf-8"))[page]
    text = (PAGES / f"{page}.html").read_text(encoding="utf-8")
    always = [title for title in re.findall(r"<h2[^>]*>([^<]+)</h2>", text) if "[[" not in title]
    assert len(always) > 3 and [title for title in shown if title in always] == always, "type `make pictures`"


def test_the_documentation_shows_two_of_them():
    text = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    assert set(re.findall(r"pictures/(\S+\.png)", text)) == {"report-1280-light.png", "page-390-dark.png"}
