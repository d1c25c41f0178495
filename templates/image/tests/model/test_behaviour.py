"""What the model must have learned about digits, whatever its metrics say.

This file and data/test_sample.py know the sample's columns; no other test does.
"""

import base64
import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from {{ cookiecutter.package_name }}.service import SERVICE


@pytest.fixture(scope="module")
def scans(splits):
    """Pictures that the model has not seen."""
    texts = splits["test"].rows["image"].head(200)
    return [Image.open(io.BytesIO(base64.b64decode(text))) for text in texts]


@pytest.fixture(scope="module")
def read(predictor):
    """Return `read(pictures)`: the digit on each, by way of a PNG file."""

    def of(pictures):
        asked = [{"image": as_file(picture)} for picture in pictures]
        rows = [SERVICE.instance.model_validate(row) for row in asked]
        return np.array([prediction.label for prediction in predictor.predict(rows)])

    return of


def as_file(picture, form="PNG", **options):
    """Return a picture as a request holds it."""
    file = io.BytesIO()
    picture.save(file, form, **options)
    return base64.b64encode(file.getvalue()).decode()


def moved(picture, right, down):
    """Return the picture moved by whole pixels; what leaves it is lost."""
    ground = Image.new("L", picture.size)
    ground.paste(picture, (right, down))
    return ground


def test_the_example_is_a_three(predictor):
    (prediction,) = predictor.predict(
        [SERVICE.instance.model_validate(SERVICE.example)]
    )
    assert prediction.label == "3" and prediction.probabilities["3"] > 0.9


def test_every_digit_is_read(read, scans, splits):
    labels = np.array(SERVICE.target.categories)[splits["test"].target[: len(scans)]]
    found = read(scans)
    for digit in SERVICE.target.categories:
        assert np.mean(found[labels == digit] == digit) > 0.75


@pytest.mark.parametrize("light", [0.3, 0.6, 0.9])
def test_the_light_hardly_matters(light, read, scans):
    dimmed = [one.point(lambda value: int(value * light)) for one in scans]
    assert np.mean(read(dimmed) == read(scans)) > 0.98


def test_a_grey_ground_hardly_matters(read, scans):
    misty = [one.point(lambda value: 60 + value // 2) for one in scans]
    assert np.mean(read(misty) == read(scans)) > 0.98


def test_dark_ink_on_white_paper_is_read_as_well(read, scans):
    assert np.mean(read(map(ImageOps.invert, scans)) == read(scans)) > 0.99


@pytest.mark.parametrize(("right", "down"), [(1, 0), (-1, 0), (0, 1), (0, -1)])
def test_a_shift_by_one_pixel_hardly_matters(right, down, read, scans):
    shifted = [moved(one, right, down) for one in scans]
    assert np.mean(read(shifted) == read(scans)) > 0.9


@pytest.mark.parametrize("side", [16, 64, 400])
def test_the_size_of_the_scan_makes_no_difference(side, read, scans):
    larger = [one.resize((side, side), Image.Resampling.NEAREST) for one in scans]
    np.testing.assert_array_equal(read(larger), read(scans))


def test_a_photograph_is_read_as_well(predictor, read, scans):
    rows = [
        SERVICE.instance(image=as_file(one.resize((64, 64)), "JPEG", quality=80))
        for one in scans
    ]
    found = [prediction.label for prediction in predictor.predict(rows)]
    assert np.mean(found == read(scans)) > 0.9


def test_an_empty_page_asks_for_a_person(predictor):
    row = SERVICE.instance.model_validate({"image": as_file(Image.new("L", (8, 8)))})
    assert predictor.predict([row])[0].review
