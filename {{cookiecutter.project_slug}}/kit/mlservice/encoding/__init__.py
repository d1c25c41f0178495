"""From rows to one float32 matrix, the same in training, serving and files."""
