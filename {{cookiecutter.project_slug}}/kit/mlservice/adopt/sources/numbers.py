"""A number as people write it, whatever its marks."""

import re

NUMBER = re.compile(r"\s*[-+]?[\d.,' \xa0]*\d[\d.,]*(?:[eE][-+]?\d+)?\s*[%€$£]?\s*")
