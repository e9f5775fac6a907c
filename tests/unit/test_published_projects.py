from pathlib import Path

import msgspec
import pytest

from hedgerow.edge.published_projects import PublishedProjects
from hedgerow.flags.definition import FlagDefinition
from hedgerow.flags.running_surveys import DAY_US, PublishedSurvey, running_surveys
from hedgerow.flags.snapshot import PublishedProject, decode_published, encode_published

FLAG = msgspec.convert(
    {
        "id": 1,
        "key": "flag",
        "filters": {
            "groups": [{"properties": [{"key": "a", "value": [1]}], "rollout_percentage": 50}],
            "payloads": {"true": {"a": None}},
        },
    },
    FlagDefinition,
)
PROJECT = PublishedProject(
    token="phc_a",
    flags=[FLAG],
    cohorts={"3": {"type": "AND", "values": []}},
    group_types={0: "company"},
    config={"token": "phc_a"},
)


def published(path: Path, *projects: PublishedProject) -> PublishedProjects:
    path.write_bytes(encode_published(projects))
    return PublishedProjects(path)


def test_what_is_published_is_read_back() -> None:
    assert decode_published(encode_published([PROJECT])) == [PROJECT]


def test_every_changed_byte_is_noticed() -> None:
    data = encode_published([PROJECT])
    for place in range(len(data)):
        damaged = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(ValueError, match="published projects"):
            decode_published(damaged)
    with pytest.raises(ValueError, match="published projects"):
        decode_published(b"")


def test_a_newer_file_is_seen_and_a_damaged_one_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "projects.json"
    projects = published(path, PROJECT)
    assert projects.find("phc_a") is not None
    assert projects.find("phc_b") is None

    other = tmp_path / "other"
    other.write_bytes(encode_published([PROJECT, PublishedProject(token="phc_b")]))
    other.replace(path)
    assert projects.find("phc_b") is not None

    other.write_bytes(b"damaged")
    other.replace(path)
    assert projects.find("phc_b") is not None
    assert projects.known


def test_before_the_first_file_no_project_is_known(tmp_path: Path) -> None:
    projects = PublishedProjects(tmp_path / "projects.json")

    assert projects.find("phc_a") is None
    assert not projects.known


def test_surveys_start_end_and_come_again_without_being_published_again(tmp_path: Path) -> None:
    survey = PublishedSurvey(
        shown={"id": "s"},
        start_us=10 * DAY_US,
        end_us=20 * DAY_US,
        iteration_starts=[(10 * DAY_US, "first"), (15 * DAY_US, "second")],
    )
    project = PublishedProject(token="phc_a", config={"token": "phc_a"}, surveys=[survey])
    found = published(tmp_path / "projects.json", project).find("phc_a")
    assert found is not None

    assert found.surveys(9 * DAY_US) == []
    assert "surveys" not in found.config(9 * DAY_US)
    assert found.surveys(10 * DAY_US)[0]["current_iteration"] == 1
    assert found.config(16 * DAY_US)["surveys"][0]["current_iteration_start_date"] == "second"
    assert found.surveys(20 * DAY_US) == []
    once = PublishedSurvey({"id": "s"}, 0, None, [])
    assert running_surveys([once], DAY_US)[0]["current_iteration"] is None


def test_a_project_may_not_tell_its_surveys(tmp_path: Path) -> None:
    survey = PublishedSurvey({"id": "s"}, 0, None, [])
    project = PublishedProject(token="phc_a", tells_surveys=False, surveys=[survey])
    found = published(tmp_path / "projects.json", project).find("phc_a")

    assert found is not None
    assert found.surveys(DAY_US) == []
    assert "surveys" not in found.config(DAY_US)
