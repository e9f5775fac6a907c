"""Flags that depend on flags: the order to evaluate them in, and circles (sdk-contract §11.2)."""

from collections.abc import Callable

from hedgerow.flags.definition import FlagDefinition

Find = Callable[[str], FlagDefinition | None]


def depends_on(flag: FlagDefinition) -> list[str]:
    """The keys or ids its conditions refer to, as they are written."""
    return [
        wanted.key
        for condition in flag.filters.groups or []
        for wanted in condition.properties or []
        if wanted.type == "flag"
    ]


def dependency_chain(reference: str, find: Find) -> list[str]:
    """All flags that must be evaluated for this one, in order, itself the last.

    Empty where they form a circle, as the SDKs expect it. Unknown flags keep their name, so that
    an SDK sees that one is missing.
    """
    done: list[str] = []
    return done if _visit(reference, find, done, []) else []


def _visit(reference: str, find: Find, done: list[str], path: list[str]) -> bool:
    flag = find(reference)
    key = reference if flag is None else flag.key
    if key in path:
        return False
    if key in done:
        return True
    for needed in depends_on(flag) if flag is not None else []:
        if not _visit(needed, find, done, [*path, key]):
            return False
    done.append(key)
    return True
