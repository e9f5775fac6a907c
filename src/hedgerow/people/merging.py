"""Which ids an event joins, when it may not, and which person survives: pure rules (ingestion §3).

Decision D1 of the specification: `$create_alias` follows the published contract, so the alias is
the main id and, where both persons are anonymous, the alias's person survives.
"""

from typing import Any, Final, Literal

from hedgerow.core import limits

IDENTIFY: Final = "$identify"
ALIAS: Final = "$create_alias"
MERGE: Final = "$merge_dangerously"
MERGE_EVENTS: Final = frozenset((IDENTIFY, ALIAS, MERGE))

Properties = dict[str, Any]
# `create`: neither id is known. `attach_other`, `attach_into`: that id joins the other's person.
# `same`: they are one person already. `merge_into`, `merge_other`: that person survives.
Joining = Literal[
    "create", "attach_other", "attach_into", "same", "merge_into", "merge_other", "refuse"
]

_ANON_ID: Final = "$anon_distinct_id"
_ALIAS_ID: Final = "alias"
# Placeholders that a faulty integration sends for everybody (§3.2): in any case, in exact case.
_ILLEGAL_IN_ANY_CASE: Final = frozenset(
    (
        *("anonymous", "guest", "distinctid", "distinct_id", "id", "not_authenticated"),
        *("email", "undefined", "true", "false"),
    )
)
_ILLEGAL_EXACTLY: Final = frozenset(
    ("[object Object]", "NaN", "None", "none", "null", "0", "undefined")
)
_QUOTES: Final = ("'", '"')


def wrong_type(properties: Properties) -> tuple[str, str] | None:
    """The warning for an id of a type that is none, and the type received (§1.3, §3.2).

    Numbers are taken as their text; objects, lists and booleans drop the event.
    """
    for name, warning in ((_ANON_ID, "invalid_anon_distinct_id"), (_ALIAS_ID, "invalid_alias")):
        value = properties.get(name)
        if value.__class__ in (dict, list, bool):
            return warning, json_type(value)
    return None


def json_type(value: Any) -> str:
    """The type of a JSON value, by the word that warnings use for it."""
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    if isinstance(value, bool):
        return "boolean"
    return "string" if isinstance(value, str) else "number"


def other_id(event: str, properties: Properties) -> str | None:
    """The id that `event` asks to join with its distinct id; None for an ordinary event (§3.1)."""
    if event == IDENTIFY:
        if _ANON_ID not in properties:
            return None
        value = properties[_ANON_ID]
        return "null" if value is None else _text(value)
    if event in MERGE_EVENTS:
        value = properties.get(_ALIAS_ID)
        return _text(value) if value else None
    return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def illegal_id(into: str, other: str) -> tuple[str, str] | None:
    """The id that may not be merged, and the one beside it; None where both may (§3.2)."""
    if is_illegal(into):
        return into, other
    if is_illegal(other):
        return other, into
    return None


def is_illegal(distinct_id: str) -> bool:
    """Compared as sent, not trimmed: ` null ` is legal, `'null'` is not."""
    if not distinct_id or distinct_id.isspace() or "\x00" in distinct_id:
        return True
    if len(distinct_id) > limits.INGEST_DISTINCT_ID_CHARS_MAX:
        return True
    if _is_placeholder(distinct_id):
        return True
    quoted = (
        len(distinct_id) > 1 and distinct_id[0] in _QUOTES and distinct_id[-1] == distinct_id[0]
    )
    return quoted and _is_placeholder(distinct_id[1:-1])


def _is_placeholder(distinct_id: str) -> bool:
    return distinct_id in _ILLEGAL_EXACTLY or distinct_id.lower() in _ILLEGAL_IN_ANY_CASE


def joining(
    event: str, *, into_identified: bool | None, other_identified: bool | None, same: bool
) -> Joining:
    """What becomes of the two ids; each flag is None where the id has no person (§3.3, D1)."""
    if same:
        return "same"
    if into_identified is None:
        return "create" if other_identified is None else "attach_into"
    if other_identified is None:
        return "attach_other"
    if event == MERGE:
        return "merge_into"
    if event == IDENTIFY:
        return "refuse" if other_identified else "merge_into"
    if into_identified and other_identified:
        return "refuse"
    return "merge_into" if into_identified else "merge_other"


def primary_id(event: str, into: str, other: str) -> str:
    """The id a new person of both is created with (§3.3, D1)."""
    return other if event == ALIAS else into


def merged_properties(survivor: Properties, source: Properties) -> Properties:
    """What the survivor knows wins over what the source knew (§3.3)."""
    return {**source, **survivor}
