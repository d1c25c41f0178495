"""The contract: one typed row and the target. All else derives from this file."""

from mlservice.schema.declare import Row, category, coded

from .keywords import KEYWORDS
from .texts import Text


class Instance(Row):
    """One ticket, as it arrives."""

    text: Text = coded(
        "What the customer wrote",
        example="Hello, not a billing question: my login fails since yesterday.",
    )
    channel: str = category(
        "How the ticket came in", "app", "e-mail", "phone", example="e-mail"
    )


class Record(Instance):
    """One row of the file: a ticket, and who answered it."""

    queue: str = category(
        "The queue whose team answers the ticket", *sorted(KEYWORDS), example="account"
    )
