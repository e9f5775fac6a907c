"""The first project and the first personal key: made at the first start, or given by settings."""

from dataclasses import dataclass

from sqlalchemy import Connection

from hedgerow.core.errors import UserError
from hedgerow.directory.engine import Directory
from hedgerow.directory.keys import add_personal_key, find_personal_key
from hedgerow.directory.projects import Project, add_project, first_project

DEFAULT_PROJECT_NAME = "Default project"
DEFAULT_KEY_LABEL = "default"


@dataclass(frozen=True, slots=True)
class Provisioned:
    """`personal_key_secret` is set only where a key was made here: it cannot be shown again."""

    project: Project
    personal_key_secret: str | None
    created: bool


def provision(
    directory: Directory, *, project_api_key: str, personal_api_key: str, now_us: int
) -> Provisioned:
    """Make project 1 and a personal key if the directory is empty; add a given key if it is new.

    An empty string means that no key is given. Repeating it changes nothing. Raises `UserError`
    when project 1 has another key than the given one, or a key is not shaped as one. (design §8)
    """
    with directory.write() as connection:
        project = first_project(connection)
        created = project is None
        if project is None:
            project = add_project(
                connection,
                name=DEFAULT_PROJECT_NAME,
                api_token=project_api_key or None,
                now_us=now_us,
            )
        elif project_api_key and project_api_key != project.api_token:
            raise UserError(
                f"HEDGEROW_PROJECT_API_KEY is {project_api_key} but project {project.id} has "
                f"the key {project.api_token}: unset it, or set it to that key"
            )
        secret = _provision_key(connection, project, personal_api_key, created, now_us)
    return Provisioned(project, secret, created)


def _provision_key(
    connection: Connection, project: Project, given: str, first_start: bool, now_us: int
) -> str | None:
    """The secret of a key that was made; None where it was given or is not needed."""
    if given and find_personal_key(connection, given) is not None:
        return None
    if not given and not first_start:
        return None
    _, secret = add_personal_key(
        connection,
        label=DEFAULT_KEY_LABEL,
        project_id=project.id,
        key=given or None,
        now_us=now_us,
    )
    return None if given else secret
