"""The staff database: transactions, and bringing an older one up to date.

SQLite in the place's ``staff/`` by default. The SQL keeps to what PostgreSQL can do too; what only
one of them knows stands in files of its own.
"""

from collections.abc import Generator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from web.staff.errors import StaffDatabaseError
from web.staff.tables import MigrationRow

FILE = "staff.sqlite"
PATIENCE_S = 15.0
"""How long a transaction waits for another one."""


class Database:
    """Transactions of the staff database, safe from any thread and with other processes beside it."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)
        self._writer = self.engine.execution_options(writes=True)
        if self.engine.dialect.name == "sqlite":
            _as_sqlite(self.engine)

    @classmethod
    def in_folder(cls, folder: Path) -> "Database":
        """Return the database in a folder, which is made where it is not there yet."""
        return cls(f"sqlite:///{folder / FILE}")

    def open(self) -> None:
        """Bring the database up to date.

        Raises
        ------
        StaffDatabaseError
            It cannot be opened or written.
        """
        try:
            if self.engine.dialect.name == "sqlite" and self.engine.url.database:
                Path(self.engine.url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self.writing() as session:
                _migrate(session)
        except (SQLAlchemyError, OSError) as err:
            reason = err.orig if isinstance(err, DBAPIError) else err
            where = self.engine.url.database
            raise StaffDatabaseError(
                f"the staff database cannot be opened: {reason} ({where})"
            ) from err

    @contextmanager
    def reading(self) -> Generator[Session]:
        """Give a transaction that only reads."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Generator[Session]:
        """Give a transaction that is committed at its end, all of it or nothing; one at a time."""
        with Session(self._writer) as session, session.begin():
            yield session

    def erase(self) -> bool:
        """Take what was deleted off the disk too; return whether no other transaction was in the way."""
        if self.engine.dialect.name != "sqlite":
            return True
        with self.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            done = alone.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        return done[0] == 0

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _as_sqlite(engine: Engine) -> None:
    """Let transactions begin by themselves, overwrite what is deleted, and wait for one another."""

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "foreign_keys = ON",
            "secure_delete = ON",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            f"busy_timeout = {PATIENCE_S * 1000:.0f}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def begun(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)


def _migrate(session: Session) -> None:
    """Run the statements of every file of ``migrations/`` that has not been run here yet."""
    connection = session.connection()
    if not inspect(connection).has_table(MigrationRow.__tablename__):
        connection.exec_driver_sql("CREATE TABLE migration (name TEXT PRIMARY KEY)")
    done = set(session.execute(select(MigrationRow.name)).scalars())
    for path in sorted((files("web.staff") / "migrations").iterdir(), key=lambda each: each.name):
        is_ours = path.name.count(".") == 1 or f".{connection.dialect.name}." in path.name
        if path.name in done or not is_ours:
            continue
        for statement in path.read_text("utf-8").split("\n\n"):
            connection.exec_driver_sql(statement)
        session.add(MigrationRow(name=path.name))
