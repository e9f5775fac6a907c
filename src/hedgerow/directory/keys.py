"""Personal keys (phx_…) and project secret keys (phs_…). Only their SHA-256 is stored.

A project secret key is for servers that evaluate flags themselves: it reads the flags of its
project, and nothing else.

A plain hash is enough for keys of 256 random bits: there is nothing to guess. Looking a key up by
its hash also keeps the time of the comparison from telling anything about a stored secret.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from hedgerow.core.errors import UserError
from hedgerow.core.ids import new_personal_api_key, new_project_secret_key
from hedgerow.directory.engine import Directory
from hedgerow.directory.schema import personal_keys, projects

PROJECT_SECRET_PREFIX = "phs_"  # noqa: S105 - a prefix, not a secret
PROJECT_SECRET_SCOPES = frozenset(("feature_flag:read",))
_SECRET_CHARS_MAX = 256
_SECRET_SHAPE = re.compile(r"phx_[\x21-\x7e]+")
_PUBLIC_COLUMNS = (
    personal_keys.c.id,
    personal_keys.c.label,
    personal_keys.c.project_id,
    personal_keys.c.last_four,
    personal_keys.c.created_at_us,
    personal_keys.c.user_id,
    personal_keys.c.scopes,
)


@dataclass(frozen=True, slots=True)
class PersonalKey:
    """`project_id` is the default project; `last_four` the secret's end, to tell keys apart.

    `user_id` is None for a key made on the command line, `scopes` None for one that may do all.
    """

    id: int
    label: str
    project_id: int
    last_four: str
    created_at_us: int
    user_id: int | None = None
    scopes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """Whose key it is, and what it may do there."""

    user_id: int | None = None
    scopes: frozenset[str] | None = None


_ANYBODY = KeyOwner()


def create_personal_key(  # noqa: PLR0913 - each is one field of the key, given by name
    directory: Directory,
    *,
    label: str,
    project_id: int,
    key: str | None = None,
    now_us: int,
    owner: KeyOwner = _ANYBODY,
) -> tuple[PersonalKey, str]:
    """A new key and its secret, which cannot be had again; `key` is used as the secret if given.

    Raises `UserError` when `key` is not shaped as one or exists, or the project does not exist.
    """
    with directory.write() as connection:
        return add_personal_key(
            connection, label=label, project_id=project_id, key=key, now_us=now_us, owner=owner
        )


def create_project_secret_key(
    directory: Directory, *, label: str, project_id: int, now_us: int
) -> tuple[PersonalKey, str]:
    """A new key and its secret, which cannot be had again.

    Raises `UserError` when the project does not exist.
    """
    owner = KeyOwner(scopes=PROJECT_SECRET_SCOPES)
    with directory.write() as connection:
        return _add_key(
            connection, new_project_secret_key(), label, project_id, now_us=now_us, owner=owner
        )


def add_personal_key(  # noqa: PLR0913 - as above
    connection: Connection,
    *,
    label: str,
    project_id: int,
    key: str | None,
    now_us: int,
    owner: KeyOwner = _ANYBODY,
) -> tuple[PersonalKey, str]:
    """`create_personal_key` within a transaction of the caller's."""
    secret = new_personal_api_key() if key is None else key
    if len(secret) > _SECRET_CHARS_MAX or _SECRET_SHAPE.fullmatch(secret) is None:
        raise UserError(
            "this is not a personal API key: it must start with phx_ and have at most "
            f"{_SECRET_CHARS_MAX} printable ASCII characters without spaces"
        )
    if find_personal_key(connection, secret) is not None:
        raise UserError("this personal API key exists already")
    return _add_key(connection, secret, label, project_id, now_us=now_us, owner=owner)


def _add_key(  # noqa: PLR0913 - as above
    connection: Connection,
    secret: str,
    label: str,
    project_id: int,
    *,
    now_us: int,
    owner: KeyOwner,
) -> tuple[PersonalKey, str]:
    if connection.execute(select(projects.c.id).where(projects.c.id == project_id)).first() is None:
        raise UserError(f"there is no project {project_id}")
    row = connection.execute(
        insert(personal_keys)
        .values(
            label=label,
            key_hash=_hash(secret),
            project_id=project_id,
            last_four=secret[-4:],
            created_at_us=now_us,
            user_id=owner.user_id,
            scopes=None if owner.scopes is None else " ".join(sorted(owner.scopes)),
        )
        .returning(*_PUBLIC_COLUMNS)
    ).one()
    return _personal_key(row), secret


def personal_key(directory: Directory, secret: str) -> PersonalKey | None:
    """The key with this secret, of either kind, if there is one."""
    with directory.read() as connection:
        return find_personal_key(connection, secret)


def find_personal_key(connection: Connection, secret: str) -> PersonalKey | None:
    """`personal_key` within a transaction of the caller's."""
    query = select(*_PUBLIC_COLUMNS).where(personal_keys.c.key_hash == _hash(secret))
    row = connection.execute(query).one_or_none()
    return None if row is None else _personal_key(row)


def list_personal_keys(directory: Directory) -> list[PersonalKey]:
    """All keys, the oldest first, without their secrets."""
    with directory.read() as connection:
        rows = connection.execute(select(*_PUBLIC_COLUMNS).order_by(personal_keys.c.id)).all()
    return [_personal_key(row) for row in rows]


def delete_personal_key(directory: Directory, key_id: int, *, of_user: int | None = None) -> bool:
    """Whether there was such a key. Requests that use it are refused from now on.

    With `of_user`, only a key of that account.
    """
    statement = delete(personal_keys).where(personal_keys.c.id == key_id)
    if of_user is not None:
        statement = statement.where(personal_keys.c.user_id == of_user)
    with directory.write() as connection:
        result = connection.execute(statement)
    return result.rowcount == 1


def _hash(secret: str) -> bytes:
    # A secret from outside may hold any characters, lone surrogates too.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _personal_key(row: Row[*tuple[Any, ...]]) -> PersonalKey:
    scopes = None if row.scopes is None else frozenset(row.scopes.split())
    return PersonalKey(**{**row._asdict(), "scopes": scopes})
