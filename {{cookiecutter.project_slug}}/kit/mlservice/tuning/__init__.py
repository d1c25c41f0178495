"""Tuning of a candidate: `make tune`.

`search` tries parameters by cross-validation on the training rows, `outcome` compares
the best with today's on the validation rows and writes params.yaml.
"""
