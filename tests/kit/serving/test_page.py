"""The page at `/`: its files, their policy, who may read them; test_page_in_browser.py uses it."""

import re
from urllib.parse import urljoin

import pytest
from fastapi.responses import PlainTextResponse
from mlservice.serving.page import FOLDER, PATHS

KEY = "client-key-0123456789"
SENT = {"X-API-Key": KEY}
LIMIT = 60_000  # bytes of all files
LINK = re.compile(r'(?:src|href)="([^"]+)"')


@pytest.fixture(scope="module")
def locked(serving):
    """A client of a service that asks for keys."""
    with serving(api_keys=KEY) as served:
        yield served


@pytest.mark.parametrize("path", PATHS)
def test_a_file_needs_no_key_and_is_asked_for_again_only_if_it_changed(path, locked):
    answer = locked.get(path)
    assert answer.status_code == 200 and answer.content == (FOLDER / PATHS[path]).read_bytes()
    assert answer.headers["cache-control"] == "no-cache"
    again = locked.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = locked.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(answer.content))
    assert locked.post(path).status_code == 405


def test_the_policy_allows_the_page_s_own_files_and_no_inline_script_or_style(client):
    answer = client.get("/")
    directives = dict(part.split(maxsplit=1) for part in answer.headers["content-security-policy"].split(";"))
    nothing = ("default-src", "base-uri", "form-action", "frame-ancestors")
    own = ("script-src", "style-src", "connect-src")
    assert directives == dict.fromkeys(nothing, "'none'") | dict.fromkeys(own, "'self'") | {"img-src": "data:"}
    assert not re.search(r"<style|<script[^>]*>[^<]|\sstyle=|\son\w+=", answer.text)


def test_the_files_are_small_and_load_nothing_from_elsewhere(client):
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= LIMIT
    links = LINK.findall(client.get("/").text)
    assert len(links) >= 4
    for link in links:
        assert link == "data:," or client.get(urljoin("/", link)).status_code == 200, link
    for file in FOLDER.iterdir():
        assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", file.read_text(encoding="utf-8")) == []


def test_it_can_be_switched_off(serving):
    with serving(page=False) as client:
        assert {client.get(path).status_code for path in PATHS} == {404}
    with serving(page=False, api_keys=KEY) as client:
        assert {client.get(path).status_code for path in PATHS} == {401}
        assert {client.get(path, headers=SENT).status_code for path in PATHS} == {404}


@pytest.mark.parametrize("path", ["/", "/page/{name}"])
def test_a_path_of_the_user_s_stays_theirs_and_wants_a_key(path, serving):
    """Services had endpoints there before there was a page."""

    def extend(app):
        app.get(path)(lambda: PlainTextResponse("mine"))

    with serving(extend=extend, api_keys=KEY) as client:
        asked = path.format(name="page.js")
        assert client.get(asked).status_code == 401
        answer = client.get(asked, headers=SENT)
        assert answer.text == "mine" and answer.headers["cache-control"] == "no-store"
        other = ({"/", "/page/page.js"} - {asked}).pop()
        assert [client.get(other, headers=sent).status_code for sent in ({}, SENT)] == [401, 404]


def test_only_files_of_the_page_have_a_label_in_the_metrics(client):
    for path in ("/page/", "/page/other.js", "/page/../page.py", "/page/%2e%2e/page.py"):
        assert client.get(path).status_code == 404
    for path in PATHS:
        client.get(path)
    labels = set(re.findall(r'route="(/page[^"]*|/)"', client.get("/metrics").text))
    assert labels == set(PATHS)
