"""The steps of evaluation: metrics with intervals, the gate, the report."""
