"""The trained toy project."""

from toys.trained import own_project, project

__all__ = ["own_project", "project"]  # fixtures
