"""Units and scales behind numbers: 75.3 kg, 1.2 GHz beside 800 MHz, $1.2k."""

import re

import pandas as pd

SCALES = {  # regardless of case and of a full stop
    "k": 1e3, "thousand": 1e3, "tsd": 1e3, "mm": 1e6, "mn": 1e6, "mio": 1e6,
    "million": 1e6, "millions": 1e6, "mill": 1e6, "m": 1e6, "b": 1e9, "bn": 1e9,
    "billion": 1e9, "billions": 1e9, "mrd": 1e9, "t": 1e12, "tn": 1e12,
    "trillion": 1e12, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "l": 1e5, "crore": 1e7,
    "crores": 1e7, "cr": 1e7,
}  # fmt: skip
SURE = {  # a scale even if it stands behind every number, or alone
    "k", "thousand", "tsd", "mn", "mio", "million", "millions", "bn", "billion",
    "billions", "mrd", "tn", "trillion", "lakh", "lakhs", "lac", "crore", "crores",
    "cr",
}  # fmt: skip
DIMENSIONS = (  # factors to one unit, in each line; a name in lower case has any case
    "mg 0.001, g 1, gr 1, gram 1, grams 1, kg 1000, kgs 1000, kilo 1000, kilos 1000, "
    "kilogram 1000, kilograms 1000, t 1e6, tonne 1e6, tonnes 1e6, tons 1e6, ton 1e6, "
    "lb 453.59237, lbs 453.59237, pound 453.59237, pounds 453.59237, oz 28.349523125, "
    "ounce 28.349523125, ounces 28.349523125, µg 1e-6, ug 1e-6, mcg 1e-6",
    "nm 1e-9, µm 1e-6, um 1e-6, mm 0.001, cm 0.01, dm 0.1, m 1, meter 1, meters 1, "
    "metre 1, metres 1, km 1000, kms 1000, in 0.0254, inch 0.0254, inches 0.0254, "
    '" 0.0254, ft 0.3048, foot 0.3048, feet 0.3048, yd 0.9144, yard 0.9144, '
    "yards 0.9144, mi 1609.344, mile 1609.344, miles 1609.344",
    "m² 1, m2 1, sqm 1, qm 1, sq m 1, km² 1e6, km2 1e6, sq km 1e6, ha 1e4, "
    "hectare 1e4, hectares 1e4, acre 4046.8564224, acres 4046.8564224, "
    "sqft 0.09290304, sq ft 0.09290304, ft² 0.09290304, ft2 0.09290304, "
    "sq. ft 0.09290304, sq. m 1, cm² 1e-4, cm2 1e-4",
    "ml 0.001, cl 0.01, dl 0.1, l 1, liter 1, liters 1, litre 1, litres 1, ltr 1, "
    "hl 100, m³ 1000, m3 1000, cc 0.001, gal 3.785411784, gallon 3.785411784, "
    "gallons 3.785411784",
    "Hz 1, kHz 1e3, MHz 1e6, GHz 1e9, THz 1e12, hz 1, khz 1e3, mhz 1e6, ghz 1e9",
    "bytes 1, byte 1, B 1, KB 1024, kb 1024, kB 1024, MB 1048576, mb 1048576, "
    "GB 1073741824, gb 1073741824, TB 1099511627776, tb 1099511627776, KiB 1024, "
    "MiB 1048576, GiB 1073741824, TiB 1099511627776",
    "mW 0.001, W 1, kW 1e3, MW 1e6, GW 1e9, w 1, kw 1e3, hp 745.699872, ps 735.49875, "
    "bhp 745.699872",
    "Wh 1, kWh 1e3, MWh 1e6, GWh 1e9, kwh 1e3, mwh 1e6",
    "mV 0.001, V 1, kV 1e3",
    "mA 0.001, A 1",
    "mAh 0.001, Ah 1",
    "Pa 1, hPa 100, mbar 100, kPa 1e3, bar 1e5, MPa 1e6, psi 6894.757293168",
    "m/s 1, km/h 0.277777777778, kmh 0.277777777778, kph 0.277777777778, "
    "mph 0.44704, kt 0.514444, kn 0.514444, knots 0.514444",
    "ns 1e-9, µs 1e-6, us 1e-6, ms 0.001, s 1, sec 1, secs 1, second 1, seconds 1, "
    "sek 1, min 60, mins 60, minute 60, minutes 60, minuten 60, h 3600, hr 3600, "
    "hrs 3600, hour 3600, hours 3600, std 3600, d 86400, day 86400, days 86400, "
    "tage 86400, w 604800, wk 604800, week 604800, weeks 604800",
    "mo 1, mth 1, month 1, months 1, y 12, yr 12, yrs 12, year 12, years 12, jahre 12, "
    "monate 1",
    "cal 1, kcal 1000",
    "J 1, kJ 1000, MJ 1e6",
    "bps 1, kbps 1e3, Mbps 1e6, mbps 1e6, Gbps 1e9, gbps 1e9, Mbit/s 1e6",
)
FACTORS = [
    {
        name: float(factor)
        for name, factor in (one.rsplit(" ", 1) for one in line.split(", "))
    }
    for line in DIMENSIONS
]
SUFFIX = r"\s*(?P<unit>[\p{L}°Ω\"'][\p{L}°Ω²³%/.23 ·^-]{0,14})"
UNITS = 0.1  # share of the cells at least that have one
KNOWN, NEW = 5, 10  # distinct numbers at least beside a known or an unknown unit
Units = tuple[tuple[str, float], ...]


def choose(units: pd.Series, money: bool, distinct: int) -> tuple[Units, str]:
    """Return the factor of each unit, and the unit in which the column is read.

    `units` maps each suffix ("" where there is none) to its cells, the most frequent
    first; `money` says that a currency stands before some, and `distinct` how many
    distinct numbers there are. Return ((), "") if they are no units of one kind.
    """
    names = [str(name) for name in units.index if name]
    if not names or distinct < KNOWN:
        return (), ""
    bare, units = "" in units.index, units / units.sum()
    scales = [SCALES.get(_plain(name)) for name in names]
    sure = money or bare or any(_plain(name) in SURE for name in names)
    several = len(names) > 1 or _plain(names[0]) in SURE or money
    if all(scales) and sure and several:
        factors = dict(zip(names, scales, strict=True))
        return (
            ("", 1.0),
            *((name, float(by or 1)) for name, by in factors.items()),
        ), ""
    if bare and (len(max(names, key=len)) == 1 or units[names].sum() < UNITS):
        return (), ""  # 136A among the numbers of families
    for known in FACTORS:
        found = [_factor(name, known) for name in names]
        if all(found):
            base = found[0] or 1.0
            pairs = zip(names, found, strict=True)
            return (
                ("", 1.0),
                *((name, (by or base) / base) for name, by in pairs),
            ), names[0]
    same = {_plain(name).rstrip("s") for name in names}
    if len(same) == 1 and distinct >= NEW and not bare:
        return tuple((name, 1.0) for name in names), names[0].strip()
    return (), ""


def _factor(name: str, known: dict[str, float]) -> float | None:
    text = re.sub(r"\s+", " ", name.strip().replace("μ", "µ")).rstrip(".")
    return known.get(text) or known.get(text.lower())


def _plain(name: str) -> str:
    return name.strip().rstrip(".").lower()
