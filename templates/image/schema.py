"""The contract: one typed row and the target. All else derives from this file."""

from typing import Annotated

from mlservice.schema.declare import Row, category, coded

from .pictures import PICTURE, Pixels


class Instance(Row):
    """One scanned digit."""

    image: Annotated[Pixels, PICTURE] = coded(
        "A scan of one handwritten digit",
        example="iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAASElEQVR42jXGQQ2AMB"
        "AAsJLszyScBCTMAg5wAE4WFCBhVnAwHCw44EVfJerodZFEOefjvWHrYwGtBxCj+Vck"
        "ueQ9h0lc8rP6AK7JEI+wZbC1AAAAAElFTkSuQmCC",
    )


class Record(Instance):
    """One row of the file: a scan, and the digit that was meant."""

    digit: str = category("The digit that was written", *"0123456789", example="3")
