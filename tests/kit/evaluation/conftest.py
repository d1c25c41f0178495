"""Fixtures: a project in which every stage has run once, and copies of it."""

from toys.trained import own_project, project

__all__ = ["own_project", "project"]  # fixtures
