"""Checks that every service must pass, and toy models to run them with; for tests only."""
