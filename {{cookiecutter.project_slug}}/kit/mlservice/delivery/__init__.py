"""Delivery of the image: push it, start it, check it, go back where that fails.

`make deliver` and `make rollback-image` run it. Where the image runs is a Kubernetes
cluster (`kubectl`) or one machine (`docker compose`).
"""
