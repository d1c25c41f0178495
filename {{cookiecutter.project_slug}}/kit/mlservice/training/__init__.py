"""The steps of training; the user's train.py gives their order."""
