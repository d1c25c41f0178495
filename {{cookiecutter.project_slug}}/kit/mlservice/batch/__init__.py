"""Predictions for files of any length."""
