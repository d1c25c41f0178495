"""Model of the explanation in an answer of `POST /predict`, for OpenAPI."""

from pydantic import BaseModel, Field


class Explanation(BaseModel):
    """What each column contributes to the model's raw score.

    `base` and `contributions` sum to the score before calibration, limits and the
    decision. Trees: exact Shapley values; a linear model: weight times distance from
    the mean. Where an instance has several scores, as a forecast, numbers are lists.
    """

    of: str = Field(description="the class, or the column, whose score is explained")
    scale: str = Field(
        description="what they sum to: log odds (of two classes, for the last one: with"
        " no calibration or a sigmoid those of the answered probability; with another,"
        " those before calibration), the score before softmax (of several classes, for"
        " the most probable one), a probability, or the prediction (its median or mean)"
    )
    base: float | list[float] = Field(description="what is expected of any row")
    contributions: dict[str, float | list[float]] = Field(
        description="by column of schema.py, and by derived feature"
    )
    words: dict[str, dict[str, float]] = Field(
        description="by column of texts: a linear model's contribution of each word"
    )
