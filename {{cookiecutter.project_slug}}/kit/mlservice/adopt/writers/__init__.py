"""Generators of the files that adopting writes, whatever the task."""
