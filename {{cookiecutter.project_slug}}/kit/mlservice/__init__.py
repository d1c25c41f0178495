"""The runtime of a machine-learning service: schema, encoding, model, serving, batch.

Nothing is imported here: `process.exit_on_sigterm` must run before anything slow is.
"""

import os

__version__ = "0.9.0"

# Two libraries send usage statistics unless these are set before they are imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
