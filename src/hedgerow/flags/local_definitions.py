"""Filters as SDKs evaluate them: dependencies in order, cohorts spelled out where that is asked."""

from collections.abc import Mapping
from typing import Any

from hedgerow.flags.dependencies import Find, dependency_chain


def local_filters(
    filters: dict[str, Any], find: Find, inlined_cohorts: Mapping[str, Any]
) -> dict[str, Any]:
    """`inlined_cohorts` are put in the place of conditions on them, where that says the same.

    A condition on a flag gets its key and the chain of flags to evaluate first.
    """
    groups = [
        {
            **condition,
            "properties": [
                item
                for wanted in condition.get("properties") or []
                for item in _local_properties(wanted, find, inlined_cohorts)
            ],
        }
        for condition in filters.get("groups") or []
    ]
    return {**filters, "groups": groups}


def _local_properties(
    wanted: dict[str, Any], find: Find, inlined_cohorts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    if wanted.get("type") == "flag":
        reference = str(wanted.get("key"))
        flag = find(reference)
        key = reference if flag is None else flag.key
        chain = dependency_chain(reference, find)
        return [{**wanted, "key": key, "operator": "flag_evaluates_to", "dependency_chain": chain}]
    if wanted.get("type") == "cohort" and wanted.get("operator") in (None, "exact", "in"):
        spelled_out = _all_of(inlined_cohorts.get(str(wanted.get("value"))))
        if spelled_out is not None:
            return spelled_out
    return [wanted]


def _all_of(group: Any) -> list[dict[str, Any]] | None:
    """The properties that must all match; None where a cohort is more than that."""
    if not isinstance(group, dict) or not group.get("values"):
        return None
    values = group["values"]
    if group.get("type") == "OR" and len(values) != 1:
        return None
    found: list[dict[str, Any]] = []
    for value in values:
        if "values" in value:
            inner = _all_of(value)
            if inner is None:
                return None
            found += inner
        elif value.get("negation") or value.get("type", "person") != "person":
            return None
        else:
            found.append(value)
    return found
