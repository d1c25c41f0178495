"""Draw the figures: `plot.py FIGURES.json PLOT.svg`, with a Python that has matplotlib, as the rendered project's has."""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402 pylint: disable=wrong-import-position # after the choice of the backend

COLOURS = {
    "ours": "#d1495b",
    "limit": "#5c677d",
    "limit-written": "#7d8597",
    "floor": "#98a2b3",
    "textbook": "#00798c",
    "mlflow": "#c98a12",
    "bentoml": "#30638e",
    "bentoml-batches": "#5c9ead",
    "litserve": "#7a5195",
    "litserve-batches": "#b48ec8",
}
JUDGED = 32  # connections of the bars


def bars(axes, rows: list[dict]) -> None:
    """Draw requests a second as bars, the fastest on top."""
    chosen = sorted((row for row in rows if row["connections"] == JUDGED), key=lambda row: row["rate"])
    drawn = axes.barh(
        [row["title"] for row in chosen],
        [row["rate"] for row in chosen],
        color=[COLOURS[row["name"]] for row in chosen],
    )
    for label, row in zip(axes.get_yticklabels(), chosen, strict=True):
        label.set_color(COLOURS[row["name"]])  # what the lines beside are to be read by
    axes.bar_label(drawn, [f"{row['rate']:,.0f}" for row in chosen], padding=4)
    axes.set_xlim(0, max(row["rate"] for row in chosen) * 1.2)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_title(f"Requests/s at {JUDGED} connections, one core", loc="left")


def curves(axes, rows: list[dict]) -> None:
    """Draw the 99th percentile over the connections, a line a service; who answered nobody has no point."""
    for name in dict.fromkeys(row["name"] for row in rows):
        own = [row for row in rows if row["name"] == name and row["rate"]]
        width = 3 if name == "ours" else 1.5
        many, slow = [row["connections"] for row in own], [row["p99"] for row in own]
        axes.plot(many, slow, marker="o", color=COLOURS[name], linewidth=width)
    ticks = sorted({row["connections"] for row in rows})
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.yaxis.set_major_formatter("{x:,.0f} ms")
    axes.set_xlabel("connections")
    axes.set_title("99th percentile of the time to the answer", loc="left")
    axes.grid(alpha=0.3)


def main() -> None:
    """Read the figures and write the picture."""
    source, target = map(Path, sys.argv[1:])
    rows = json.loads(source.read_text(encoding="utf-8"))["rows"]
    pyplot.rcParams.update(
        {"svg.hashsalt": "the same bytes for the same figures", "svg.fonttype": "none", "font.size": 10}
    )
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    bars(left, rows)
    curves(right, rows)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(target, facecolor="white", metadata={"Date": None})


if __name__ == "__main__":
    main()
