"""The files of an evaluation: metrics.json, model card, pages, plots."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from mlservice.atomic import replace_files
from mlservice.evaluation.slices import Facts
from mlservice.model.artifact import Manifest
from mlservice.schema.features import Feature
from mlservice.service import Service


def write(
    service: Service[Any, Any],
    folder: Path,
    facts: Facts,
    manifest: Manifest,
    figures: Mapping[str, Figure],
    pages: Mapping[str, str],
) -> None:
    """Write metrics.json, model-card.md, plots/ and the pages, by name, atomically."""
    card = "\n\n".join(_card(service, facts, manifest)) + "\n"
    numbers = json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    texts = {"model-card.md": card, "metrics.json": numbers, **pages}
    with replace_files(folder) as new:
        _save(new / "plots", figures)
        for name, text in texts.items():
            (new / name).write_text(text, encoding="utf-8")


def _save(folder: Path, figures: Mapping[str, Figure]) -> None:
    folder.mkdir()
    for name, figure in figures.items():
        figure.savefig(folder / f"{name}.png", dpi=100, metadata={"Software": None})


def _card(service: Service[Any, Any], facts: Facts, manifest: Manifest) -> list[str]:
    return [
        *_summary(service, facts, manifest),
        *_metrics(facts),
        *_candidates(facts["candidates"], manifest),
        *_sections(facts["details"]),
        "## Features",
        _table(["column", "meaning", "values"], map(_feature, service.features)),
        "## Origin",
        _origin(manifest),
    ]


def _summary(
    service: Service[Any, Any], facts: Facts, manifest: Manifest
) -> Iterable[str]:
    """Yield the title, the target and the verdict."""
    gate = facts["gate"]
    yield f"# Model card: {service.target.column}"
    yield (
        f"{service.target.meaning}. Version `{manifest.model_version}`, trained "
        f"{manifest.created:%Y-%m-%d %H:%M} UTC. What it is for, and what not: "
        "`docs/model-card.md`."
    )
    yield f"**{'Passed' if gate['passed'] else 'Refused'}**: {gate['reason']}."


def _metrics(facts: Facts) -> Iterable[str]:
    """Yield the metrics of each model, the gains, and the gate's metric by slice."""
    models, metric = facts["models"], facts["gate"]["metric"]
    rows = [[name, *map(_shown, found.values())] for name, found in models.items()]
    yield f"## On {facts['rows']} test rows"
    yield _table(["model", *models["candidate"]], rows)
    gains = facts["gate"]["gains"].items()
    yield f"## Gain in {metric}"
    yield _table(["over", "gain"], ((name, _shown(gain)) for name, gain in gains))
    yield f"## {metric} by slice"
    slices = (
        (f"{column} = {value}", found["rows"], _shown(found[metric]))
        for column, values in facts["slices"].items()
        for value, found in values.items()
    )
    yield _table(["slice", "rows", metric], slices)


def _candidates(
    found: dict[str, dict[str, float]], manifest: Manifest
) -> Iterable[str]:
    """Yield the candidates with their validation metrics, and which was chosen."""
    if len(found) < 2:
        return
    yield "## Candidates, on the validation rows"
    yield f"Chosen: {manifest.notes.get('candidate', manifest.name)}."
    rows = [
        [name, *(f"{value:.4f}" for value in metrics.values())]
        for name, metrics in found.items()
    ]
    yield _table(["candidate", *found[rows[0][0]]], rows)


def _sections(tables: dict[str, list[Facts]]) -> list[str]:
    """Return the sections of the task's own tables: rows of equal columns, by title."""
    found = []
    for title, rows in tables.items():
        cells = [[_cell(value) for value in row.values()] for row in rows]
        found += [f"## {title}", _table([*rows[0]], cells) if rows else "None."]
    return found


def _cell(value: Any) -> str:
    return _shown(value) if isinstance(value, dict) else str(value)


def _origin(manifest: Manifest) -> str:
    known = [
        ("code revision", manifest.revision),
        ("training data, SHA-256", manifest.data_sha256),
        ("MLflow run", manifest.run_id),
        ("decision", manifest.decision),
    ]
    return _table(
        ["what", "value"], [*known, *manifest.notes.items(), *manifest.versions.items()]
    )


def _feature(feature: Feature) -> tuple[str, str, str]:
    values = f"{feature.wording()} {feature.unit}".strip()
    return feature.column, feature.meaning, values + ", or missing" * feature.nullable


def _shown(found: dict[str, float]) -> str:
    return f"{found['value']:.4f} [{found['low']:.4f}, {found['high']:.4f}]"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", r"\|") for cell in line) + " |"
        for line in lines
    )
