"""The contract: one typed row and the target. All else derives from this file."""

from typing import Annotated

from .fields import Row, Target, coded, features_of, fingerprint
from .pictures import PICTURE, Pixels


class Instance(Row):
    """One scanned digit."""

    image: Annotated[Pixels, PICTURE] = coded(
        "A scan of one handwritten digit",
        example="iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAASElEQVR42jXGQQ2AMB"
        "AAsJLszyScBCTMAg5wAE4WFCBhVnAwHCw44EVfJerodZFEOefjvWHrYwGtBxCj+Vck"
        "ueQ9h0lc8rP6AK7JEI+wZbC1AAAAAElFTkSuQmCC",
    )


TARGET = Target(
    column="digit",
    classes=("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    meaning="The digit that was written",
)

FEATURES = features_of(Instance)
SCHEMA_HASH = fingerprint(FEATURES, TARGET)
EXAMPLE = {feature.column: feature.example for feature in FEATURES}
