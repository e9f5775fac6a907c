"""Where an id falls between 0 and 1: PostHog's hash, bit for bit (sdk-contract §11.1).

The same id falls on the same place for ever, so a user keeps a variant after a move to us.
"""

from hashlib import sha1
from typing import Final

_LARGEST: Final = float(0xFFFFFFFFFFFFFFF)
_HEX_DIGITS: Final = 15

VARIANT_SALT: Final = "variant"


def rollout_hash(flag_key: str, bucketing_id: str, salt: str = "") -> float:
    """The place of an id for one flag; `salt` makes a second, independent one."""
    return _place(f"{flag_key}.{bucketing_id}{salt}")


def holdout_hash(bucketing_id: str) -> float:
    """The place that decides on holdouts: one for all of them, joined with a hyphen."""
    return _place(f"holdout-{bucketing_id}")


def _place(text: str) -> float:
    # Not a secret: SHA-1 is what the SDKs compute.
    digest = sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    return int(digest[:_HEX_DIGITS], 16) / _LARGEST
