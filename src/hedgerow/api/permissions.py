"""What a role and a key's scopes allow (read-api §3.2). Pure: from a method and a path alone.

A request needs `<object>:read` or `<object>:write`, as `person:write`. A key's scopes name such
words, or `*`; to write implies to read. A role is a ceiling on top of that.
"""

from typing import Final, NamedTuple

from hedgerow.directory.users import Role

ALL_SCOPES: Final = "*"
_READING_METHODS: Final = frozenset(("GET", "HEAD"))
# Asked with POST, because a question does not fit into an address.
_READ_BY_POST: Final = frozenset(("query",))
# What only an admin may change.
_OF_ADMINS: Final = frozenset(("project", "member", "invitation", "dead_letter"))
# Everybody looks after their own.
_OF_EVERYBODY: Final = frozenset(("session", "personal_key"))
# Outside /api, for server SDKs.
_FLAG_DEFINITIONS: Final = "/flags/definitions"
_OBJECTS: Final = {"events": "query", "live": "query", "query": "query", "@me": "user"}


class Need(NamedTuple):
    """One permission: `object:action`."""

    object: str
    action: str

    def __str__(self) -> str:
        return f"{self.object}:{self.action}"


def need_of(method: str, path: str) -> Need:
    """What a request needs: of its last named collection under /api."""
    if path.startswith(_FLAG_DEFINITIONS):
        return Need("feature_flag", "read")
    parts = [part for part in path.split("/") if part][1:]
    if parts[:1] in (["projects"], ["environments"]):
        name = parts[2] if len(parts) > 2 else "projects"
    else:
        name = parts[0] if parts else ""
    thing = _OBJECTS.get(name, _singular(name))
    reads = method in _READING_METHODS or thing in _READ_BY_POST
    return Need(thing, "read" if reads else "write")


def _singular(name: str) -> str:
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")


def role_allows(role: Role, need: Need) -> bool:
    if need.action == "read" or need.object in _OF_EVERYBODY:
        return True
    if need.object in _OF_ADMINS:
        return role is Role.ADMIN
    return role is not Role.VIEWER


def scopes_allow(scopes: frozenset[str] | None, need: Need) -> bool:
    """None stands for a key without limits."""
    if scopes is None or ALL_SCOPES in scopes:
        return True
    return str(need) in scopes or (need.action == "read" and f"{need.object}:write" in scopes)
