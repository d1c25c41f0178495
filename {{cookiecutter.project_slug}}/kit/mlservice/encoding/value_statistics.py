"""Statistics of texts and pictures, which the prediction log has in place of them."""

import unicodedata
from collections import Counter
from typing import Any

import numpy as np

from mlservice.schema.declare import MAX_TEXT
from mlservice.schema.features import Feature

READ = 2_000  # characters of a text that are looked at for its script


NUMBERS = ("characters", "words", "brightness", "contrast", "ink")
SCRIPT = "script"


def is_free(feature: Feature) -> bool:
    """Return whether a column holds free text or pictures: what may be personal."""
    encoder = feature.encoder
    if encoder is None:
        return False
    pixels = isinstance(encoder.read(feature.example), np.ndarray)
    return pixels or encoder.longest > MAX_TEXT  # shorter ones are names


def is_text(feature: Feature) -> bool:
    """Return whether the encoder of a column takes a text as it is."""
    return feature.encoder is not None and isinstance(
        feature.encoder.read(feature.example), str
    )


def statistics_of(value: Any) -> dict[str, float | str]:
    """Return statistics of a text, of a picture's brightness, or none."""
    if isinstance(value, str):
        return {
            "characters": len(value),
            "words": len(value.split()),
            "script": script_of(value),
        }
    if isinstance(value, np.ndarray) and value.size:
        return {
            "brightness": round(float(value.mean()), 4),
            "contrast": round(float(value.std()), 4),
            "ink": round(float((value > value.mean()).mean()), 4),
        }
    return {}


def script_of(text: str) -> str:
    """Return the script of most letters of a text, such as LATIN or CYRILLIC."""
    letters = Counter(character for character in text[:READ] if character.isalpha())
    scripts: Counter[str] = Counter()
    for letter, times in letters.items():
        scripts[unicodedata.name(letter, "OTHER").partition(" ")[0]] += times
    return scripts.most_common(1)[0][0] if scripts else "none"
