"""The answers of `/flags/` and `/decide/` in every version that SDKs read (sdk-contract §10.2)."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

from hedgerow.core import json
from hedgerow.flags.definition import FlagDefinition
from hedgerow.flags.evaluation import FlagResult, Reason

_DESCRIPTIONS: Final = {
    Reason.SUPER_CONDITION_VALUE: "Super condition value",
    Reason.HOLDOUT_CONDITION_VALUE: "Holdout condition value",
    Reason.NO_GROUP_TYPE: "No group type",
    Reason.OUT_OF_ROLLOUT_BOUND: "Out of rollout bound",
    Reason.NO_CONDITION_MATCH: "No matching condition set",
    Reason.FLAG_DISABLED: "Feature flag is disabled",
    Reason.MISSING_DEPENDENCY: "Flag cannot be evaluated due to missing dependency",
}


class AnswerShape(Enum):
    """How flags are told, by age: names only, those that are on, all values, records."""

    ACTIVE_KEYS = "decide v1"
    ACTIVE_VALUES = "decide v2"
    VALUES = "decide v3, flags v1"
    RECORDS = "flags v2, decide v4"
    TYPED_RECORDS = "flags v4"


def answer_shape(version: str | None, *, decide: bool) -> AnswerShape:
    """The shape for query parameter `v`; an unknown version gets the newest."""
    known = _DECIDE if decide else _FLAGS
    return known.get(version or "1", AnswerShape.RECORDS if decide else AnswerShape.TYPED_RECORDS)


_DECIDE: Final = {
    "1": AnswerShape.ACTIVE_KEYS,
    "2": AnswerShape.ACTIVE_VALUES,
    "3": AnswerShape.VALUES,
}
_FLAGS: Final = {
    "1": AnswerShape.VALUES,
    "2": AnswerShape.RECORDS,
    "3": AnswerShape.RECORDS,
}


class EvaluatedFlag(NamedTuple):
    """`failed` says that the result is a guess: SDKs that know better keep what they have."""

    flag: FlagDefinition
    result: FlagResult
    failed: bool = False


def flags_answer(  # noqa: PLR0913 - the parts of one answer, given by name
    evaluated: list[EvaluatedFlag],
    shape: AnswerShape,
    *,
    errors: bool,
    request_id: str,
    now_ms: int,
    config: Mapping[str, Any] | None = None,
) -> bytes:
    """The body. `config` is merged in where the request asked for it, or is an old one's."""
    answer: dict[str, Any] = {**(config or {}), "errorsWhileComputingFlags": errors}
    if shape in (AnswerShape.RECORDS, AnswerShape.TYPED_RECORDS):
        typed = shape is AnswerShape.TYPED_RECORDS
        answer["flags"] = {item.flag.key: _record(item, typed=typed) for item in evaluated}
        answer |= {"requestId": request_id, "evaluatedAt": now_ms, "quotaLimited": []}
    elif shape is AnswerShape.VALUES:
        answer["featureFlags"] = {item.flag.key: item.result.value for item in evaluated}
        answer["featureFlagPayloads"] = _payloads(evaluated)
        answer["requestId"] = request_id
    else:
        on = {item.flag.key: item.result.value for item in evaluated if item.result.enabled}
        answer["featureFlags"] = on if shape is AnswerShape.ACTIVE_VALUES else list(on)
    return json.encode(answer)


def payload_of(flag: FlagDefinition, result: FlagResult) -> str | None:
    """The payload of a flag that is on, as a text of JSON."""
    if not result.enabled:
        return None
    payloads = flag.filters.payloads or {}
    payload = payloads.get(result.variant or "true")
    if payload is None or isinstance(payload, str):
        return payload
    return json.encode(payload).decode()


def _payloads(evaluated: list[EvaluatedFlag]) -> dict[str, str]:
    found = {item.flag.key: payload_of(item.flag, item.result) for item in evaluated}
    return {key: payload for key, payload in found.items() if payload is not None}


def _record(item: EvaluatedFlag, *, typed: bool) -> dict[str, Any]:
    flag, result, failed = item
    metadata: dict[str, Any] = {
        "id": flag.id,
        "version": flag.version,
        "description": flag.name or None,
        "has_experiment": flag.has_experiment,
    }
    payload = payload_of(flag, result)
    if payload is not None:
        metadata["payload"] = payload
    record: dict[str, Any] = {
        "key": flag.key,
        "enabled": result.enabled,
        "variant": result.variant,
        "reason": {
            "code": result.reason.value,
            "condition_index": result.condition_index,
            "description": _description(result),
        },
        "metadata": metadata,
    }
    if typed:
        record["value"] = result.value
    if failed:
        record["failed"] = True
    return record


def _description(result: FlagResult) -> str:
    if result.reason is Reason.CONDITION_MATCH:
        return f"Matched condition set {(result.condition_index or 0) + 1}"
    return _DESCRIPTIONS[result.reason]
