"""What stands behind words of the Makefile that are not about the model."""
