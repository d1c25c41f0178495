"""What can become of a folder with a model: another one, or one that is damaged."""

import json
import time

import numpy as np
import onnx
from mlservice.model import artifact
from onnx import numpy_helper
from toys.classification import SERVICE


def rewrite(folder, change):
    """Change the ONNX graph, and save it as a model of its own."""
    model = onnx.load(folder / "model.onnx")
    change(model)
    manifest = artifact.load(SERVICE, folder).manifest
    made = {"sha256", "model_version", "schema_hash", "format", "encoded_example", "files"}
    facts = {name: value for name, value in manifest if name not in made}
    return artifact.save(SERVICE, folder, model.SerializeToString(), **facts).model_version


def another(folder):
    """Put another model in place, which predicts the same; return its version."""
    return rewrite(folder, lambda model: setattr(model, "doc_string", str(time.time())))


def without_numbers(folder):
    """Put a model in place whose scores are not numbers."""

    def spoil(model):
        output = model.graph.output[-1]
        nan = numpy_helper.from_array(np.array(np.nan, np.float32), "nan")
        model.graph.initializer.append(nan)
        node = onnx.helper.make_node("Mul", [output.name, "nan"], ["spoiled"])
        model.graph.node.append(node)
        output.name = "spoiled"

    rewrite(folder, spoil)


def edit_manifest(folder, **facts):
    """Change what the manifest says."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | facts))


def cut(folder, name):
    """Leave half of a file, as a copy that was broken off does."""
    path = folder / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def tamper(folder):
    """Add one byte to the model."""
    with (folder / "model.onnx").open("ab") as file:
        file.write(b"\x00")
