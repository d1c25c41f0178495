"""A service behind a proxy that gives it a path prefix, whether the proxy strips it or not."""

import json
import re
import urllib.error
import urllib.request
from types import SimpleNamespace
from urllib.parse import urljoin

import pytest
from exchanges import answer_of, answers_of, exchange
from own_endpoints import ADMIN, KEY
from processes import free_port
from raw_http import BODY
from shapes import LENGTH, get, post

PREFIX = "/prefix"
LINK = re.compile(r"""(?:src|href|url)\s*[=:]\s*["']([^"']+)["']""")
STRIPPED = pytest.mark.parametrize("end", ["/", ""], ids=["stripped", "not stripped"])
SECRETS = {"api_keys": KEY, "admin_keys": ADMIN, "root_path": PREFIX}
STARTS = ("", PREFIX, PREFIX * 2, "//prefix", "/prefix/", "/PREFIX", "/prefix/x/..", "/prefix/.", "/prefix/%2e")
OPERATORS = ("/admin/reload", "/admin/reload/", "/%61dmin/reload", "//admin/reload", "/metrics", "/%6detrics")


@pytest.fixture(scope="module")
def prefixed(started):
    """A service that knows its prefix."""
    with started(**SECRETS) as service:
        yield service


@pytest.fixture(scope="module")
def separate(started):
    """A service that knows its prefix and has a port for operators."""
    port = free_port()
    with started(admin_port=port, **SECRETS) as service:
        yield SimpleNamespace(port=service.port, url=service.url, admin_port=port)


@pytest.fixture
def behind(nginx):
    """Return `behind(service, end)`, a context with nginx before it; it strips the prefix if `end` is a slash."""
    return lambda service, end: nginx(f"location {PREFIX}/ {{ proxy_pass {service.url}{end}; }}")


def ask(url, key=None, body=None, method=None):
    """Ask; return status and text of the answer."""
    headers = {"Content-Type": "application/json"} | ({"X-API-Key": key} if key else {})
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@STRIPPED
def test_the_page_of_docs_loads_behind_a_prefix(end, behind, prefixed):
    with behind(prefixed, end) as proxy:
        page = f"{proxy.url}{PREFIX}/docs"
        status, html = ask(page)
        assert status == 200
        links = [urljoin(page, link) for link in LINK.findall(html) if not link.startswith("data:")]
        assert len(links) >= 3 and all(link.startswith(f"{proxy.url}{PREFIX}/") for link in links), links
        assert not [link for link in links if ask(link)[0] != 200]
        [document] = {link for link in links if link.endswith("openapi.json")}
        content = json.loads(ask(document)[1])
        bases = [urljoin(document, server["url"]) for server in content["servers"]]
        assert "/predict" in content["paths"] and bases
        for base in bases:  # which the page asks when someone tries a request
            assert ask(f"{base.rstrip('/')}/predict", KEY, BODY)[0] == 200


@STRIPPED
def test_the_page_that_asks_loads_behind_a_prefix(end, behind, prefixed):
    with behind(prefixed, end) as proxy:
        for page in (f"{proxy.url}{PREFIX}/", f"{proxy.url}{PREFIX}"):  # the second leads to the first
            status, html = ask(page)
            links = [urljoin(f"{proxy.url}{PREFIX}/", link) for link in LINK.findall(html) if link != "data:,"]
            assert status == 200 and len(links) >= 3
            assert not [link for link in links if ask(link)[0] != 200]


@STRIPPED
def test_keys_are_asked_for_behind_a_prefix(end, behind, prefixed):
    with behind(prefixed, end) as proxy:
        predict, model, reload = (f"{proxy.url}{PREFIX}{path}" for path in ("/predict", "/model", "/admin/reload"))
        assert [ask(predict, key, BODY)[0] for key in (None, ADMIN, KEY)] == [401, 401, 200]
        assert [ask(model, key)[0] for key in (None, ADMIN, KEY)] == [401, 401, 200]
        assert [ask(reload, key, method="POST")[0] for key in (None, KEY, ADMIN)] == [401, 401, 200]
        assert [ask(f"{proxy.url}{PREFIX}{probe}")[0] for probe in ("/healthz", "/readyz")] == [200, 200]
        assert [ask(f"{proxy.url}{PREFIX}{path}", KEY)[0] for path in ("", "/none", "x/model")] == [200, 404, 404]


@STRIPPED
def test_operators_paths_are_not_behind_a_prefix_if_they_have_a_port(end, behind, separate):
    with behind(separate, end) as proxy:
        assert ask(f"{proxy.url}{PREFIX}/predict", KEY, BODY)[0] == 200
        for key in (KEY, ADMIN):
            assert ask(f"{proxy.url}{PREFIX}/admin/reload", key, method="POST")[0] == 404
            assert ask(f"{proxy.url}{PREFIX}/metrics", key)[0] == 404
    assert ask(f"http://127.0.0.1:{separate.admin_port}/admin/reload", ADMIN, method="POST")[0] == 200
    assert ask(f"http://127.0.0.1:{separate.admin_port}/metrics")[0] == 200


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("path", OPERATORS)
def test_no_spelling_of_a_path_reaches_what_operators_have(path, start, separate):
    target = (start + path).encode()
    for key in (KEY, ADMIN):
        for method in (b"GET", b"POST"):
            request = get(b"X-API-Key: " + key.encode(), line=b"%b %b HTTP/1.1" % (method, target))
            answer = answer_of(exchange(separate.port, request, ended=True))
            assert 400 <= answer.status < 500, answer


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("path", ["/predict", "/predict/", "predict", "/%70redict", "//predict"])
def test_no_spelling_of_a_path_predicts_without_a_key(path, start, prefixed):
    request = post(LENGTH, line=b"POST %b HTTP/1.1" % (start + path).encode())
    for answer in answers_of(exchange(prefixed.port, request, ended=True)):
        assert answer.status in {400, 401, 404, 405} and b"predictions" not in answer.body


def test_the_service_answers_without_its_prefix_too(prefixed):
    probes = [ask(prefixed.url + path)[0] for path in ("/healthz", "/readyz", "/docs", "/openapi.json", "/")]
    assert probes == [200] * 5  # the kubelet's, and a person's on the same machine
    assert [ask(f"{prefixed.url}/predict", key, BODY)[0] for key in (None, KEY)] == [401, 200]
