"""What a row holds: declarations, features and encoders of single values."""
