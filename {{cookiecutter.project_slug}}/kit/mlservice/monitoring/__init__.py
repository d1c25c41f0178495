"""Monitoring: the prediction log, drift, and metrics once the labels are known."""
