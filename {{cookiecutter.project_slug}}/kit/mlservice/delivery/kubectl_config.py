"""The configuration of kubectl, where a CI system keeps it in a variable."""

import tempfile
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path

TEXT, FILE = "KUBE_CONFIG", "KUBECONFIG"  # of a secret, and what kubectl reads


@contextmanager
def kubectl_config(environment: MutableMapping[str, str]) -> Iterator[None]:
    """Keep the text of KUBE_CONFIG in a private file that KUBECONFIG names."""
    text = environment.pop(TEXT, "")
    if not text:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:  # mode 700
        file = Path(folder) / "config"
        file.write_text(text, encoding="utf-8")
        environment[FILE] = str(file)
        yield
