"""Who has a key gets in, nobody else does, and no key is ever shown."""

import hmac

import pytest
from mlservice.errors import UserError
from mlservice.serving.settings import Settings
from pydantic import ValidationError
from toys.classification import SERVICE

EXAMPLE = SERVICE.example

OLD, NEW, ADMIN = (f"{name}-key-0123456789" for name in ("old", "new", "admin"))
KEYS = {"api_keys": f"{OLD}, {NEW}", "admin_keys": ADMIN}
BODY = {"instances": [EXAMPLE]}
GUARDED = [("POST", "/predict"), ("GET", "/model"), ("POST", "/admin/reload")]


@pytest.fixture(scope="module")
def guarded(serving):
    """A client of a service that asks for keys, without one."""
    with serving(**KEYS) as running:
        yield running


def ask(client, method, path, key=None):
    """Ask with a key, if there is one."""
    body = {"json": BODY} if path == "/predict" else {}
    headers = {} if key is None else {"X-API-Key": key}
    return client.request(method, path, headers=headers, **body)


@pytest.mark.parametrize(("method", "path"), GUARDED[:2])
def test_without_keys_it_is_open(method, path, client):
    assert ask(client, method, path).status_code == 200


@pytest.mark.parametrize("key", [OLD, NEW])
@pytest.mark.parametrize(("method", "path"), GUARDED[:2])
def test_each_key_opens_it(method, path, key, guarded):
    assert ask(guarded, method, path, key).status_code == 200


@pytest.mark.parametrize("key", [None, "", OLD[:-1], OLD + "x", OLD.upper(), f"{OLD},{NEW}", "é" * 20])
@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_nothing_else_opens_it(method, path, key, guarded):
    key = key and key.encode("latin-1")
    answer = ask(guarded, method, path, key)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "APIKey")
    assert "the header X-API-Key" in answer.json()["detail"]


def test_a_key_opens_nothing_of_the_others(guarded):
    assert ask(guarded, "POST", "/predict", ADMIN).status_code == 401
    assert ask(guarded, "POST", "/admin/reload", NEW).status_code == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_and_prometheus_need_no_key(path, guarded):
    assert guarded.get(path).status_code == 200


def test_it_is_refused_before_the_body_is_read(guarded):
    sent = []

    def endless():
        while len(sent) < 1_000:
            sent.append(1)
            yield b" " * 1_000

    assert guarded.post("/predict", content=endless()).status_code == 401
    assert len(sent) < 1_000


@pytest.mark.parametrize("key", [OLD, NEW, "unknown"])
def test_which_key_it_is_takes_the_same_time(key, guarded, monkeypatch):
    compared = []

    def compare(one, other):
        compared.append((len(one), len(other)))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", compare)
    ask(guarded, "GET", "/model", key)
    assert compared == [(32, 32)] * 2


def test_without_an_admin_key_nobody_reloads_over_http(serving):
    with serving(api_keys=NEW) as client:
        for key in (None, "", NEW):
            answer = ask(client, "POST", "/admin/reload", key)
            assert answer.status_code == 403
            assert "set SERVE_ADMIN_KEYS" in answer.json()["detail"]


def test_a_key_is_shown_nowhere(guarded, log_lines):
    told = [repr(Settings(**KEYS)), str(Settings(**KEYS))]
    for key in (OLD, ADMIN, "unknown-0123456789"):
        for method, path in GUARDED:
            answer = ask(guarded, method, path, key)
            told += [answer.text, str(answer.headers)]
    for path in ("/model", "/metrics", "/openapi.json", "/docs", "/", "/readyz"):
        told.append(ask(guarded, "GET", path, NEW).text)
    told.append(str(log_lines()))
    assert "'status': 401" in told[-1]
    assert not [text for text in told if "0123456789" in text]


def test_the_document_names_what_is_asked_for(guarded, client):
    for service, asks in ((guarded, True), (client, False)):
        document = service.get("/openapi.json").json()
        schemes = document["components"]["securitySchemes"]
        assert {each["name"] for each in schemes.values()} == {"X-API-Key"}
        assert ("APIKey" in schemes) == asks
        for method, path in GUARDED[:2]:
            described = document["paths"][path][method.lower()]
            assert described.get("security") == ([{"APIKey": []}] if asks else None)
            assert ("401" in described["responses"]) == asks
        reload = document["paths"]["/admin/reload"]["post"]
        assert reload["security"] == [{"AdminKey": []}]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("API_KEYS", "short-but-secret", None),
        ("API_KEYS", "short-and-secre", "16 characters at least"),
        ("API_KEYS", f"{OLD},secret", "16 characters at least"),
        ("ADMIN_KEYS", "a secret with spaces", "no space"),
        ("ADMIN_KEYS", "ключ-secret-secret", "ASCII"),
        ("API_KEYS", " , ", "holds nothing"),
        ("API_KEY", OLD, "did you mean SERVE_API_KEYS"),
    ],
)
def test_an_unsafe_key_is_refused_and_not_quoted(name, value, reason, monkeypatch):
    monkeypatch.setenv(f"SERVE_{name}", value)
    if reason is None:
        assert len(Settings.load().api_keys) == 1
        return
    with pytest.raises(UserError, match=reason) as caught:
        Settings.load()
    whole = f"{caught.value!r} {caught.value.__cause__!r}"
    assert "secret" not in whole and "0123456789" not in whole


def test_a_client_s_key_cannot_be_an_operator_s(monkeypatch):
    monkeypatch.setenv("SERVE_API_KEYS", f"{OLD},{NEW}")
    monkeypatch.setenv("SERVE_ADMIN_KEYS", NEW)
    with pytest.raises(UserError, match="in both api_keys and admin_keys") as caught:
        Settings.load()
    assert isinstance(caught.value.__cause__, ValidationError)
    assert NEW not in str(caught.value.__cause__)
