"""What the model must have learned about tickets, whatever its metrics say.

This file and data/test_sample.py know the sample's columns; no other test does.
"""

import numpy as np
import pytest
from mlservice.encoding.text import LONGEST

from {{ cookiecutter.package_name }} import sample
from {{ cookiecutter.package_name }}.phrases import DENIED
from {{ cookiecutter.package_name }}.service import SERVICE

EXAMPLE = SERVICE.example
OBVIOUS = {
    "account": "my login fails since yesterday",
    "billing": "the sum on my bill is wrong",
    "cancellation": "please cancel my plan",
    "delivery": "my parcel is late",
    "returns": "I want to send back the lamp",
    "technical": "the website crashes",
}


@pytest.fixture(scope="module")
def route(predictor):
    """Return `route(*texts)`: the queue of each text."""

    def of(*texts):
        asked = [EXAMPLE | {"text": text} for text in texts]
        rows = [SERVICE.instance.model_validate(row) for row in asked]
        return [prediction.label for prediction in predictor.predict(rows)]

    return of


@pytest.fixture(scope="module")
def some(splits):
    """Texts that the model has not seen."""
    return splits["test"].rows["text"].head(300).tolist()


def same(found, expected):
    """Return the share of texts that go to the same queue."""
    return np.mean(np.array(found) == np.array(expected))


@pytest.mark.parametrize("queue", SERVICE.target.categories)
def test_an_obvious_ticket_finds_its_queue(queue, route):
    assert route(OBVIOUS[queue]) == [queue]


@pytest.mark.parametrize(
    "words",
    [
        "Not a {} question: {}.",
        "This isn't about {}. {}.",
        "I have no problem with {}. {}.",
    ],
)
def test_what_a_ticket_denies_does_not_route_it(words, route):
    asked = [
        (queue, words.format(about, said))
        for queue, said in OBVIOUS.items()
        for other, abouts in DENIED.items()
        for about in abouts
        if other != queue
    ]
    queues, texts = zip(*asked, strict=True)
    assert same(route(*texts), queues) > 0.9


def test_not_a_billing_question_my_login_fails(route):
    assert route("not a billing question, my login fails") == ["account"]
    assert route("not a login question, my bill is wrong") == ["billing"]


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title, "  {}\n".format])
def test_case_and_space_make_no_difference(change, route, some):
    assert route(*map(change, some)) == route(*some)


def test_full_width_letters_make_no_difference(route, some):
    wide = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}
    assert route(*(text.translate(wide) for text in some)) == route(*some)


def test_one_slip_hardly_ever_changes_the_queue(route, some):
    rng = np.random.default_rng(3)
    slipped = [sample.misspelt(text, rng) for text in some]
    assert same(route(*slipped), route(*some)) > 0.95


def test_a_misspelt_word_is_still_understood(route):
    texts = ("my pasword does not work", "where is my parcle", "the invioce is wrong")
    assert route(*texts) == ["account", "delivery", "billing"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?!",
        "📦📦📦",
        "где моя посылка",
        "我的包裹在哪里" * 50,
        "أين طردي",
        "ﷺ" * LONGEST,
        "\u0000\u202e\u200b",
        "a" * LONGEST,
        "my parcel is late " * (LONGEST // 18),
    ],
    ids=lambda text: ascii(text[:8]),
)
def test_any_text_gets_probabilities(text, predictor):
    row = SERVICE.instance.model_validate(EXAMPLE | {"text": text})
    (prediction,) = predictor.predict([row])
    assert sum(prediction.probabilities.values()) == pytest.approx(1, abs=1e-5)


def test_a_text_that_says_nothing_asks_for_a_person(predictor):
    for text in ("", "📦", "где моя посылка"):
        row = SERVICE.instance.model_validate(EXAMPLE | {"text": text})
        assert predictor.predict([row])[0].review


def test_a_long_text_is_routed_by_its_beginning(route):
    filler = " and so on" * 3_000
    assert route("my parcel is late." + filler) == ["delivery"]


def test_the_channel_hardly_matters(predictor, some):
    labels = []
    for channel in sample.CHANNELS:
        rows = [SERVICE.instance(text=text, channel=channel) for text in some]
        labels.append([prediction.label for prediction in predictor.predict(rows)])
    assert same(labels[0], labels[1]) > 0.97 and same(labels[0], labels[2]) > 0.97
