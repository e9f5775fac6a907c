"""What the edge asks the core: some flags of some requests, with all that is stored."""

from typing import Final

import msgspec
from msgspec import Raw, Struct

from hedgerow.flags.evaluation import FlagResult

# Only over the core's socket: the edge lets nobody through to paths that begin so.
INTERNAL_PREFIX: Final = "/_internal/"
STORED_FLAGS_PATH: Final = INTERNAL_PREFIX + "flags"


class StoredQuestion(Struct, frozen=True, array_like=True):
    """`request` is the flag request as it was sent, `token` its project's key."""

    token: str
    request: Raw
    flag_keys: list[str]


# Flag key → its result; a flag that cannot be evaluated by the core either is left out.
StoredAnswer = dict[str, FlagResult]

encode_questions = msgspec.json.Encoder().encode
decode_questions = msgspec.json.Decoder(list[StoredQuestion]).decode
encode_answers = msgspec.json.Encoder().encode
decode_answers = msgspec.json.Decoder(list[StoredAnswer]).decode
