"""The sample is reproducible, and its files hold the digits that scikit-learn carries.

This file and model/test_behaviour.py know the sample's columns; no other test does.
"""

import base64

import numpy as np
import pytest
from mlservice.data.checks import check
from mlservice.data.files import load
from mlservice.errors import UserError
from mlservice.paths import RAW
from sklearn.datasets import load_digits

from {{ cookiecutter.package_name }} import pack, sample
from {{ cookiecutter.package_name }}.pictures import read
from {{ cookiecutter.package_name }}.service import SERVICE


def test_the_sample_is_every_digit_once():
    rows = sample.sample()
    assert len(rows) == sample.ROWS == len(load_digits().target) == 1_797
    assert rows["digit"].value_counts().min() > 170


def test_a_file_keeps_the_shades():
    for shades in load_digits().images[:50]:
        expected = (shades - shades.min()) / (shades.max() - shades.min())
        found = read(sample.as_png(shades)).reshape(8, 8)
        np.testing.assert_allclose(found, expected, atol=1 / 255)


@pytest.fixture
def folder(tmp_path):
    """Pictures in a folder for each class."""
    for row in sample.sample(40, 1).itertuples():
        path = tmp_path / "scans" / row.digit / f"{row.Index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(row.image))
    return tmp_path / "scans"


def test_a_folder_of_pictures_becomes_the_same_rows(folder, call):
    assert call(pack.main, folder) == 0
    found = check(load(RAW, SERVICE.columns), SERVICE.columns)
    expected = check(sample.sample(40, 1), SERVICE.columns)
    assert sorted(map(tuple, found.values)) == sorted(map(tuple, expected.values))


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("7/new.png", b"no picture", "7/new.png: the picture is no PNG or JPEG file"),
        ("ten/new.png", b"", "ten is no digit"),
    ],
)
def test_a_file_that_does_not_fit_is_named(path, content, words, folder, call):
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_bytes(content)
    with pytest.raises(UserError, match=words):
        call(pack.main, folder)


def test_an_empty_folder_says_what_it_should_hold(tmp_path, call):
    with pytest.raises(UserError, match=r"holds no <digit>/<name>\.png"):
        call(pack.main, tmp_path)
