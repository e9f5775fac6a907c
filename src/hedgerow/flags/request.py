"""What a `/flags/` or `/decide/` request asks (sdk-contract §10.1).

SDKs spell the same things differently; a field of another type is as good as none, since a flag
request is not worth refusing for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hedgerow.core import json
from hedgerow.core.errors import FieldError
from hedgerow.flags.definition import FlagDefinition
from hedgerow.flags.subject import Subject
from hedgerow.flags.survey_targeting import SURVEY_FLAG_PREFIX

DISTINCT_ID_CHARS_MAX: Final = 400
GROUPS_MAX: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRequest:
    """`flag_keys` is None where all are asked for. `runtime` is client or server, if it is known.

    `contexts` are evaluation contexts: a flag that has some must share one of them.
    """

    token: str
    subject: Subject
    flag_keys: frozenset[str] | None = None
    contexts: frozenset[str] = frozenset()
    runtime: str | None = None
    flags_disabled: bool = False

    def wants(self, flag: FlagDefinition, *, surveys_only: bool = False) -> bool:
        if surveys_only and not flag.key.startswith(SURVEY_FLAG_PREFIX):
            return False
        if self.flag_keys is not None and flag.key not in self.flag_keys:
            return False
        if self.contexts and flag.evaluation_contexts:
            return not self.contexts.isdisjoint(flag.evaluation_contexts)
        return self.runtime is None or flag.evaluation_runtime in ("all", self.runtime)


def parse_flag_request(
    text: bytes, *, other_token: str | None = None, guessed_runtime: str | None = None
) -> FlagRequest:
    """The request in JSON `text`. `other_token` is a key sent beside the body.

    `guessed_runtime` is what the headers say of the client, if anything.

    Raises `FieldError` naming the field: no JSON object, no token, no distinct id.
    """
    body = _object(text)
    flags_disabled = body.get("disable_flags") in (True, "true", "1")
    keys = body.get("flag_keys", body.get("flag_keys_to_evaluate"))
    runtime = body.get("evaluation_runtime", guessed_runtime)
    return FlagRequest(
        token=_token(body, other_token),
        subject=_subject(body, required=not flags_disabled),
        flag_keys=frozenset(_texts(keys)) if isinstance(keys, list) else None,
        contexts=frozenset(
            _texts(body.get("evaluation_contexts", body.get("evaluation_environments")))
        ),
        runtime=runtime if runtime in ("client", "server") else None,
        flags_disabled=flags_disabled,
    )


def _object(text: bytes) -> dict[str, Any]:
    try:
        body = json.decode(text)
    except RecursionError:
        raise FieldError("The request is nested too deeply.") from None
    except ValueError as error:
        raise FieldError(f"The request is not valid JSON: {error}") from None
    if not isinstance(body, dict):
        raise FieldError("The request must be a JSON object.")
    return body


def _token(body: dict[str, Any], other_token: str | None) -> str:
    properties = body.get("properties")
    places = (body, properties if isinstance(properties, dict) else {})
    for place in places:
        for name in ("token", "api_key", "$token"):
            token = place.get(name)
            if isinstance(token, str) and token.strip():
                return token.strip()
    if other_token:
        return other_token
    raise FieldError("The request has no project key: send it as `token`.", "token")


def _subject(body: dict[str, Any], *, required: bool) -> Subject:
    person_properties = _mapping(body.get("person_properties"))
    distinct_id = _distinct_id(body)
    if required and not distinct_id:
        raise FieldError("The request has no distinct_id.", "distinct_id")
    if len(distinct_id) > DISTINCT_ID_CHARS_MAX:
        raise FieldError(
            f"The distinct_id is longer than {DISTINCT_ID_CHARS_MAX} characters.", "distinct_id"
        )
    device_id = body.get("$device_id") or body.get("device_id")
    return Subject(
        distinct_id=distinct_id,
        device_id=_id_text(device_id or person_properties.get("$device_id")) or None,
        anonymous_id=_id_text(body.get("$anon_distinct_id")) or None,
        person_properties=person_properties,
        groups=_groups(body),
        group_properties={
            kind: _mapping(properties)
            for kind, properties in _mapping(body.get("group_properties")).items()
        },
    )


def _distinct_id(body: dict[str, Any]) -> str:
    """At the root, else among the properties, else the older `$distinct_id`."""
    properties = _mapping(body.get("properties"))
    for value in (body.get("distinct_id"), properties.get("distinct_id"), body.get("$distinct_id")):
        text = _id_text(value)
        if text:
            return text
    return ""


def _groups(body: dict[str, Any]) -> dict[str, str]:
    groups = _mapping(body.get("groups", body.get("$groups")))
    texts = {kind: _id_text(key) for kind, key in list(groups.items())[:GROUPS_MAX]}
    return {kind: key for kind, key in texts.items() if key}


def _id_text(value: Any) -> str:
    """An id is a text; some clients send a number."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return json.encode(value).decode()
    return ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
