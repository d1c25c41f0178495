"""Keywords tell the classes of a table, and are nobody's name."""

import sqlite3

import numpy as np
import pandas as pd
import pytest

from mlservice.adopt.plan import Column, Plan, Reading
from mlservice.adopt.tasks.text import baseline_query, keywords_finder, regularization
from mlservice.errors import UserError

TEXT = Column("said", "said", "free text", "bag_of_words", "", Reading("text"))
NEUTRAL = "hello again while today because another thing".split()


def plan(*names):
    """Return a plan for texts of these classes."""
    return Plan("my.csv", "CSV", 100, "several classes", target(*names), (TEXT,), ())


def target(*names):
    """Return a target of these classes."""
    reading = Reading("text")
    return Column("of", "of", "category", "category", "", reading, categories=names)


def table(rows=400, **own):
    """Return texts, each with a word of its class, all classes equally frequent."""
    rng = np.random.default_rng(1)
    names = [list(own)[at % len(own)] for at in range(rows)]
    said = [" ".join([*rng.choice(NEUTRAL, 4), rng.choice(own[name].split())]) for name in names]
    return pd.DataFrame({"said": said, "of": names}, dtype="string[pyarrow]")


def test_the_words_of_a_class_are_found_and_neutral_ones_are_not():
    frame = table(bills="invoice payment", parts="broken spare")
    found = keywords_finder.find(frame, TEXT, target("bills", "parts"))
    assert {name: {*words} for name, words in found.keywords.items()} == {
        "bills": {"invoice", "payment"},
        "parts": {"broken", "spare"},
    }


def test_the_rarest_class_is_asked_for_first_and_a_silent_one_has_no_keyword():
    frame = pd.concat(
        [table(300, big="large", none=" ".join(NEUTRAL)), table(60, small="little")],
        ignore_index=True,
    )
    found = keywords_finder.find(frame, TEXT, target("big", "none", "small"))
    assert list(found.keywords) == ["small", "big"]
    assert found.otherwise == "none"


def test_no_rare_word_no_number_and_no_part_of_an_address_is_a_keyword():
    frame = table(bills="invoice", parts="broken")
    first = frame["of"] == "bills"
    frame.loc[first, "said"] += " 4711 jane.miller@example.com www.miller.example"
    frame.loc[first & (frame.index < 18), "said"] += " miller"  # nine rows
    found = keywords_finder.find(frame, TEXT, target("bills", "parts"))
    assert found.keywords == {"bills": ("invoice",), "parts": ("broken",)}


def test_no_keyword_is_a_part_of_another_and_none_is_a_part_of_others_words():
    frame = table(bills="pay payment payments art", parts="arts partition")
    found = keywords_finder.find(frame, TEXT, target("bills", "parts"))
    words = [word for words in found.keywords.values() for word in words]
    assert not [(a, b) for a in words for b in words if a != b and a in b]
    assert "art" not in words


def test_other_scripts_have_keywords_too():
    said = table(a="возврат", b="我的包裹在哪里")
    found = keywords_finder.find(said, TEXT, target("a", "b")).keywords
    assert found["a"] == ("возврат",)
    assert set(found["b"]) & {"我的", "的包", "包裹", "裹在", "在哪", "哪里"}


def test_words_that_databases_find_otherwise_are_left_out():
    assert list(keywords_finder.words("Straße STRASSE Größe ﬁnden don't 4you")) == [
        "strasse",
        "finden",
    ]


@pytest.mark.parametrize("own", [{"a": "hello", "b": "hello"}, {"a": "?", "b": "1 2"}])
def test_classes_that_no_word_tells_apart_are_refused(own):
    with pytest.raises(UserError, match="no word of 'said' tells the classes of 'of'"):
        keywords_finder.find(table(**own), TEXT, target("a", "b"))


def test_rows_of_no_class_play_no_part():
    frame = table(bills="invoice", parts="broken", rare="unique", gone="vanished")
    frame["of"] = frame["of"].mask(frame["of"] == "gone")
    found = keywords_finder.find(frame, TEXT, target("bills", "parts"))
    assert found.keywords == {"bills": ("invoice",), "parts": ("broken",)}
    assert regularization.choose(frame, plan("bills", "parts"), found.keywords) in regularization.TRIED


def test_many_classes_are_not_tried_on():
    assert regularization.choose(table(a="x"), plan(*map(str, range(99))), {}) == 5.0


def test_the_query_names_columns_and_classes_whatever_they_hold():
    query = baseline_query.write('a "b"', "it's", {"o'clock": ["noon"]}, "x")
    assert "LOWER(\"a \"\"b\"\"\") LIKE '%noon%' THEN 'o''clock'\n" in query
    assert 'END AS "it\'s"\n' in query and "ELSE 'x' " in query


@pytest.mark.parametrize("word", ["kündigung", "été", "возврат", "refund"])
def test_a_query_finds_other_letters_in_both_cases(word):
    query = baseline_query.write('it\'s "text"', "class", {"it's": [word]}, "none")
    texts = [form(word) for form in (str.lower, str.upper, str.capitalize)]
    with sqlite3.connect(":memory:") as database:
        frame = pd.DataFrame({'it\'s "text"': [*texts, "404"]})
        frame.to_sql("texts", database, index_label="id")
        found = [name for _, name in database.execute(query)]
    assert found == ["it's"] * 3 + ["none"]


def test_the_text_task_s_own_query_asks_for_its_own_keywords(package, templates):
    own = package.add("keywords", (templates / "text/keywords.py").read_text(encoding="utf-8"))
    query = baseline_query.write("text", "queue", own.KEYWORDS, own.OTHERWISE)
    assert (templates / "text/docs/baseline.sql").read_text(encoding="utf-8") == query
