"""What the core publishes for the edge about each project: its format, without I/O.

Flags to evaluate, the remote configuration, the running surveys. A JSON object with a version, a
CRC-32, and the projects, whose bytes the CRC covers.
"""

import zlib
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct, field

from hedgerow.flags.definition import FlagDefinition
from hedgerow.flags.running_surveys import PublishedSurvey

PUBLISHED_VERSION: Final = 1


class PublishedProject(Struct, frozen=True):
    """`config` is the remote configuration (sdk-contract §8.1), but for the surveys that run.

    `surveys` are those that were started; `tells_surveys` says whether SDKs are told of them.
    """

    token: str
    flags: list[FlagDefinition] = field(default_factory=list)
    cohorts: dict[str, Any] = field(default_factory=dict)
    group_types: dict[int, str] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    tells_surveys: bool = True
    surveys: list[PublishedSurvey] = field(default_factory=list)


class _Published(Struct, frozen=True):
    version: int
    crc: int
    projects: Raw


_projects_decoder = msgspec.json.Decoder(list[PublishedProject])


def encode_published(projects: Sequence[PublishedProject]) -> bytes:
    body = msgspec.json.encode(projects)
    return msgspec.json.encode(_Published(PUBLISHED_VERSION, zlib.crc32(body), Raw(body)))


def decode_published(data: bytes) -> list[PublishedProject]:
    """Raises `ValueError` when `data` is damaged or of another version."""
    try:
        published = msgspec.json.decode(data, type=_Published)
        body = bytes(published.projects)
        if published.version == PUBLISHED_VERSION and zlib.crc32(body) == published.crc:
            return _projects_decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(f"the published projects are not readable: {error}") from error
    raise ValueError("the published projects are damaged, or of another version")
