"""Pictures become numbers; what is none, or too large, is refused in a sentence."""

import base64
import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError

from {{ cookiecutter.package_name }} import pictures
from {{ cookiecutter.package_name }}.service import SERVICE

EXAMPLE = SERVICE.example
GOOD = base64.b64decode(EXAMPLE["image"])


def in_base64(data):
    """Return bytes as a request holds them."""
    return base64.b64encode(data).decode()


def saved(picture, form="PNG", **options):
    """Return a picture as the bytes of a file."""
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def chunk(name, data):
    """Return a chunk of a PNG file."""
    crc = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + crc


def bomb(width, height):
    """Return a PNG file of a few kB that says it has this many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def with_text_bomb():
    """Return a good file with a comment of 50 MB, packed into 50 kB."""
    comment = chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(50_000_000)))
    return GOOD[:33] + comment + GOOD[33:]


def refusal(data):
    """Return what is said about the bytes of a file."""
    with pytest.raises(ValueError) as caught:
        pictures.read(in_base64(data))
    return str(caught.value)


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "L"), ("PNG", "RGB"), ("PNG", "P"), ("JPEG", "L")]
)
def test_png_and_jpeg_of_any_mode_are_read(form, mode):
    big = Image.open(io.BytesIO(GOOD)).resize((80, 80), Image.Resampling.NEAREST)
    found = pictures.read(in_base64(saved(big.convert(mode), form)))
    np.testing.assert_allclose(found, pictures.read(EXAMPLE["image"]), atol=0.05)
    assert (found.shape, found.dtype) == ((64,), np.float32)


def test_ink_on_a_transparent_ground_is_seen():
    digit = Image.open(io.BytesIO(GOOD))
    drawn = Image.new("RGBA", digit.size, "black")
    drawn.putalpha(digit)
    found = pictures.read(in_base64(saved(drawn)))
    np.testing.assert_allclose(found, pictures.read(EXAMPLE["image"]), atol=0.02)


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "WEBP", "PPM"])
def test_another_format_is_refused(form):
    assert refusal(saved(Image.new("L", (8, 8)), form)) == (
        "the picture is no PNG or JPEG file"
    )


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8"])
def test_what_is_no_picture_is_refused(data):
    assert refusal(data) == "the picture is no PNG or JPEG file"


@pytest.mark.parametrize("side", [501, 10_000, 60_000, 2**31 - 1])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(side, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("it was unpacked"))
    assert refusal(bomb(side, 500)) == "the picture has more than 250,000 pixels"


def test_a_picture_may_have_so_many_pixels(monkeypatch):
    monkeypatch.setattr(pictures, "PIXELS", 64)
    assert len(pictures.read(in_base64(saved(Image.new("L", (8, 8)))))) == 64
    assert "more than 64 pixels" in refusal(saved(Image.new("L", (13, 5))))


def test_a_comment_that_unpacks_to_megabytes_is_refused():
    assert refusal(with_text_bomb()) == "the picture is no PNG or JPEG file"


@pytest.mark.parametrize("kept", [60, 90, -25])
def test_a_file_that_was_cut_off_is_refused(kept):
    assert refusal(GOOD[:kept]) == "the picture is cut off or damaged"


def test_sixteen_bits_a_channel_are_refused():
    picture = Image.new("I;16", (8, 8), 40_000)
    assert refusal(saved(picture)) == "the picture has more than 8 bits a channel"


@pytest.mark.parametrize("text", ["?", "a", "data:image/png;base64,", "é", "iVBO RW"])
def test_what_is_no_base64_is_refused(text):
    with pytest.raises(ValueError, match="the picture is not base64"):
        pictures.read(text)


@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=6)
)
def test_a_damaged_file_is_read_or_refused_but_never_a_fault(changes):
    data = bytearray(GOOD)
    for place, value in changes:
        data[place] = value
    try:
        found = pictures.from_bytes(bytes(data))
    except ValueError:
        return
    assert np.isfinite(found).all() and 0 <= found.min() <= found.max() <= 1


def test_a_request_is_told_what_is_wrong_and_where():
    with pytest.raises(ValidationError) as caught:
        SERVICE.instance.model_validate({"image": in_base64(b"GIF89a")})
    (fault,) = caught.value.errors()
    assert fault["loc"] == ("image",)
    assert fault["msg"] == "the picture is no PNG or JPEG file"


def test_a_file_may_have_so_many_bytes():
    with pytest.raises(ValidationError, match="at most 400000 characters"):
        SERVICE.instance.model_validate({"image": "A" * 400_001})


def test_pictures_are_stacked_in_their_order():
    one, two = np.zeros(64, np.float32), np.ones(64, np.float32)
    np.testing.assert_array_equal(pictures.encode([one, two]), [one, two])
    assert pictures.encode([]).shape == (0, 64)
