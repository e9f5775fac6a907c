"""Accounts of the web app."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from hedgerow.core.errors import UserError
from hedgerow.directory.access_schema import sessions, users
from hedgerow.directory.engine import Directory
from hedgerow.directory.schema import personal_keys


class Role(StrEnum):
    """What an account may do: see everything, change what people make, or run the place."""

    VIEWER = "viewer"
    MEMBER = "member"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    id: int
    email: str
    name: str
    role: Role
    created_at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """`password_hash` is Argon2id's text; hashing is not the directory's business."""

    email: str
    name: str
    password_hash: str
    role: Role


_PUBLIC = (users.c.id, users.c.email, users.c.name, users.c.role, users.c.created_at_us)


def add_user(connection: Connection, new: NewUser, now_us: int) -> User:
    """Raises `UserError` when the address has an account already."""
    taken = select(users.c.id).where(users.c.email_key == new.email.lower())
    if connection.execute(taken).first() is not None:
        raise UserError(f"There is an account for {new.email} already.")
    row = connection.execute(
        insert(users)
        .values(
            email=new.email,
            email_key=new.email.lower(),
            name=new.name,
            password_hash=new.password_hash,
            role=new.role.value,
            created_at_us=now_us,
        )
        .returning(*_PUBLIC)
    ).one()
    return user_of(row)


def user_of(row: Row[*tuple[Any, ...]]) -> User:
    return User(row.id, row.email, row.name, Role(row.role), row.created_at_us)


def count_users(directory: Directory) -> int:
    with directory.read() as connection:
        return connection.execute(select(func.count()).select_from(users)).scalar_one()


def list_users(directory: Directory) -> list[User]:
    """The oldest first."""
    with directory.read() as connection:
        return [user_of(row) for row in connection.execute(select(*_PUBLIC).order_by(users.c.id))]


def user_by_id(directory: Directory, user_id: int) -> User | None:
    with directory.read() as connection:
        row = connection.execute(select(*_PUBLIC).where(users.c.id == user_id)).one_or_none()
    return None if row is None else user_of(row)


def user_and_password(directory: Directory, email: str) -> tuple[User, str] | None:
    """The account of this address and its password's hash."""
    query = select(*_PUBLIC, users.c.password_hash).where(users.c.email_key == email.lower())
    with directory.read() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else (user_of(row), row.password_hash)


def set_password(directory: Directory, user_id: int, password_hash: str) -> None:
    """All its sessions end, for someone else may know the old password."""
    with directory.write() as connection:
        connection.execute(
            update(users).where(users.c.id == user_id).values(password_hash=password_hash)
        )
        connection.execute(delete(sessions).where(sessions.c.user_id == user_id))


def set_role(directory: Directory, user_id: int, role: Role) -> User | None:
    """None when there is no such account. Raises `UserError` for the last admin."""
    with directory.write() as connection:
        if role is not Role.ADMIN:
            _keep_an_admin(connection, user_id)
        row = connection.execute(
            update(users).where(users.c.id == user_id).values(role=role.value).returning(*_PUBLIC)
        ).one_or_none()
    return None if row is None else user_of(row)


def delete_user(directory: Directory, user_id: int) -> bool:
    """With its sessions and personal keys; whether there was one. Raises `UserError`."""
    with directory.write() as connection:
        _keep_an_admin(connection, user_id)
        connection.execute(delete(sessions).where(sessions.c.user_id == user_id))
        connection.execute(delete(personal_keys).where(personal_keys.c.user_id == user_id))
        result = connection.execute(delete(users).where(users.c.id == user_id))
    return result.rowcount == 1


def _keep_an_admin(connection: Connection, user_id: int) -> None:
    admins = select(users.c.id).where(users.c.role == Role.ADMIN.value)
    if list(connection.execute(admins).scalars()) == [user_id]:
        raise UserError("This is the last admin. Make another account an admin first.")
