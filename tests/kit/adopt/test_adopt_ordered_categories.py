import random

import pytest

from mlservice.adopt.columns import ordered_categories


@pytest.mark.parametrize(
    "ordered",
    [
        "low|Medium|HIGH",
        "S|M|L|XL|XXL",
        "Fair|Good|Very Good|Premium|Ideal",
        "poor|fair|good|excellent",
        "Never|Rarely|Sometimes|Often|Always",
        "none|mild|moderate|severe",
        "Strongly disagree|Disagree|Neutral|Agree|Strongly agree",
        "First|Second|Third",
        "HS-grad|Some-college|Bachelors|Masters|Doctorate",
        "A1|A2|B1|C2",
        "Month-to-month|One year|Two year",
        "<18|18-25|26-35|65+",
        "0-9|10-19|100-109",
        "[0-10)|[10-20)|[90-100)",
        "< 1 year|1 year|2 years|10+ years",
        "$0-$25k|$25k-$50k|>$50k",
        "under 5|5 to 10|11 and over",
        "1 - none|2 - some|10 - all",
        "Stage 1|Stage 2|Stage 10",
    ],
)
def test_an_evident_order_is_found(ordered):
    values = ordered.split("|")
    mixed = random.Random(0).sample(values, len(values))
    assert ordered_categories.scale(mixed) == tuple(values)


@pytest.mark.parametrize(
    "plain",
    ["M|S", "Monday|Tuesday|Holiday", "red|green", "Store 1|Store 2", "3-2|1-0", "low"]
    + ["low|high|unknown", "small|little|large", "Low|low|high", "1|2|3"],
)
def test_what_has_no_evident_order_gets_none(plain):
    assert ordered_categories.scale(plain.split("|")) == ()


def test_values_without_an_order_are_sorted_as_numbers_or_texts():
    assert ordered_categories.stable(["10", "9"]) == ("9", "10")
    assert ordered_categories.stable(["b", "10", "a"]) == ("10", "a", "b")
