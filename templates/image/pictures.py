"""Pictures to numbers: base64 in, 64 brightnesses out; what is no picture is refused.

Nothing is decoded before its size is known: a file of 1 kB can unpack to gigabytes.
"""

import base64
import io
import struct
from collections.abc import Sequence

import numpy as np
from mlservice.schema.encoder import Encoder
from numpy.typing import NDArray
from PIL import Image

LONGEST = 400_000  # characters of base64, that is, a file of 300 kB
PIXELS = 250_000  # 500 × 500; a digit needs no more, and each costs time to decode
SIDE = 8  # pixels that the model sees, each way
FORMATS = ("PNG", "JPEG")
MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"}  # 8 bits a channel at most

# Pillow would only warn of very large pictures; `_opened` refuses far smaller ones.
Image.MAX_IMAGE_PIXELS = None

Pixels = NDArray[np.float32]


def read(text: str) -> Pixels:
    """Decode a picture in base64: brightness in 0 … 1, row by row, shape (64,).

    Raise ValueError, in a sentence, for anything but a small PNG or JPEG.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ValueError("the picture is not base64") from error
    return from_bytes(data)


def from_bytes(data: bytes) -> Pixels:
    """Decode the bytes of a file, as `read` does."""
    grey = _decoded(_opened(data)).resize((SIDE, SIDE), Image.Resampling.BOX)
    return _stretched(np.asarray(grey, dtype=np.float32) / np.float32(255)).reshape(-1)


def encode(pictures: Sequence[Pixels]) -> NDArray[np.float32]:
    """Stack n pictures that were read: shape (n, 64)."""
    return np.array(pictures, dtype=np.float32).reshape(-1, SIDE * SIDE)


def _opened(data: bytes) -> Image.Image:
    """Read the header only; refuse by format, size and depth."""
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except (OSError, ValueError, SyntaxError, struct.error) as error:
        raise ValueError(f"the picture is no {' or '.join(FORMATS)} file") from error
    if picture.width * picture.height > PIXELS:
        raise ValueError(f"the picture has more than {PIXELS:,} pixels")
    if picture.mode not in MODES:
        raise ValueError("the picture has more than 8 bits a channel")
    return picture


def _decoded(picture: Image.Image) -> Image.Image:
    try:
        if picture.has_transparency_data:  # as from a drawing program: put it on paper
            inked = picture.convert("RGBA")
            paper = Image.new("RGBA", inked.size, "white")
            picture = Image.alpha_composite(paper, inked)
        return picture.convert("L")
    except (OSError, ValueError, SyntaxError, struct.error) as error:
        raise ValueError("the picture is cut off or damaged") from error


def _stretched(grey: Pixels) -> Pixels:
    """Return a light digit on black, whatever the light and the paper were."""
    corners = grey[[0, 0, -1, -1], [0, -1, 0, -1]].mean()
    if corners > (grey.max() + grey.min()) / 2:  # dark ink on light paper
        grey = 1 - grey
    contrast = grey.max() - grey.min()
    return (grey - grey.min()) / contrast if contrast > 0 else np.zeros_like(grey)


PICTURE = Encoder(
    form=f"a {' or '.join(FORMATS)} file of at most {PIXELS:,} pixels in base64",
    longest=LONGEST,
    width=SIDE * SIDE,
    read=read,
    encode=encode,
)
