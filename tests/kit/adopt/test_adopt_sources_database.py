"""Databases by URL: only read, and never with a password in what is shown."""

import sqlite3

import pandas as pd
import pytest

from mlservice.adopt.sources import open_source
from mlservice.errors import UserError


@pytest.fixture
def url(tmp_path):
    """An SQLite database with one table of three rows."""
    with sqlite3.connect(tmp_path / "shop.db") as base:
        base.execute('CREATE TABLE "my orders" (id INTEGER, price REAL, "was:it" TEXT)')
        rows = [(1, 2.5, "01"), (2, 3.0, "50%"), (3, None, None)]
        base.executemany('INSERT INTO "my orders" VALUES (?, ?, ?)', rows)
    base.close()
    return f"sqlite:///{tmp_path}/shop.db"


def change(url, statement):
    with sqlite3.connect(url.removeprefix("sqlite:///")) as base:
        base.execute(statement)
    base.close()


def test_the_only_table_is_taken(url):
    source = open_source(url)
    assert (source.name, source.form) == ("shop.db", "sqlite database")
    assert source.columns == ("id", "price", "was:it")
    frame = source.sample(10)
    assert frame["id"].tolist() == ["1", "2", "3"]
    assert frame["price"].tolist() == ["2.5", "3", pd.NA]
    assert source.rows == 3
    assert not source.changed()


def test_of_several_tables_a_query_chooses(url):
    change(url, "CREATE TABLE other (x)")
    with pytest.raises(UserError, match="has 2 tables .my orders, other.; .*QUERY"):
        open_source(url)
    query = """SELECT id, "was:it" AS w FROM "my orders" WHERE "was:it" LIKE '%%';"""
    assert open_source(url, query).sample(10)["w"].tolist() == ["01", "50%"]


@pytest.mark.parametrize(
    "query, sentence",
    [
        ("SELECT x FROM nowhere", "shop.db: the database answers: no such table"),
        ("DROP TABLE x", "must be one that only reads"),
        ("SELECT id, id FROM 'my orders'", "more than one column named 'id'"),
        ("SELECT id FROM 'my orders' WHERE 0", "gives no rows"),
        ("WITH x AS (SELECT 1) DELETE FROM 'my orders'", "readonly database"),
    ],
)
def test_a_query_that_will_not_do_is_refused(url, query, sentence):
    with pytest.raises(UserError, match=sentence):
        open_source(url, query).sample(1)


def test_binary_values_are_told_and_missing(url):
    source = open_source(url, "SELECT 1 AS a, x'ff00' AS b")
    assert source.sample(1).notna().values.tolist() == [[True, False]]
    assert source.unreadable == {"b": "values of type bytes"}


def test_a_database_without_tables_is_refused(url):
    change(url, 'DROP TABLE "my orders"')
    with pytest.raises(UserError, match="shop.db has no table"):
        open_source(url)


@pytest.mark.parametrize(
    "data, sentence",
    [
        ("sqlite:///nowhere.db", "nowhere.db does not exist"),
        ("sqlite://", "give the path of an SQLite file"),
        ("https://example.org/a.csv", "https://… is no database .* download it first"),
        ("oracle+nothing://u:secret@h/d", "is no database"),
        ("mssql+pymssql://u:secret@h/d", "needs a driver: pip install pymssql"),
        ("postgresql://u:secret@h:no_port/d", "is no valid URL"),
        (
            "postgresql://u:secret@127.0.0.1:1/shop",
            "127.0.0.1/shop: the database answers",
        ),
        ("://", "is no valid URL"),
    ],
)
def test_a_wrong_url_is_refused_without_its_password(data, sentence, tmp_path):
    with pytest.raises(UserError, match=sentence) as caught:
        open_source(data)
    assert "secret" not in str(caught.value)
    assert not list(tmp_path.iterdir()), "a refusal leaves nothing behind"


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "x.db").write_bytes(b"not a database at all" * 99)
    with pytest.raises(UserError, match="x.db: the database answers"):
        open_source(f"sqlite:///{tmp_path}/x.db")
