"""The salt of each calendar day, and the visitors it hides (ingestion §15)."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, select, tuple_

from hedgerow.core.ids import new_salt
from hedgerow.directory.batch import CookielessVisitor
from hedgerow.directory.cookieless_schema import cookieless_salts, cookieless_visitors
from hedgerow.directory.dialect import execute_many, insert_or_change, insert_or_keep
from hedgerow.directory.engine import Directory


def cookieless_salt(
    directory: Directory, day: int, make_salt: Callable[[], bytes] = new_salt
) -> bytes:
    """The day's salt, made when it is first asked for. Durable before anything is made with it.

    So a batch that is cut off and computed again, or replayed while the salt is kept, gives the
    same ids.
    """
    query = select(cookieless_salts.c.salt).where(cookieless_salts.c.day == day)
    with directory.read() as connection:
        found: bytes | None = connection.execute(query).scalar()
    if found is not None:
        return found
    with directory.write() as connection:
        insert = insert_or_keep(connection.dialect, cookieless_salts)
        connection.execute(insert, {"day": day, "salt": make_salt()})
        kept: bytes = connection.execute(query).scalar_one()
    return kept


def cookieless_visitor(directory: Directory, day: int, hashed: bytes) -> CookielessVisitor | None:
    query = select(cookieless_visitors).where(
        cookieless_visitors.c.day == day, cookieless_visitors.c.hash == hashed
    )
    with directory.read() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else CookielessVisitor(*row)


def save_cookieless_visitors(connection: Connection, visitors: Sequence[CookielessVisitor]) -> None:
    """Write the visitors as they now are."""
    statement = insert_or_change(
        connection.dialect,
        cookieless_visitors,
        lambda new: {
            "identifies": new.identifies,
            "session_id": new.session_id,
            "last_event_us": new.last_event_us,
        },
    )
    execute_many(
        connection,
        statement,
        ("day", "hash", "identifies", "session_id", "last_event_us"),
        [
            (item.day, item.hash, item.identifies, item.session_id, item.last_event_us)
            for item in visitors
        ],
    )


def forget_cookieless(directory: Directory, before_day: int, rows_max: int) -> None:
    """Delete the salts of earlier days, and at most `rows_max` of their visitors.

    The salts' bytes are overwritten in the file too: SQLite would leave them in a free page. The
    caller shortens the write-ahead log afterwards.
    """
    visitors = cookieless_visitors
    some = (
        select(visitors.c.day, visitors.c.hash).where(visitors.c.day < before_day).limit(rows_max)
    )
    with directory.write() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        connection.execute(delete(cookieless_salts).where(cookieless_salts.c.day < before_day))
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete=OFF")
        connection.execute(
            delete(visitors).where(tuple_(visitors.c.day, visitors.c.hash).in_(some))
        )
