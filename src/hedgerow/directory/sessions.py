"""Sessions of browsers, and the links that open one: one-time sign-in, and invitations.

Only hashes are stored; 256 random bits cannot be guessed, so a plain hash is enough.
"""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from hedgerow.directory.access_schema import invitations, sessions, sign_in_tokens, users
from hedgerow.directory.dialect import insert_or_keep
from hedgerow.directory.engine import Directory
from hedgerow.directory.users import NewUser, Role, User, add_user, user_of


@dataclass(frozen=True, slots=True)
class Session:
    """`user` is None in a session that was opened with a link of the server's."""

    user: User | None


def secret_hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def open_session(
    directory: Directory, *, user_id: int | None, now_us: int, expires_at_us: int
) -> str:
    """The new session's secret. Sessions that have ended are cleared away."""
    secret = secrets.token_urlsafe(32)
    with directory.write() as connection:
        connection.execute(delete(sessions).where(sessions.c.expires_at_us <= now_us))
        connection.execute(
            insert(sessions).values(
                secret_hash=secret_hash(secret),
                user_id=user_id,
                created_at_us=now_us,
                expires_at_us=expires_at_us,
            )
        )
    return secret


def session_of(directory: Directory, secret: str, now_us: int) -> Session | None:
    """The session with this secret, while it lasts."""
    query = (
        select(users, sessions.c.user_id)
        .select_from(sessions.outerjoin(users, sessions.c.user_id == users.c.id))
        .where(
            sessions.c.secret_hash == secret_hash(secret),
            sessions.c.expires_at_us > now_us,
        )
    )
    with directory.read() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Session(None if row.user_id is None else user_of(row))


def close_session(directory: Directory, secret: str) -> None:
    with directory.write() as connection:
        connection.execute(delete(sessions).where(sessions.c.secret_hash == secret_hash(secret)))


def offer_sign_in(directory: Directory, token: str, now_us: int) -> None:
    """Let `token` sign in once. Offering it again changes nothing, also after its use."""
    with directory.write() as connection:
        connection.execute(
            insert_or_keep(connection.dialect, sign_in_tokens),
            {"secret_hash": secret_hash(token), "created_at_us": now_us, "spent_at_us": None},
        )


def spend_sign_in(directory: Directory, token: str, now_us: int) -> bool:
    """Whether the token was offered and not yet used; from now on it is."""
    with directory.write() as connection:
        result = connection.execute(
            update(sign_in_tokens)
            .where(
                sign_in_tokens.c.secret_hash == secret_hash(token),
                sign_in_tokens.c.spent_at_us.is_(None),
            )
            .values(spent_at_us=now_us)
        )
    return result.rowcount == 1


def invite(directory: Directory, *, role: Role, expires_at_us: int) -> str:
    """The secret of a link by which one person makes an account of this role."""
    secret = secrets.token_urlsafe(32)
    with directory.write() as connection:
        connection.execute(
            insert(invitations).values(
                secret_hash=secret_hash(secret), role=role.value, expires_at_us=expires_at_us
            )
        )
    return secret


def invited_role(directory: Directory, secret: str, now_us: int) -> Role | None:
    query = select(invitations.c.role).where(
        invitations.c.secret_hash == secret_hash(secret), invitations.c.expires_at_us > now_us
    )
    with directory.read() as connection:
        role = connection.execute(query).scalar()
    return None if role is None else Role(role)


def accept_invitation(directory: Directory, secret: str, new: NewUser, now_us: int) -> User | None:
    """The new account; None when the invitation is gone. Raises `UserError`."""
    with directory.write() as connection:
        result = connection.execute(
            delete(invitations).where(
                invitations.c.secret_hash == secret_hash(secret),
                invitations.c.expires_at_us > now_us,
                invitations.c.role == new.role.value,
            )
        )
        return add_user(connection, new, now_us) if result.rowcount == 1 else None


def make_first_account(
    directory: Directory, session_secret: str, new: NewUser, now_us: int
) -> User:
    """An account for a session that has none yet; the session becomes its. Raises `UserError`."""
    with directory.write() as connection:
        user = add_user(connection, new, now_us)
        connection.execute(
            update(sessions)
            .where(sessions.c.secret_hash == secret_hash(session_secret))
            .values(user_id=user.id)
        )
    return user
