"""How a table of daily series is adopted."""

from .task import plan_for, texts

__all__ = ["plan_for", "texts"]
