"""Pictures of the test rows: what is taken for what, which class is hard, how sure."""

from matplotlib.figure import Figure

from .charts import of_classes
from .intervals import Scores
from .params import Decision as Share
from .parts import Part
from .prediction import Decision


def draw(
    test: Part,
    scores: dict[str, Scores],
    _decisions: dict[str, Decision],
    _share: Share,
) -> dict[str, Figure]:
    """Draw each model's scores (n, k), which are by name; return figures by name."""
    return of_classes(test.target, scores)
