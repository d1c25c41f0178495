"""Inference of what each column of a table holds, from the text of its cells."""
