"""Each operation of the document has a summary, a tag, and an example of each answer."""

import json

import pytest
from mlservice.serving.messages import Refusal, response_of
from own_endpoints import ADMIN, KEY
from toys import SERVICES, TASKS


@pytest.fixture(scope="module", params=TASKS)
def each(request, serving):
    """A toy service, a client of it, and the document of one that asks for keys."""
    service = SERVICES[request.param]
    with serving(service, api_keys=KEY, admin_keys=ADMIN) as client:
        yield service, client, client.get("/openapi.json").json()


def operations(document):
    """Return path, method and operation of each."""
    return [(path, method, found) for path, methods in document["paths"].items() for method, found in methods.items()]


def test_each_operation_has_a_summary_and_a_tag_that_is_described(each):
    _, _, document = each
    tags = {tag["name"] for tag in document["tags"] if tag["description"]}
    summaries = [operation["summary"] for *_, operation in operations(document)]
    assert len(set(summaries)) == len(summaries) >= 6
    for path, _, operation in operations(document):
        assert len(operation["summary"].split()) > 2, path
        assert len(operation["tags"]) == 1 and set(operation["tags"]) <= tags


def test_each_answer_has_an_example_of_its_shape(each):
    service, client, document = each
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            [content] = response["content"].values()
            example = content.get("example") or example_of(content["schema"], document)
            if status != "200":
                Refusal.model_validate(example)
            elif method == "get":
                answer = client.get(path, headers={"X-API-Key": KEY})
                shape = {type(example), *(example if isinstance(example, dict) else ())}
                given = answer.json() if isinstance(example, dict) else answer.text
                assert shape == {type(given), *(given if isinstance(given, dict) else ())}, path
            elif path == "/predict":
                response_of(service).model_validate_json(json.dumps(example))
            else:
                assert example.keys() == {"model_version"}


def example_of(schema, document):
    """Make an example from those of a schema's fields, as the page of `/docs` does."""
    if reference := schema.get("$ref"):
        schema = document["components"]["schemas"][reference.rpartition("/")[2]]
    if "examples" in schema:
        return schema["examples"][0]
    if schema["type"] == "array":
        return [example_of(schema["items"], document)]
    return {name: example_of(part, document) for name, part in schema["properties"].items()}
