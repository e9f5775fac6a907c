from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.core.errors import UserError
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.keys import (
    create_personal_key,
    delete_personal_key,
    list_personal_keys,
    personal_key,
)
from hedgerow.directory.project_settings import ProjectSettings
from hedgerow.directory.projects import (
    Project,
    change_project,
    create_project,
    list_projects,
    project_by_id,
    project_by_token,
)
from hedgerow.directory.provision import provision


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    opened = open_directory(tmp_path / "directory.sqlite")
    yield opened
    opened.close()


def test_a_project_is_found_by_its_id_and_by_its_key(directory: Directory) -> None:
    project = create_project(directory, name="Shop", api_token="phc_shop", now_us=5)
    assert project == Project(1, "Shop", "phc_shop", 5, ProjectSettings())
    assert project_by_id(directory, 1) == project
    assert project_by_token(directory, "phc_shop") == project
    assert project_by_id(directory, 2) is None
    assert project_by_token(directory, "phc_other") is None


def test_a_made_key_is_shaped_as_one_and_not_repeated(directory: Directory) -> None:
    one = create_project(directory, name="one", now_us=1)
    two = create_project(directory, name="two", now_us=1)
    assert one.api_token.startswith("phc_")
    assert one.api_token != two.api_token
    assert list_projects(directory) == [one, two]


def test_a_key_belongs_to_one_project(directory: Directory) -> None:
    create_project(directory, name="one", api_token="phc_same", now_us=1)
    with pytest.raises(UserError, match="phc_same already belongs to project 1"):
        create_project(directory, name="two", api_token="phc_same", now_us=1)


@pytest.mark.parametrize(
    "token", ["", "phc_", "phx_secret", "abc", "phc_ü", "phc_a b", "phc_a\n", "phc_" + "a" * 61]
)
def test_a_key_of_the_wrong_shape_is_refused_and_named(directory: Directory, token: str) -> None:
    with pytest.raises(UserError, match="is not a project API key") as refused:
        create_project(directory, name="one", api_token=token, now_us=1)
    assert repr(token) in str(refused.value)
    assert list_projects(directory) == []


def test_the_longest_key_is_accepted(directory: Directory) -> None:
    token = "phc_" + "a" * 60
    assert create_project(directory, name="one", api_token=token, now_us=1).api_token == token


def test_a_renamed_project_keeps_its_key(directory: Directory) -> None:
    project = create_project(directory, name="old", now_us=1)
    renamed = change_project(directory, project.id, name="new")
    assert (renamed.name, renamed.api_token) == ("new", project.api_token)
    assert project_by_id(directory, project.id) == renamed
    with pytest.raises(UserError, match="no project 9"):
        change_project(directory, 9, name="new")


def test_a_secret_opens_its_key_and_no_other(directory: Directory) -> None:
    project = create_project(directory, name="one", now_us=1)
    key, secret = create_personal_key(directory, label="ci", project_id=project.id, now_us=7)
    create_personal_key(directory, label="other", project_id=project.id, now_us=8)
    assert personal_key(directory, secret) == key
    assert (key.label, key.project_id, key.created_at_us) == ("ci", project.id, 7)
    assert secret.startswith("phx_")
    assert secret.endswith(key.last_four)
    assert personal_key(directory, secret[:-1]) is None
    assert personal_key(directory, "") is None
    assert personal_key(directory, "\ud800") is None


def test_a_secret_is_nowhere_in_the_files(tmp_path: Path) -> None:
    directory = open_directory(tmp_path / "directory.sqlite")
    project = create_project(directory, name="one", now_us=1)
    _, made = create_personal_key(directory, label="ci", project_id=project.id, now_us=1)
    given = "phx_given-by-the-operator"
    create_personal_key(directory, label="ci", project_id=project.id, key=given, now_us=1)
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    directory.checkpoint()
    stored += b"".join(file.read_bytes() for file in tmp_path.iterdir())
    directory.close()
    assert project.api_token.encode() in stored
    assert made[4:].encode() not in stored
    assert given[4:].encode() not in stored


