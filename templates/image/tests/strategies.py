"""Instances that tests draw, and how many rows they train on."""

import base64
import io

from hypothesis import strategies as st
from PIL import Image

ROWS = 1_000  # enough to beat the baseline; a few seconds of training

SIDE = st.integers(1, 40)
MODE = st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA"])


def instances(service):
    """Draw an instance that the schema allows, by column: PNG files of any content."""
    picture = st.builds(_png, MODE, SIDE, SIDE, st.randoms(use_true_random=False))
    return st.fixed_dictionaries({f.column: picture for f in service.features})


def _png(mode, width, height, random):
    noise = random.randbytes(4 * width * height)
    picture, file = Image.frombytes("RGBA", (width, height), noise), io.BytesIO()
    picture.convert(mode).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
