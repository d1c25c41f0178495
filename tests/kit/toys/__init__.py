"""Toy services of all five tasks: contracts without a user's package or training."""

from toys import classification, forecasting, image, regression, text

SERVICES = {module.SERVICE.task: module.SERVICE for module in (classification, regression, forecasting, text, image)}
