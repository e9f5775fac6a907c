"""Hedgerow: product analytics you can run yourself."""

import os
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from hedgerow.client import Connection


def connect(
    target: "str | os.PathLike[str]", *, key: str | None = None, project: int | str = "@current"
) -> "Connection":
    """A connection to a running server, or to a data folder.

    `target` is a server's address (`http://…`; `key` is a personal key, else it is taken from
    HEDGEROW_PERSONAL_API_KEY), or a data folder: the server running on it is asked with the
    folder's own key, and where none runs the folder is opened and only read. `project` is a
    project's id; `@current` is the key's default. Raises `UserError`.

        with hedgerow.connect("hedgerow-data") as connection:
            connection.sql("SELECT event, count() FROM events GROUP BY event").to_pandas()
    """
    from hedgerow.client import open_connection  # noqa: PLC0415 - the package itself stays light

    return open_connection(target, key=key, project=project)
