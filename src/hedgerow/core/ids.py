"""Identifiers: the only place where random bytes enter the system."""

import os
import secrets
import string
import uuid
from collections.abc import Callable

PERSON_NAMESPACE = uuid.UUID("932979b4-65c3-4424-8467-0b66ec27bc22")

RandomBytes = Callable[[int], bytes]


def uuid7(unix_ms: int, random_bytes: RandomBytes = os.urandom) -> str:
    """A UUID version 7 with `unix_ms`, floored at 0, as its time field (capture-protocol §6.1)."""
    unix_ms = min(max(unix_ms, 0), (1 << 48) - 1)
    value = (unix_ms << 80) | int.from_bytes(random_bytes(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def person_uuid(project_id: int, distinct_id: str) -> uuid.UUID:
    """The uuid of the person created with this distinct id: always the same (ingestion §2)."""
    return uuid.uuid5(PERSON_NAMESPACE, f"{project_id}:{distinct_id}")


def new_project_api_key() -> str:
    """A public, write-only key; 256 bits, so that it cannot be guessed."""
    return "phc_" + secrets.token_urlsafe(32)


def new_personal_api_key() -> str:
    """A secret key that may read; only its hash is stored."""
    return "phx_" + secrets.token_urlsafe(32)


def new_project_secret_key() -> str:
    """A secret key that reads the flags of one project; only its hash is stored."""
    return "phs_" + secrets.token_urlsafe(32)


def new_salt() -> bytes:
    """A secret key for hashing the visitors of one day."""
    return secrets.token_bytes(16)


def new_sign_in_token() -> str:
    return secrets.token_urlsafe(32)


_SHORT_ID_CHARS = string.ascii_letters + string.digits


def new_short_id() -> str:
    """Ten letters and digits, for links; 59 bits. Never all digits, so that no number is one."""
    return secrets.choice(string.ascii_letters) + "".join(
        secrets.choice(_SHORT_ID_CHARS) for _ in range(9)
    )
