"""Tables and query results from a database, by its URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from sqlalchemy import URL, Connection, CursorResult, create_engine, inspect, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from mlservice.adopt.sources.source import Source, Table
from mlservice.adopt.sources.to_text import BATCH_ROWS, as_table
from mlservice.errors import UserError

DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
READS = ("select", "with", "table", "values")


def source(data: str, query: str) -> Source:
    """Open a database; raise UserError, which never shows a password."""
    url = _url(data)
    path = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    name = path.name if path else f"{url.host or ''}/{url.database or ''}".strip("/")
    unreadable: dict[int, str] = {}
    if path and not path.is_file():
        raise UserError(f"{path} does not exist; give the path of an SQLite file")
    if query and query.split()[0].lower() not in READS:
        raise UserError("QUERY must be one that only reads: SELECT … or WITH …")
    with _connected(url, name) as connection:
        query = query.strip().rstrip(";") or _only_table(connection, name)
        result = _run(connection, query)
        columns = tuple(result.keys())
        if result.fetchone() is None:
            raise UserError(f"{name}: the query gives no rows")

    def read() -> Iterator[pa.Table]:
        with _connected(url, name) as connection:
            for rows in _run(connection, query).partitions(BATCH_ROWS):
                yield as_table(name, columns, rows, unreadable)

    form = f"{url.get_backend_name()} database"
    return Source(name, Table(form, columns, read, unreadable=unreadable), path)


def _url(data: str) -> URL:
    """Parse and check the URL of a database."""
    scheme = data.partition("://")[0]
    try:
        url = make_url(data)
        url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
        url.get_dialect().import_dbapi()
    except NoSuchModuleError as error:
        raise UserError(
            f"{scheme}://… is no database that SQLAlchemy knows; "
            "for a file on the web, download it first"
        ) from error
    except ImportError as error:
        raise UserError(
            f"{scheme}://… needs a driver: pip install {error.name}"
        ) from error
    except (ArgumentError, ValueError) as error:
        raise UserError(
            f"{scheme}://… is no valid URL; "
            "write it like postgresql://user:password@host/database"
        ) from error
    return url


@contextmanager
def _connected(url: URL, name: str) -> Iterator[Connection]:
    """Connect, read-only where possible; raise UserError without the password."""
    if url.get_backend_name() == "sqlite" and url.database:
        read_only = f"file:{url.database}"
        url = url.set(database=read_only, query={"mode": "ro", "uri": "true"})
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        words = str(getattr(error, "orig", None) or error).splitlines()[0]
        if url.password:
            words = words.replace(str(url.password), "***")
        raise UserError(f"{name}: the database answers: {words}") from error
    finally:
        engine.dispose()


def _run(connection: Connection, query: str) -> CursorResult[tuple[object, ...]]:
    """Start a streamed query without parameters: % and : have no special meaning."""
    streamed = connection.execution_options(stream_results=True, no_parameters=True)
    return streamed.exec_driver_sql(query)


def _only_table(connection: Connection, name: str) -> str:
    """Return a query for the only table of the database."""
    tables = inspect(connection).get_table_names()
    if len(tables) != 1:
        shown = ", ".join(sorted(tables)[:20])
        problem = f"has {len(tables)} tables ({shown})" if tables else "has no table"
        raise UserError(
            f'{name} {problem}; say which rows to take with QUERY="SELECT …"'
        )
    return f"SELECT * FROM {connection.dialect.identifier_preparer.quote(tables[0])}"
