"""A fault is told by row and by place within it, never with what was sent."""

from typing import Self

import pytest
from mlservice.schema.declare import Row
from mlservice.serving.messages import describe_faults
from pydantic import BaseModel, ValidationError, model_validator


class Delivery(Row):
    """An instance that holds a list, and whose values must fit together."""

    loads: list[int]

    @model_validator(mode="after")
    def fits(self) -> Self:
        """Refuse more than one van can carry."""
        if sum(self.loads) > 10:
            raise ValueError("too heavy for one van")
        return self


class Request(BaseModel):
    """A request for such instances."""

    instances: list[Delivery]


@pytest.mark.parametrize(
    ("body", "row", "column", "message"),
    [
        ({"instances": [{"loads": [1, "x"]}]}, 0, "loads.1", "Input should be a"),
        (
            {"instances": [{"loads": [1]}, {"loads": 7}]},
            1,
            "loads",
            "Input should be a",
        ),
        ({"instances": [{"loads": [9, 9]}]}, 0, None, "Value error, too heavy for one"),
        ({"instances": [7]}, 0, None, "Input should be a"),
        ({"instances": 7}, None, None, "instances: Input should be a"),
        (7, None, None, "Input should be a"),
    ],
)
def test_a_fault_is_told_by_its_place(body, row, column, message):
    with pytest.raises(ValidationError) as caught:
        Request.model_validate(body)
    told = describe_faults(Delivery, caught.value)
    assert [(fault["row"], fault["column"]) for fault in told] == [(row, column)]
    assert told[0]["message"].startswith(message)
    assert "7" not in told[0]["message"]
