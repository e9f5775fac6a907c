"""Distinct ids that many users share by mistake (capture-protocol §14.2)."""

_ILLEGAL = frozenset(
    (
        "0",
        "00000000-0000-0000-0000-000000000000",
        "[object object]",
        "anonymous",
        "anonymous-user",
        "backend",
        "distinct_id",
        "distinctid",
        "email",
        "false",
        "guest",
        "id",
        "nan",
        "none",
        "not_authenticated",
        "null",
        "system",
        "true",
        "undefined",
        "user",
    )
)


def is_illegal_distinct_id(distinct_id: str) -> bool:
    """Whether no person may be made of it: a placeholder rather than somebody's id."""
    return distinct_id.strip().lower() in _ILLEGAL
