"""Tests of the service under hostile load; `python benchmarks/hostile` sends the same bodies."""
