"""Parts of `tools/compare_with.py`: each module observes one area of a rendered version, or compares two."""
