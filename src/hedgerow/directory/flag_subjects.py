"""Everything stored about the one whom flags are evaluated for."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from hedgerow.directory.batch import Person
from hedgerow.directory.engine import Directory
from hedgerow.directory.groups import load_groups
from hedgerow.directory.kept_ids import keep_ids, kept_ids
from hedgerow.directory.persons import load_persons, person_by_id
from hedgerow.flags.subject import Subject


def complete_subject(
    directory: Directory,
    project_id: int,
    subject: Subject,
    *,
    group_types: Mapping[int, str],
    continuous_flags: Collection[str],
) -> Subject:
    """`subject` with what is stored; what the request carries is newer, and wins (blocking).

    For `continuous_flags` the ids they go on with are found, and kept where the request identifies
    somebody. Somebody whose events have not been ingested yet has the properties of their
    anonymous self, which they are about to inherit.
    """
    anonymous_id = subject.anonymous_id or subject.distinct_id
    found = load_persons(directory, project_id, {subject.distinct_id, anonymous_id})
    stored = found.get(subject.distinct_id) or found.get(anonymous_id)
    properties = stored.properties if stored is not None else {}
    return replace(
        subject,
        person_properties={**properties, **subject.person_properties},
        group_properties=_group_properties(directory, project_id, subject, group_types),
        kept_ids=_ids_to_go_on_with(directory, project_id, subject, found, continuous_flags),
        complete=True,
    )


def _group_properties(
    directory: Directory, project_id: int, subject: Subject, group_types: Mapping[int, str]
) -> dict[str, dict[str, Any]]:
    """By group type, of the groups that the request names."""
    names = [
        (index, subject.groups[kind])
        for index, kind in group_types.items()
        if kind in subject.groups
    ]
    stored = load_groups(directory, project_id, names)
    return {
        group_types[index]: {
            **(stored[index, key].properties if (index, key) in stored else {}),
            **subject.group_properties.get(group_types[index], {}),
        }
        for index, key in names
    }


def _ids_to_go_on_with(
    directory: Directory,
    project_id: int,
    subject: Subject,
    persons: Mapping[str, Person],
    continuous_flags: Collection[str],
) -> dict[str, str]:
    if not continuous_flags:
        return {}

    def kept(distinct_id: str) -> dict[str, str]:
        person = persons.get(distinct_id)
        details = None if person is None else person_by_id(directory, project_id, person.id)
        others = () if details is None else details.distinct_ids
        return kept_ids(directory, project_id, {distinct_id, *others})

    own = kept(subject.distinct_id)
    anonymous_id = subject.anonymous_id
    if not anonymous_id or anonymous_id == subject.distinct_id:
        return own
    inherited = kept(anonymous_id)
    new = {
        flag_key: inherited.get(flag_key, anonymous_id)
        for flag_key in continuous_flags
        if flag_key not in own
    }
    if new:
        keep_ids(directory, project_id, subject.distinct_id, new)
    return new | own
