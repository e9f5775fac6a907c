"""The tables of who may use the web app: accounts, sessions, and the secrets that lead to them.

Every secret is stored as its SHA-256 (see `secret_hash`), passwords as Argon2id.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table
from sqlalchemy import UniqueConstraint as Unique

from hedgerow.directory.schema import metadata

# `email_key` is the address in lower case: it alone decides whether two are the same.
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String, nullable=False),
    Column("email_key", String, nullable=False),
    Column("name", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("role", String, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Unique("email_key"),
)

# A session without a user was opened with a link that the server printed.
sessions = Table(
    "sessions",
    metadata,
    Column("secret_hash", LargeBinary(32), primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id")),
    Column("created_at_us", BigInteger, nullable=False),
    Column("expires_at_us", BigInteger, nullable=False),
)

# Links that sign in once. `spent_at_us` is set by the first use.
sign_in_tokens = Table(
    "sign_in_tokens",
    metadata,
    Column("secret_hash", LargeBinary(32), primary_key=True),
    Column("created_at_us", BigInteger, nullable=False),
    Column("spent_at_us", BigInteger),
)

# Links by which one person makes an account of a role; gone when used.
invitations = Table(
    "invitations",
    metadata,
    Column("secret_hash", LargeBinary(32), primary_key=True),
    Column("role", String, nullable=False),
    Column("expires_at_us", BigInteger, nullable=False),
)
