"""What may stand in a column with a coding, and what may not."""

import base64
import io

from hypothesis import strategies as st
from PIL import Image

SIDE = st.integers(1, 40)
MODE = st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA"])
FAULTS = ["", "?", "R0lGODlh"]


def values_of(_):
    """PNG files of any small size, depth and content."""
    return st.builds(_png, MODE, SIDE, SIDE, st.randoms(use_true_random=False))


def _png(mode, width, height, random):
    noise = random.randbytes(4 * width * height)
    picture, file = Image.frombytes("RGBA", (width, height), noise), io.BytesIO()
    picture.convert(mode).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
