"""Who is not asked again: the flag that follows from a survey."""

from typing import Any

import pytest
from tests.unit.conftest import Api

from hedgerow.core import json
from hedgerow.flags.snapshot import PublishedProject, decode_published
from hedgerow.flags.survey_targeting import internal_targeting_key

STARTED = {"name": "NPS", "start_date": "2026-01-01T00:00:00Z"}


def made(api: Api, **fields: Any) -> str:
    response = api.client.post(api.path("surveys/"), json={**STARTED, **fields})
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def published(api: Api) -> PublishedProject:
    api.services.publisher.publish()
    (project,) = decode_published(api.services.settings.projects_snapshot.read_bytes())
    return project


def is_asked(api: Api, survey_id: str, distinct_id: str, **properties: Any) -> bool:
    key = internal_targeting_key(survey_id)
    request = {
        "token": api.project_key,
        "distinct_id": distinct_id,
        "person_properties": properties,
    }
    questions = [[api.project_key, request, [key]]]
    (answer,) = api.client.post("/_internal/flags", content=json.encode(questions)).json()
    enabled: bool = answer[key][0]
    return enabled


@pytest.mark.parametrize("property_", ["$survey_responded", "$survey_dismissed"])
def test_who_has_answered_or_dismissed_a_survey_is_not_asked_again(
    api: Api, property_: str
) -> None:
    survey_id = made(api)
    api.add_person("done", {f"{property_}/{survey_id}": True})
    api.add_person("of another", {f"{property_}/another": True})

    assert not is_asked(api, survey_id, "done")
    assert is_asked(api, survey_id, "of another")
    assert is_asked(api, survey_id, "nobody")
    assert not is_asked(api, survey_id, "nobody", **{f"{property_}/{survey_id}": True})


def test_a_new_iteration_asks_everybody_again(api: Api) -> None:
    """The third of three is current at the time of the tests."""
    survey_id = made(api, iteration_count=3, iteration_frequency_days=7)
    api.add_person("second", {f"$survey_responded/{survey_id}/2": True})
    api.add_person("third", {f"$survey_responded/{survey_id}/3": True})

    assert is_asked(api, survey_id, "second")
    assert not is_asked(api, survey_id, "third")


def test_a_survey_names_its_flag_and_flags_are_asked_for(api: Api) -> None:
    assert published(api).config["hasFeatureFlags"] is False
    survey_id = made(api)

    project = published(api)

    assert project.config["hasFeatureFlags"] is True
    key = internal_targeting_key(survey_id)
    assert [flag.key for flag in project.flags] == [key]
    assert 0 < project.flags[0].id < 1 << 31
    assert project.surveys[0].shown["internal_targeting_flag_key"] == key


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({"schedule": "always"}, True),
        ({"type": "external_survey"}, True),
        ({"end_date": "2026-01-02T00:00:00Z"}, True),
        ({"archived": True}, False),
        ({"start_date": None}, False),
    ],
)
def test_a_survey_that_may_be_answered_again_or_has_ended_brings_no_flag(
    api: Api, fields: dict[str, Any], is_told: bool
) -> None:
    made(api, **fields)

    assert published(api).flags == []
    assert len(published(api).surveys) == is_told


def test_a_project_that_tells_no_surveys_has_none_of_their_flags(api: Api) -> None:
    made(api)
    api.client.patch(f"/api/projects/{api.project_id}", json={"surveys_opt_in": False})

    assert published(api).flags == []
