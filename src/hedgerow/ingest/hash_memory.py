"""Hashes of visitors without cookies: making one is slow, and visitors come back."""

from typing import Final

from hedgerow.people.siphash import siphash_128

# What a client sends of itself may be long, so it is bytes that are bounded, not entries.
KEPT_BYTES_MAX: Final = 8 * 1024 * 1024
# Of one entry, besides the message: the objects, and its place in the map.
_ENTRY_BYTES: Final = 250


class HashMemory:
    """All is forgotten when it is full; those who are there are soon known again."""

    def __init__(self, kept_bytes_max: int = KEPT_BYTES_MAX) -> None:
        self._kept_bytes_max = kept_bytes_max
        self.forget()

    def forget(self) -> None:
        self._hashes: dict[tuple[bytes, bytes], bytes] = {}
        self.kept_bytes = 0

    def hashed(self, salt: bytes, message: bytes) -> bytes:
        key = (salt, message)
        found = self._hashes.get(key)
        if found is None:
            size = len(message) + _ENTRY_BYTES
            if self.kept_bytes + size > self._kept_bytes_max:
                self.forget()
            found = self._hashes[key] = siphash_128(salt, message)
            self.kept_bytes += size
        return found
