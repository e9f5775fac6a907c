"""`hedgerow project` and `hedgerow key`: who may send, and who may read."""

from pathlib import Path
from typing import Any

from hedgerow.commands.local_server import LocalServer
from hedgerow.commands.output import print_json, print_table
from hedgerow.core.clock import SystemClock
from hedgerow.core.errors import UserError
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.keys import (
    create_personal_key,
    create_project_secret_key,
    delete_personal_key,
    list_personal_keys,
)
from hedgerow.settings import load_settings
from hedgerow.wire.timestamps import format_timestamp


def show_projects(data: Path | None, *, as_json: bool) -> None:
    found = LocalServer(data).get("/api/projects")["results"]
    _show(found, ["id", "name", "api_token", "created_at"], as_json=as_json)


def make_project(data: Path | None, name: str, *, as_json: bool) -> None:
    made = LocalServer(data).post("/api/projects", {"name": name})
    _show_one(made, ["id", "name", "api_token"], as_json=as_json)


def _show(items: list[dict[str, Any]], columns: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json(items)
    else:
        print_table(columns, [[item[column] for column in columns] for item in items])


def _show_one(item: dict[str, Any], columns: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json(item)
    else:
        _show([item], columns, as_json=False)


def _directory(data: Path | None) -> Directory:
    """Keys are made in the folder itself, with or without a server running."""
    settings = load_settings(data=data)
    if not settings.directory_path.exists():
        raise UserError(
            f"There is no Hedgerow data in {settings.data.absolute()}. "
            f"Start it with: hedgerow serve --data {settings.data}"
        )
    return open_directory(settings.directory_path)


def show_keys(data: Path | None, *, as_json: bool) -> None:
    found = [
        {
            "id": key.id,
            "label": key.label,
            "project": key.project_id,
            "scopes": "*" if key.scopes is None else " ".join(sorted(key.scopes)),
            "ends_with": key.last_four,
            "created_at": format_timestamp(key.created_at_us),
        }
        for key in list_personal_keys(_directory(data))
    ]
    _show(found, ["id", "label", "project", "scopes", "ends_with", "created_at"], as_json=as_json)


def make_key(
    data: Path | None, label: str, project_id: int, *, is_project_secret: bool, as_json: bool
) -> None:
    create = create_project_secret_key if is_project_secret else create_personal_key
    key, secret = create(
        _directory(data), label=label, project_id=project_id, now_us=SystemClock().now_us()
    )
    made = {"id": key.id, "label": key.label, "key": secret}
    _show_one(made, ["id", "label", "key"], as_json=as_json)


def remove_key(data: Path | None, key_id: int) -> None:
    if not delete_personal_key(_directory(data), key_id):
        raise UserError(f"There is no key with id {key_id}. List them with: hedgerow key list")
