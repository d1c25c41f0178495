"""Words for yes and no."""

from collections.abc import Collection

FORMS = {  # format → its words for true, its words for false
    "true/false": ({"true", "t"}, {"false", "f"}),
    "yes/no": ({"yes", "y"}, {"no", "n"}),
    "1/0": ({"1", "1.0"}, {"0", "0.0"}),
    "on/off": ({"on"}, {"off"}),
    "ja/nein": ({"ja", "j"}, {"nein", "n"}),
    "wahr/falsch": ({"wahr"}, {"falsch"}),
    "oui/non": ({"oui", "o"}, {"non", "n"}),
    "vrai/faux": ({"vrai"}, {"faux"}),
    "sí/no": ({"sí", "si", "s"}, {"no", "n"}),
    "verdadero/falso": ({"verdadero", "verdadeiro", "vero"}, {"falso"}),
    "sim/não": ({"sim", "s"}, {"não", "nao", "n"}),
    "да/нет": ({"да"}, {"нет"}),
    "はい/いいえ": ({"はい"}, {"いいえ"}),
    "是/否": ({"是"}, {"否"}),
    "✓/✗": ({"✓", "✔", "☑"}, {"✗", "✘", "☐"}),
}
MIXED = " in several spellings"  # of one form, of true/false and of 1/0


def form_of(texts: Collection[str]) -> str:
    """Return the format of the distinct texts of a column, or ""."""
    words = {text.lower() for text in texts}
    if not 2 <= len(words) <= 12:
        return ""
    for form in (*FORMS, *(f"{form}{MIXED}" for form in FORMS)):
        true, false = words_of(form)
        full = len(words) > 2 or not form.endswith(MIXED)
        if full and words <= true | false and words & true and words & false:
            return form
    return ""


def words_of(form: str) -> tuple[set[str], set[str]]:
    """Return the words for true and those for false, in lower case."""
    true, false = FORMS[form.removesuffix(MIXED)]
    if not form.endswith(MIXED):
        return true, false
    also = ("1/0",) if form.startswith("true") else ("true/false", "1/0")
    pairs = [(true, false), *(FORMS[one] for one in also)]
    return set().union(*(a for a, _ in pairs)), set().union(*(b for _, b in pairs))
