"""The tasks that a table can be adopted for, by name."""

from collections.abc import Mapping

from mlservice.adopt.tasks.classification import CLASSIFICATION
from mlservice.adopt.tasks.forecasting.outputs import FORECASTING
from mlservice.adopt.tasks.image import IMAGE
from mlservice.adopt.tasks.regression import REGRESSION
from mlservice.adopt.tasks.task import Task
from mlservice.adopt.tasks.text.outputs import TEXT

__all__ = ["TASKS", "Task"]

TASKS: Mapping[str, Task] = {
    "classification": CLASSIFICATION,
    "regression": REGRESSION,
    "forecasting": FORECASTING,
    "text": TEXT,
    "image": IMAGE,
}
