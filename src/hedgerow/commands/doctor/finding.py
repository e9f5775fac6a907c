"""What one check found."""

from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """`WARNING` is worth a look soon; `WRONG` breaks a promise or the service."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


class Finding(NamedTuple):
    """`todo` says what to do; it is empty where all is well."""

    check: str
    verdict: Verdict
    found: str
    todo: str = ""


def ok(check: str, found: str) -> Finding:
    return Finding(check, Verdict.OK, found)


def warning(check: str, found: str, todo: str) -> Finding:
    return Finding(check, Verdict.WARNING, found, todo)


def wrong(check: str, found: str, todo: str) -> Finding:
    return Finding(check, Verdict.WRONG, found, todo)
