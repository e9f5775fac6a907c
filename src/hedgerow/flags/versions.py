"""Semantic versions in release conditions (sdk-contract §11.2)."""

import re
from typing import Any, Final, NamedTuple

from hedgerow.flags.values import as_text

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,99}", re.ASCII)


class Version(NamedTuple):
    major: int
    minor: int
    patch: int


class VersionRange(NamedTuple):
    """From `lower`, included, to `upper`, excluded."""

    lower: Version
    upper: Version


def parse_version(value: Any) -> Version | None:
    """`v` before it and what follows a hyphen or plus are ignored; missing parts are 0."""
    text = re.split("[-+]", as_text(value).strip().lstrip("vV"), maxsplit=1)[0]
    parts = text.split(".")
    if not parts[0]:
        return None
    numbers = [_number(part) if part else 0 for part in [*parts, "", ""][:3]]
    major, minor, patch = numbers
    if major is None or minor is None or patch is None:
        return None
    return Version(major, minor, patch)


def parse_range(operator: str, value: Any) -> VersionRange | None:
    """What `semver_tilde`, `semver_caret` or `semver_wildcard` lets through."""
    if operator == "semver_wildcard":
        return _wildcard_range(as_text(value))
    lower = parse_version(value)
    if lower is None:
        return None
    if operator == "semver_tilde":
        return VersionRange(lower, Version(lower.major, lower.minor + 1, 0))
    if lower.major:
        return VersionRange(lower, Version(lower.major + 1, 0, 0))
    if lower.minor:
        return VersionRange(lower, Version(0, lower.minor + 1, 0))
    return VersionRange(lower, Version(0, 0, lower.patch + 1))


def _wildcard_range(text: str) -> VersionRange | None:
    """`1.*` is every 1, `1.2.*` every 1.2."""
    cleaned = text.strip().lstrip("vV").replace("*", "").rstrip(".")
    numbers = [_number(part) for part in cleaned.split(".") if part]
    if not numbers or None in numbers:
        return None
    first, second, third = ([number or 0 for number in numbers] + [0, 0])[:3]
    upper = {1: Version(first + 1, 0, 0), 2: Version(first, second + 1, 0)}
    return VersionRange(
        Version(first, second, third),
        upper.get(len(numbers), Version(first, second, third + 1)),
    )


def _number(part: str) -> int | None:
    """A leading zero makes it no number (Semantic Versioning 2.0.0 §2)."""
    return int(part) if _NUMBER.fullmatch(part) else None
