"""Tables in which each row holds a text and its class."""
