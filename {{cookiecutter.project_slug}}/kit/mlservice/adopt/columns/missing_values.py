"""Spellings of a missing value: the usual ones, and those that a column shows."""

import re

import pandas as pd

from mlservice.adopt.columns import ordered_categories

MISSING = (
    frozenset(  # what files write for a missing value
        r"""NA N/A n/a na NaN nan NAN NULL Null null None NaT <NA> #N/A #NA #NULL!
    #VALUE! #DIV/0! #REF! #NAME? #NUM! #SPILL! #CALC! #ERROR! ? ?? ??? - -- --- – — .
    .. ... … n.a. N.A. n.a N.A n/d N/D #N/D #NV \N <null> <none> <unset> <missing>
    (null) (blank) [blank] (empty) [null]""".split()
    )
    | {"", "#N/A N/A", "Not Available", "not available", "Not available"}
)
WORDS = frozenset(  # missing beside numbers and dates; elsewhere they may be a category
    word.strip() for word in """none, unknown, unk, unkn, unknwn, blank, missing, miss,
    not available, not applicable, null, nil, nan, nat, na, n a, nd, n d, tbd, tba, tbc,
    undefined,
    unspecified, not specified, not recorded, not reported, not stated, not known,
    not measured, not given, not provided, not collected, not tested, no data, nodata,
    no answer, no response, no value, no info, no information, refused, declined,
    don t know, do not know, dont know, dk, invalid, error, err, inf nan, empty,
    withheld, suppressed, redacted, ka, k a, keine angabe, keine, unbekannt, fehlt,
    fehlend, leer, ohne angabe, o a, inconnu, non renseigné, nr, manquant, vide,
    non disponible, s d, sd, sin dato, sin datos, desconocido, no disponible,
    no aplica, ns nc, desconhecido, não informado, sem dados, sconosciuto, onbekend,
    okänd, ukjent, ukendt, brak, brak danych, neznámé, нет данных, неизвестно, нет,
    不明, 未知, 不详, なし, 無し, 没有, 無""".split(",")
)
WRITTEN = 3  # distinct words at most that a column shows itself
RARE = 0.2  # share of the cells at most that such words may fill
NUMBERS = 10  # distinct values at least beside them: fewer may be codes like 1, 2, R
COUNTRIES = frozenset(  # ISO 3166-1
    """AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM
    BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY
    CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH
    GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT
    JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC
    MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NC NE NF NG NI NL NO
    NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC
    SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN
    TO TR TT TV TW TZ UA UG UK UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    OC AN""".split()  # OC and AN are continents: NA is North America there
)
STATES = frozenset(
    """AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE
    NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR GU VI AS
    MP FM MH PW CQ""".split()
)
REGIONS = {"EMEA", "APAC", "LATAM", "AMER", "MEA", "ANZ", "APJ"}


def means_missing(text: str) -> bool:
    """Return True if a text among numbers or dates stands for a missing value."""
    words = re.sub(r"[\W_]+", " ", text.lower()).strip()
    return text in MISSING or not words or words in WORDS


def own_words(counts: pd.Series) -> list[str]:
    """Return the texts without digits that a column of numbers shows for "missing".

    `counts` maps each text to its frequency. Return [] if they are too many.
    """
    odd = [str(text) for text in counts.index if not re.search(r"\d", str(text))]
    fine = not any(len(word) > 30 for word in odd) and len(odd) <= WRITTEN
    rare = bool(counts[odd].sum() <= RARE * counts.sum())
    return odd if fine and rare and len(counts) - len(odd) >= NUMBERS else []


def kept_as_values(texts: pd.Series, is_marker: bool) -> tuple[str, ...]:
    """Return the markers of missing values that are values in this column.

    `texts` are its distinct cells. NA is a value among codes of countries, continents
    and regions, and among other codes of two letters unless `is_marker`: other columns
    have it for a missing value. None is one on a scale that begins with it.
    """
    found = {str(text) for text in texts.dropna()}
    others = found - MISSING
    kept = []
    if {"-", "+"} <= found and len(others) <= WRITTEN:
        kept.append("-")
    for marker in found & {"NA", "na"}:
        codes = {
            one.upper() for one in others if (one == one.upper()) == (marker == "NA")
        }
        if codes == {one.upper() for one in others} and _code(codes, is_marker):
            kept.append(marker)
    for marker in found & {"None", "none"}:
        if 2 <= len(others) <= 12 and ordered_categories.scale({*others, marker}):
            kept.append(marker)
    return tuple(kept)


def _code(codes: set[str], is_marker: bool) -> bool:
    """Return True if NA is one of such codes: all are of two letters, or regions."""
    if codes & REGIONS:
        return True
    if len(codes) < 3 or not all(re.fullmatch("[A-Z]{2}", code) for code in codes):
        return False
    if len(codes & STATES) >= 0.9 * len(codes):
        return False
    return len(codes & COUNTRIES) >= 0.9 * len(codes) or not is_marker
