"""The contract: one typed row and the target. All else derives from this file."""

from mlservice.schema.declare import Row, category, flag, number


class Instance(Row):
    """One ride, as known when its price is quoted."""

    distance_km: float = number(
        "Length of the planned route", 0.2, 80, unit="km", example=7.4
    )
    duration_min: float | None = number(
        "Time that the route needs in the traffic of now",
        1,
        240,
        unit="min",
        example=21.0,
    )
    hour: int = number("Hour of the pick-up", 0, 23, unit="hour of day", example=18)
    weekday: int = number(
        "Day of the pick-up, Monday is 0", 0, 6, unit="day of week", example=4
    )
    waiting: float | None = number(
        "Requests per free driver around the pick-up", 0, 10, unit="ratio", example=1.6
    )
    passengers: int = number("People who ride", 1, 6, unit="people", example=2)
    plate_digit: int = number(
        "Last digit of the number plate: holds no signal, on purpose",
        0,
        9,
        unit="digit",
        example=3,
    )
    vehicle: str = category(
        "Class of the car", "economy", "comfort", "van", example="comfort"
    )
    pickup: str = category(
        "Where the ride starts", "centre", "suburb", "airport", example="airport"
    )
    weather: str | None = category(
        "Weather at the pick-up", "dry", "rain", "snow", example="rain"
    )
    toll: bool = flag("Whether the route has a toll road", example=False)


class Record(Instance):
    """One row of the file: a ride with the price that was paid."""

    price: float = number(
        "Price of the ride, as charged when it ended",
        0,
        1_000,
        unit="EUR",
        example=31.5,
    )
