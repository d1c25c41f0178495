"""The contract: one typed row and the target. All else derives from this file."""

from mlservice.schema.declare import Row, category, flag, number


class Instance(Row):
    """One customer, as known on the day of the prediction."""

    tenure_months: int = number(
        "Time since the first contract began", 0, 120, unit="months", example=3
    )
    monthly_charge: float | None = number(
        "Price of the current plan", 0, 250, unit="EUR per month", example=89.5
    )
    data_used: float | None = number(
        "Mobile data used last month", 0, 500, unit="GB", example=4.2
    )
    support_calls: int = number(
        "Calls to support in the last 90 days", 0, 40, unit="calls", example=4
    )
    late_payments: int = number(
        "Invoices paid late in the last year", 0, 12, unit="invoices", example=2
    )
    days_since_login: float | None = number(
        "Time since the app was last opened", 0, 365, unit="days", example=41.0
    )
    birth_day: int = number(
        "Day of the month of birth: holds no signal, on purpose",
        1,
        31,
        unit="day of month",
        example=17,
    )
    contract: str = category(
        "How long the customer is bound",
        "month-to-month",
        "one year",
        "two years",
        example="month-to-month",
    )
    payment: str | None = category(
        "How invoices are paid", "card", "direct debit", "invoice", example="invoice"
    )
    region: str = category(
        "Sales region", "north", "east", "south", "west", example="north"
    )
    channel: str | None = category(
        "Where the contract was signed", "online", "shop", "partner", example="partner"
    )
    paperless: bool = flag("Whether invoices are sent by e-mail", example=True)


class Record(Instance):
    """One row of the file: a customer, and what became of them."""

    churned: str = category(
        "Whether the customer left within 30 days of the prediction",
        "no",
        "yes",  # the last is the positive class
        example="yes",
    )
