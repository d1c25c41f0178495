"""Scripts of the make targets that are not about the model."""
