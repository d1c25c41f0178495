"""The order of a target's classes: of two, the one to predict is the last."""

from . import orders

EVENTS = set(  # of two classes, the one that is predicted
    """yes true y t 1 event positive pos churned churn left leaver exited died dead
    death deceased malignant fraud fraudulent default defaulted bad spam failure failed
    fail sick disease diseased abnormal attrition converted clicked bought purchased
    won win success survived cancelled canceled returned late delayed anomaly attack
    ja oui si sí sim да""".split()
)
QUIET = set(
    """no false n f 0 negative neg none stayed retained active alive survivor benign
    legit legitimate genuine good ham healthy normal ok pass passed lost loss nein non
    não нет""".split()
)


def ordered(kept: dict[str, int]) -> tuple[str, ...]:
    """Order classes, given the rows of each, in a way that the next extract shares."""
    if len(kept) > 2:
        return orders.scale(kept) or orders.stable(kept)
    return tuple(sorted(kept, key=lambda word: (_weight(word), -kept[word], word)))


def _weight(word: str) -> int:
    """Weigh a class: 1 if its word says that something happened, -1 if not."""
    plain = orders.plainly(word)
    first = plain.split(" ")[0]
    if word == "-1" or first in QUIET or first in ("not", "non", "without"):
        return -1
    return int(first in EVENTS)
