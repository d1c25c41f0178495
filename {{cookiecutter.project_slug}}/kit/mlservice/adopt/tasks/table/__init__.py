"""Tables in which each row is one example: classification and regression."""
