"""Endpoints of the user's own ask for a client's key where one is set."""

import pytest

from own_endpoints import ADMIN, ENDPOINTS, KEY, OTHER, SENT, TEMPLATES

each_endpoint = pytest.mark.parametrize(("method", "path", "sent"), ENDPOINTS)


@each_endpoint
def test_an_endpoint_answers_without_a_key_where_none_is_set(method, path, sent, opened):
    assert opened.request(method, path, **sent).status_code == 200


@pytest.mark.parametrize("key", [None, "", KEY[:-1], ADMIN])
@each_endpoint
def test_an_endpoint_asks_for_a_key_of_a_client(method, path, sent, key, locked):
    headers = {} if key is None else {"X-API-Key": key}
    answer = locked.request(method, path, headers=headers, **sent)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "APIKey")
    assert "the header X-API-Key" in answer.json()["detail"]


@pytest.mark.parametrize("key", [KEY, OTHER])
@each_endpoint
def test_each_key_of_a_client_opens_it(method, path, sent, key, locked):
    assert locked.request(method, path, headers={"X-API-Key": key}, **sent).status_code == 200


@pytest.mark.parametrize("path", ["/order", "/raw", "/routed/order"])
def test_without_a_key_its_body_is_not_read(path, locked):
    sent = []

    def endless():
        while len(sent) < 1_000:
            sent.append(1)
            yield b" "

    assert locked.post(path, content=endless()).status_code == 401
    assert len(sent) < 1_000
    assert locked.post(path, content=b"{").status_code == 401


def test_the_document_names_the_key_of_each(locked, opened):
    for client, security in ((locked, [{"APIKey": []}]), (opened, None)):
        paths = client.get("/openapi.json").json()["paths"]
        for method, path, _ in ENDPOINTS:
            described = paths[TEMPLATES.get(path, path)][method.lower()]
            assert described.get("security") == security
            assert ("401" in described["responses"]) == bool(security)


def test_the_endpoints_of_the_library_keep_their_own_keys(locked):
    assert locked.get("/healthz").status_code == 200
    assert locked.get("/metrics").status_code == 200
    assert locked.post("/admin/reload", headers=SENT).status_code == 401
    assert locked.post("/admin/reload", headers={"X-API-Key": ADMIN}).status_code == 200
    paths = locked.get("/openapi.json").json()["paths"]
    assert "security" not in paths["/healthz"]["get"]
    assert paths["/admin/reload"]["post"]["security"] == [{"AdminKey": []}]
    assert locked.get("/no/such/path").status_code == 401
    assert locked.get("/no/such/path", headers=SENT).status_code == 404


def test_a_page_in_a_folder_asks_for_the_key(serving, tmp_path):
    (tmp_path / "index.html").write_text("<p>mine</p>", encoding="utf-8")

    def page(app):
        app.frontend("/page", directory=tmp_path)

    with serving(extend=page, api_keys=KEY) as client:
        assert client.get("/page/").status_code == 401
        assert "mine" in client.get("/page/", headers=SENT).text
