"""Rows from files: reading, checks, splits."""
