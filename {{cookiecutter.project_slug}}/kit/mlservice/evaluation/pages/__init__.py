"""Pages of an evaluation in HTML: the report, and a summary for people outside ML.

Each is one file: styles, script and plots are in it, and nothing is fetched.
"""
