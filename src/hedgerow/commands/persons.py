"""`hedgerow person`: look one up, split it, delete it."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from hedgerow.commands.local_server import LocalServer
from hedgerow.commands.output import print_json, print_table
from hedgerow.core.errors import UserError


def show_person(data: Path | None, distinct_id: str, project: str, *, as_json: bool) -> None:
    person = _person(LocalServer(data), distinct_id, project)
    if as_json:
        print_json(person)
        return
    names = ("id", "name", "created_at", "is_identified", "distinct_ids", "properties")
    print_table(["Person", ""], [(name, person[name]) for name in names])


def split_person(data: Path | None, distinct_id: str, main: str | None, project: str) -> None:
    server = LocalServer(data)
    person = _person(server, distinct_id, project)
    body = {} if main is None else {"main_distinct_id": main}
    server.post(f"/api/projects/{project}/persons/{person['id']}/split", body)
    print(f"Each of {len(person['distinct_ids'])} distinct ids has its own person.")  # noqa: T201 - for people


def delete_person(data: Path | None, distinct_id: str, project: str, *, with_events: bool) -> None:
    server = LocalServer(data)
    person = _person(server, distinct_id, project)
    query = "?delete_events=true" if with_events else ""
    server.delete(f"/api/projects/{project}/persons/{person['id']}{query}")
    events = "with its events" if with_events else "without its events"
    print(f"The person {person['id']} is deleted, {events}.")  # noqa: T201 - for people


def _person(server: LocalServer, distinct_id: str, project: str) -> dict[str, Any]:
    path = f"/api/projects/{project}/persons?distinct_id={quote(distinct_id, safe='')}"
    found = server.get(path)["results"]
    if not found:
        raise UserError(f"There is no person with the distinct id {distinct_id!r}.")
    person: dict[str, Any] = found[0]
    return person
