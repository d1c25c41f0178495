"""Bodies that break readers of JSON: refused in words, never a fault of ours."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys.classification import SERVICE

EXAMPLE = SERVICE.example

MARK = "@value@"
DEEP = 100_000
TOKENS = [  # where a value is wanted; some are no JSON
    *(
        "NaN",
        "-NaN",
        "nan",
        "Infinity",
        "-Infinity",
        "inf",
        "1e400",
        "-1e400",
        "1e-400",
    ),
    *("1" * 400, "-" + "1" * 10_000, "0." + "1" * 10_000, "1" * 400 + ".5", "9" * 19),
    *("0x10", "1_000", "01", "+1", "1.", ".5", "-", "-0", "1e", "1e+308", "2e308"),
    *('"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\x00"', '"\x7f"', '"\\x41"', '"'),
    *("'a'", "True", "None", "undefined", "//", "/**/1", "1,", "[1,]", "{", "]", ""),
    *("[" * DEEP, "[" * DEEP + "]" * DEEP, '{"a":' * DEEP, "\ufeff1", "\u2028"),
]
ENCODINGS = [
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-8-sig",
    "utf-7",
    "cp037",
]


def refuse(word):
    """Fail on what json.loads takes although it is no JSON."""
    raise AssertionError(f"{word} in an answer")


def answer_to(client, body, kind="application/json"):
    """Post a body; return the status and the detail, if any, of an answer in JSON."""
    answer = client.post("/predict", content=body, headers={"content-type": kind})
    content = json.loads(answer.text, parse_constant=refuse)
    assert (answer.status_code == 200) == ("predictions" in content)
    assert len(answer.content) < 20_000, "what was sent is not sent back"
    return answer.status_code, content.get("detail")


@pytest.mark.parametrize("column", list(EXAMPLE)[:4])
@pytest.mark.parametrize("token", TOKENS, ids=lambda token: repr(token[:12]))
def test_any_token_where_a_value_is_wanted(column, token, client):
    body = json.dumps({"instances": [EXAMPLE | {column: MARK}]})
    body = body.replace(f'"{MARK}"', token).encode("utf-8", "surrogatepass")
    status, detail = answer_to(client, body)
    assert detail if status in {413, 422} else status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"[" * DEEP + b"]" * DEEP,
        b'{"instances":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"instances":[' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"]}",
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    ],
    ids=["lists", "instances of lists", "instances of objects", "objects"],
)
def test_what_is_too_deep_is_refused_in_words(body, serving):
    with serving(max_body_bytes=10_000_000) as client:
        status, detail = answer_to(client, body)
    assert status in {413, 422} and detail


def test_of_a_name_that_comes_twice_the_last_counts(client):
    good = f'"instances": {json.dumps([EXAMPLE])}'
    for members, status in (
        (f'"instances": [7], {good}', 200),
        (f'{good}, "instances": [7]', 422),
    ):
        assert answer_to(client, "{" + members + "}")[0] == status


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_another_encoding_is_refused(encoding, client):
    text = json.dumps({"instances": [EXAMPLE]})
    body, kind = text.encode(encoding), f"application/json; charset={encoding}"
    expected = 200 if body == text.encode() else 422  # UTF-7 may be the same bytes
    assert answer_to(client, body, kind)[0] == expected


@given(st.binary(min_size=1, max_size=8), st.data())
def test_bytes_that_do_not_belong_there(client, strange, draws):
    body = json.dumps({"instances": [EXAMPLE]}).encode()
    at = draws.draw(st.integers(0, len(body)))
    for sent in (body[:at] + strange + body[at:], body[:at] + strange, body[at:]):
        assert answer_to(client, sent)[0] in {200, 422}


@given(st.sampled_from([*SERVICE.bodies, "application/json"]), st.binary(max_size=60))
def test_any_header_that_says_what_the_body_is(client, kind, more):
    header = bytes(byte for byte in more if byte >= 0x20 and byte != 0x7F)
    rows = json.dumps({"instances": [EXAMPLE]})
    for sent in (header, kind.encode() + header, kind.encode() + b";" + header):
        assert answer_to(client, rows, sent)[0] in {200, 415, 422}


@given(st.binary(max_size=200), st.sampled_from(['"image"', '"', "*=utf-8''%00", ""]))
def test_any_form(client, data, name):
    for head in (f'form-data; name={name}; filename="ü.png"'.encode(), data[:20]):
        form = b"--x\r\ncontent-disposition: " + head + b"\r\n\r\n" + data + b"\r\n--x--"
        kind = "multipart/form-data; boundary=x"
        assert answer_to(client, form, kind)[0] in {200, 415, 422}


def test_twenty_megabytes_are_refused_unread(client):
    rows = json.dumps({"instances": [EXAMPLE]})
    status, detail = answer_to(client, rows + " " * 20_000_000)
    assert (status, detail) == (413, "the body may have 1000000 bytes at most")


def test_ten_thousand_rows_are_refused_or_predicted_as_is_set(serving):
    body = json.dumps({"instances": [EXAMPLE] * 10_000})
    with serving(max_body_bytes=len(body)) as client:
        assert answer_to(client, body)[0] == 413
    with serving(max_body_bytes=len(body), max_instances=10_000) as client:
        answer = client.post("/predict", content=body)
    assert answer.status_code == 200 and len(answer.json()["predictions"]) == 10_000
