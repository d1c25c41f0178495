"""Tables of daily series."""
