"""What is set for a project is kept, read back, and refused by name where it is wrong."""

from pathlib import Path
from typing import Any

import pytest

from hedgerow.core.errors import FieldError
from hedgerow.directory.engine import open_directory
from hedgerow.directory.project_settings import ProjectSettings, changed_settings, settings_object
from hedgerow.directory.projects import change_project, create_project, project_by_id


def test_a_new_project_has_every_default(api: Any) -> None:
    project = api.client.get(api.path()).json()

    assert settings_object(ProjectSettings()).items() <= project.items()
    assert project["timezone"] == "UTC"


def test_a_changed_setting_stays_changed_and_leaves_the_others(tmp_path: Path) -> None:
    directory = open_directory(tmp_path / "directory.sqlite")
    project = create_project(directory, name="Shop", now_us=1)
    change_project(directory, project.id, settings={"timezone": "Europe/Berlin"})
    change_project(directory, project.id, settings={"week_start_day": 1})

    found = project_by_id(directory, project.id)

    assert found is not None
    assert found.settings == ProjectSettings(time_zone="Europe/Berlin", week_start_day=1)
    directory.close()


@pytest.mark.parametrize(
    ("changes", "attribute"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": 5}, "timezone"),
        ({"timezone": "UTC", "week_start_day": 2}, "week_start_day"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_setting_is_refused_and_named(changes: dict[str, object], attribute: str) -> None:
    with pytest.raises(FieldError) as refused:
        changed_settings(ProjectSettings(), changes)
    assert refused.value.attribute == attribute


def test_settings_are_changed_over_http_and_errors_name_the_field(api: Any) -> None:
    changed = api.client.patch(api.path(), json={"name": "Shop", "week_start_day": 1})
    refused = api.client.patch(api.path(), json={"week_start_day": "Monday"})

    assert changed.status_code == 200
    assert changed.json()["name"] == "Shop"
    assert api.client.get(api.path()).json()["week_start_day"] == 1
    assert (refused.status_code, refused.json()["attr"]) == (400, "week_start_day")


def test_a_project_is_found_under_its_older_name_too(api: Any) -> None:
    project = api.client.get(api.path()).json()

    assert api.client.get("/api/environments/@current/").json() == project
    assert api.client.get("/api/environments/").json()["results"] == [project]
