"""`"explain": true`: what each column contributes, where the setting and the model have it; else one sentence."""

import numpy as np
import pytest
from mlservice.model import artifact
from mlservice.serving.messages import response_of
from toys import SERVICES
from toys.explained import explanation_of, save_explained

SEED = 7
EXPLAINED = [task for task in SERVICES if task != "image"]


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    """A folder of toy models with explanations, by task. Only read it."""
    folder = tmp_path_factory.mktemp("explained")
    for task, service in SERVICES.items():
        save_explained(service, folder / task, SEED)
    return folder


def ask(client, service, rows=1, **more):
    """Ask for explained predictions of the example."""
    return client.post("/predict", json={"instances": [service.example] * rows, "explain": True} | more)


def message(answer):
    """Return the one sentence of a refusal."""
    assert answer.status_code == 422
    [fault] = answer.json()["detail"]
    assert fault["row"] is None and fault["column"] is None
    return fault["message"]


def expected_name(service, output):
    """Return the class that is explained, of two the last one, or the target's column."""
    names = service.target.categories
    return (names[-1] if len(names) == 2 else names[output]) if names else service.target.column


@pytest.mark.parametrize("task", EXPLAINED)
def test_contributions_are_those_of_the_model_s_explanation(task, serving, explained):
    service = SERVICES[task]
    matrix, expected = service.encode_example(), explanation_of(service, SEED)
    with serving(service, explain=True, model_dir=explained / task) as client:
        plain, answer = ask(client, service, 2, explain=False), ask(client, service, 2)
    assert answer.status_code == 200, answer.text
    response_of(service, explain=True).model_validate_json(answer.content)
    found = expected.explain(matrix, artifact.load(service, explained / task).scorer.run(matrix))
    shown = slice(None) if len(matrix) > 1 else 0
    parts = {name: values[shown] for name, values in zip(expected.players, found.contributions.T, strict=True)}
    for one, same in zip(answer.json()["predictions"], plain.json()["predictions"], strict=True):
        given = one.pop("explanation")
        assert one == same
        assert [*given["contributions"]] == [*service.encoding.blocks]
        assert given["of"] == expected_name(service, found.output[0])
        check_sum(given, parts, found.base[shown])


def check_sum(given, parts, base):
    """Fail where contributions are not the expected ones, or do not sum to their score."""
    for name, values in parts.items():
        np.testing.assert_allclose(given["contributions"][name], values, atol=1e-8)
    sums = np.sum([np.array(each) for each in given["contributions"].values()], axis=0) + given["base"]
    np.testing.assert_allclose(sums, base + np.sum([*parts.values()], axis=0), atol=1e-7)


def test_the_words_of_a_text_sum_to_its_contribution(serving, explained):
    service = SERVICES["text"]
    row = service.example | {"text": "Refund the invoice, or the password."}
    with serving(service, explain=True, model_dir=explained / "text") as client:
        answer = client.post("/predict", json={"instances": [row], "explain": True})
    given = answer.json()["predictions"][0]["explanation"]
    assert set(given["words"]) == {"text"}
    assert set(given["words"]["text"]) == {"refund", "invoice", "password"}
    assert sum(given["words"]["text"].values()) == pytest.approx(given["contributions"]["text"])


def test_without_the_setting_it_is_refused_and_others_are_answered(serving, explained):
    service = SERVICES["regression"]
    with serving(service, model_dir=explained / "regression") as client:
        assert message(ask(client, service)) == "explain: explanations are off; SERVE_EXPLAIN=1 answers them"
        plain = ask(client, service, explain=False)
        metrics = client.get("/metrics").text
    assert plain.status_code == 200 and "explanation" not in plain.text
    assert 'predictions_total{label="0+"} 1.0' in metrics or 'predictions_total{label="1+"} 1.0' in metrics


@pytest.mark.parametrize("task", ["image", "classification"])
def test_a_model_without_an_explanation_says_so(task, serving):
    service = SERVICES[task]
    with serving(service, explain=True) as client:
        said = message(ask(client, service))
        assert client.post("/predict", json={"instances": [service.example]}).status_code == 200
    assert "has no explanation: it is neither a sum of trees nor linear, or was trained before 0.9.0" in said


def test_an_explanation_of_another_format_says_what_to_do(serving, tmp_path):
    service = SERVICES["regression"]
    save_explained(service, tmp_path / "model")
    model = (tmp_path / "model/model.onnx").read_bytes()
    facts = {"name": "candidate", "decision": service.decision()}
    artifact.save(service, tmp_path / "model", model, {"explanation.npz": b"of a later version"}, **facts)
    with serving(service, explain=True, model_dir=tmp_path / "model") as client:
        assert message(ask(client, service)).endswith("wrote explanation.npz; run `make pipeline`")


def test_a_reloaded_model_is_explained_by_its_own_explanation(serving, tmp_path):
    service = SERVICES["regression"]
    save_explained(service, tmp_path / "model", 1)
    settings = {"explain": True, "model_dir": tmp_path / "model", "admin_keys": "an-operator-s-key"}
    with serving(service, **settings) as client:
        before = ask(client, service).json()["predictions"][0]["explanation"]
        save_explained(service, tmp_path / "model", 2)
        assert client.post("/admin/reload", headers={"X-API-Key": "an-operator-s-key"}).status_code == 200
        after = ask(client, service).json()["predictions"][0]["explanation"]
    assert before["contributions"] != after["contributions"]


@pytest.mark.parametrize("on", [True, False])
def test_the_document_has_it_where_it_is_answered(on, serving):
    with serving(explain=on) as client:
        document = client.get("/openapi.json").json()
    body = document["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]
    assert ("explain" in body["schema"]["properties"]) == on
    assert ("Explanation" in document["components"]["schemas"]) == on
    if on:
        described = document["components"]["schemas"]["Explanation"]
        assert "before calibration" in described["description"]
        assert "log odds" in described["properties"]["scale"]["description"]
