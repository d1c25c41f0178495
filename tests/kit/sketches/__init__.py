"""Later uses of SERVICE and TRAINING, as far as types go: `make lint` checks them, nothing runs them.

A sketch that no longer type-checks means that the interface lost something a later version needs.
"""
