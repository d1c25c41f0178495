"""A value that is sent as text and is more than a category: a ticket, a picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


@dataclass(frozen=True)
class Coding:
    """How a value that is sent as text becomes numbers; stands in a row's annotation.

    `read` turns the text into what `encode` takes, or raises ValueError with a sentence
    that says what is wrong; `encode` turns n such values into a matrix (n, width). Where
    the annotation allows None, a missing value is None to `encode`, and is not `read`.
    """

    form: str  # ends the sentence "… is not"
    longest: int  # characters; more are refused
    width: int  # matrix columns
    read: Callable[[str], Any]
    encode: Callable[[Sequence[Any]], NDArray[np.float32]]

    def __get_pydantic_core_schema__(self, *_: Any) -> CoreSchema:
        """Let a request's value be a text that can be read."""
        text = core_schema.str_schema(strict=True, max_length=self.longest)
        return core_schema.no_info_after_validator_function(self._read, text)

    def _read(self, text: str) -> Any:
        try:
            return self.read(text)
        except ValueError as error:
            raise PydanticCustomError("coding", "{why}", {"why": str(error)}) from error

    def accepts(self, text: Any) -> bool:
        """Tell whether a value of a file can be read."""
        if len(text) > self.longest:
            return False
        try:
            self.read(text)
        except ValueError:
            return False
        return True
