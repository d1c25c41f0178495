"""Order of a target's classes: of two classes, the positive one is the last."""

from mlservice.adopt.columns import ordered_categories

EVENTS = set(  # words of the positive class
    """yes true y t 1 event positive pos churned churn left leaver exited died dead
    death deceased malignant fraud fraudulent default defaulted bad spam failure failed
    fail sick disease diseased abnormal attrition converted clicked bought purchased
    won win success survived cancelled canceled returned late delayed anomaly attack
    ja oui si sí sim да""".split()
)
NON_EVENTS = set(  # words of the negative class
    """no false n f 0 negative neg none stayed retained active alive survivor benign
    legit legitimate genuine good ham healthy normal ok pass passed lost loss nein non
    não нет""".split()
)


def ordered(kept: dict[str, int]) -> tuple[str, ...]:
    """Order classes by their names and frequencies, the same in every extract.

    `kept` maps each class to its number of rows.
    """
    if len(kept) > 2:
        return ordered_categories.scale(kept) or ordered_categories.stable(kept)
    return tuple(sorted(kept, key=lambda word: (_weight(word), -kept[word], word)))


def _weight(word: str) -> int:
    """Return 1 for a word of an event, -1 for a word of a non-event, 0 for others."""
    plain = ordered_categories.plainly(word)
    first = plain.split(" ")[0]
    if word == "-1" or first in NON_EVENTS or first in ("not", "non", "without"):
        return -1
    return int(first in EVENTS)
