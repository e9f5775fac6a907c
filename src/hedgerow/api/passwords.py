"""Passwords: Argon2id, a few at a time, and a limit on guessing."""

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hedgerow.api.errors import ApiError
from hedgerow.core.clock import Clock

PASSWORD_CHARS_MIN: Final = 10
PASSWORD_CHARS_MAX: Final = 200
# Each takes 64 MiB for a moment.
_AT_ONCE_MAX: Final = 2
ATTEMPTS_MAX: Final = 10
ATTEMPTS_WINDOW_US: Final = 5 * 60 * 1_000_000
_REMEMBERED_MAX: Final = 10_000


def check_password(password: str) -> None:
    """Raises `ApiError` 400 for one that is too short or too long."""
    if not PASSWORD_CHARS_MIN <= len(password) <= PASSWORD_CHARS_MAX:
        raise ApiError(
            400,
            f"A password has {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters.",
            attribute="password",
        )


@dataclass(slots=True)
class Passwords:
    """The defaults of `hasher` are those of RFC 9106 for where memory is scarce."""

    clock: Clock
    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE_MAX))
    _attempts: "OrderedDict[str, deque[int]]" = field(default_factory=OrderedDict)
    _hash_of_nobody: str = ""

    async def hash(self, password: str) -> str:
        check_password(password)
        async with self._slots:
            return await asyncio.to_thread(self.hasher.hash, password)

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Takes as long for None, an account that is not there, as for a wrong password."""
        async with self._slots:
            return await asyncio.to_thread(self._matches, password, password_hash)

    def _matches(self, password: str, password_hash: str | None) -> bool:
        if not self._hash_of_nobody:
            self._hash_of_nobody = self.hasher.hash("the password of nobody")
        try:
            self.hasher.verify(password_hash or self._hash_of_nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def count_attempt(self, *names: str) -> None:
        """For each of the names, an address or an account. Raises `ApiError` 429."""
        now_us = self.clock.now_us()
        for name in names:
            times = self._attempts.setdefault(name, deque())
            self._attempts.move_to_end(name)
            while times and times[0] <= now_us - ATTEMPTS_WINDOW_US:
                times.popleft()
            if len(times) >= ATTEMPTS_MAX:
                raise ApiError(429, "Too many attempts. Wait five minutes and try again.")
            times.append(now_us)
        while len(self._attempts) > _REMEMBERED_MAX:
            self._attempts.popitem(last=False)