def test_a_deleted_key_opens_nothing(directory: Directory) -> None:
    project = create_project(directory, name="one", now_us=1)
    key, secret = create_personal_key(directory, label="ci", project_id=project.id, now_us=1)
    assert list_personal_keys(directory) == [key]
    assert delete_personal_key(directory, key.id)
    assert not delete_personal_key(directory, key.id)
    assert personal_key(directory, secret) is None
    assert list_personal_keys(directory) == []


@pytest.mark.parametrize("secret", ["", "phx_", "phc_public", "phx_a b", "phx_" + "a" * 300])
def test_a_secret_of_the_wrong_shape_is_refused_without_repeating_it(
    directory: Directory, secret: str
) -> None:
    project = create_project(directory, name="one", now_us=1)
    with pytest.raises(UserError, match="not a personal API key") as refused:
        create_personal_key(directory, label="x", project_id=project.id, key=secret, now_us=1)
    assert "phc_public" not in str(refused.value)


def test_a_key_needs_a_project_and_a_new_secret(directory: Directory) -> None:
    with pytest.raises(UserError, match="no project 3"):
        create_personal_key(directory, label="x", project_id=3, now_us=1)
    create_project(directory, name="one", now_us=1)
    create_personal_key(directory, label="x", project_id=1, key="phx_1", now_us=1)
    with pytest.raises(UserError, match="exists already"):
        create_personal_key(directory, label="x", project_id=1, key="phx_1", now_us=1)


def test_the_first_start_makes_project_1_and_one_key(directory: Directory) -> None:
    made = provision(directory, project_api_key="", personal_api_key="", now_us=3)
    assert made.created
    assert (made.project.id, made.project.name) == (1, "Default project")
    assert made.personal_key_secret is not None
    key = personal_key(directory, made.personal_key_secret)
    assert key is not None
    assert (key.label, key.project_id) == ("default", 1)


def test_the_next_start_makes_nothing(directory: Directory) -> None:
    made = provision(directory, project_api_key="", personal_api_key="", now_us=3)
    again = provision(directory, project_api_key="", personal_api_key="", now_us=4)
    assert (again.project, again.personal_key_secret, again.created) == (made.project, None, False)
    assert len(list_personal_keys(directory)) == 1


def test_given_keys_are_provisioned_once(directory: Directory) -> None:
    for start in range(3):
        result = provision(
            directory, project_api_key="phc_given", personal_api_key="phx_given", now_us=start
        )
        assert result.created is (start == 0)
        assert result.project.api_token == "phc_given"
        assert result.personal_key_secret is None
    assert personal_key(directory, "phx_given") is not None
    assert len(list_personal_keys(directory)) == 1


def test_a_personal_key_given_later_is_added(directory: Directory) -> None:
    first = provision(directory, project_api_key="", personal_api_key="", now_us=1)
    provision(directory, project_api_key="", personal_api_key="phx_later", now_us=2)
    assert personal_key(directory, "phx_later") is not None
    assert first.personal_key_secret is not None
    assert personal_key(directory, first.personal_key_secret) is not None


def test_another_project_key_than_the_stored_one_is_refused(directory: Directory) -> None:
    provision(directory, project_api_key="phc_one", personal_api_key="", now_us=1)
    with pytest.raises(UserError, match="is phc_two but project 1 has the key phc_one"):
        provision(directory, project_api_key="phc_two", personal_api_key="phx_new", now_us=2)
    assert personal_key(directory, "phx_new") is None


def test_a_first_start_with_a_bad_key_leaves_nothing_half_made(directory: Directory) -> None:
    with pytest.raises(UserError):
        provision(directory, project_api_key="phc_one", personal_api_key="bad", now_us=1)
    assert list_projects(directory) == []
