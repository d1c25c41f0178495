"""Schema of a row: declarations, features and encoders of single values."""
