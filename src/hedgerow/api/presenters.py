"""The API's objects, from ours (read-api §3.4)."""

import uuid
from typing import Any, Final

from hedgerow.api.elements import elements_of
from hedgerow.api.times import shown_time
from hedgerow.directory.persons import PersonDetails
from hedgerow.directory.project_settings import settings_object
from hedgerow.directory.projects import Project
from hedgerow.directory.warnings import WarningSummary
from hedgerow.query.events import EventDetails

_NAME_PROPERTIES: Final = ("email", "name", "username")
_INTERNAL_PROPERTIES: Final = ("$creator_event_uuid",)


def person_object(details: PersonDetails) -> dict[str, Any]:
    person = details.person
    person_id = str(uuid.UUID(bytes=person.id))
    properties = {
        name: value for name, value in person.properties.items() if name not in _INTERNAL_PROPERTIES
    }
    return {
        "id": person_id,
        "uuid": person_id,
        "name": _person_name(details),
        "distinct_ids": list(details.distinct_ids),
        "properties": properties,
        "is_identified": person.is_identified,
        "created_at": shown_time(person.created_at_us),
        "last_seen_at": None
        if person.last_seen_at_us is None
        else shown_time(person.last_seen_at_us),
    }


def _person_name(details: PersonDetails) -> str:
    """The first name-like property, else the first id that a person chose."""
    for name in _NAME_PROPERTIES:
        value = details.person.properties.get(name)
        if isinstance(value, str) and value:
            return value
    ids = details.distinct_ids
    return next((item for item in ids if not _is_anonymous(item)), ids[0] if ids else "")


def _is_anonymous(distinct_id: str) -> bool:
    try:
        uuid.UUID(distinct_id)
    except ValueError:
        return False
    return True


def event_object(event: EventDetails) -> dict[str, Any]:
    return {
        "id": event.uuid,
        "uuid": event.uuid,
        "event": event.event,
        "distinct_id": event.distinct_id,
        "timestamp": event.timestamp,
        "properties": event.properties,
        "person": {
            "id": event.person_id,
            "distinct_ids": [event.distinct_id],
            "properties": event.person_properties,
        },
        "elements": elements_of(event.elements_chain),
        "elements_chain": event.elements_chain,
    }


def warning_object(warning: WarningSummary) -> dict[str, Any]:
    return {
        "type": warning.type,
        "category": warning.category,
        "severity": warning.severity,
        "count": warning.count,
        "last_seen": shown_time(warning.last_seen_us),
        "warnings": [
            {"timestamp": shown_time(sample.timestamp_us), "details": sample.details}
            for sample in warning.samples
        ],
    }


def project_object(project: Project) -> dict[str, Any]:
    return {
        "id": project.id,
        "name": project.name,
        "api_token": project.api_token,
        "created_at": shown_time(project.created_at_us),
        **settings_object(project.settings),
    }
