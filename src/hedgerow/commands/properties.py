"""`hedgerow property`: give a property a column of its own, and see how far it is filled."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from hedgerow.commands.local_server import LocalServer
from hedgerow.commands.output import print_json, print_table


def _path(project: str) -> str:
    return f"/api/projects/{project}/promoted_properties"


def promote(  # noqa: PLR0913 - one argument an option of the command
    data: Path | None,
    name: str,
    *,
    scope: str,
    type_: str | None,
    project: str,
    as_json: bool,
) -> None:
    body = {"name": name, "scope": scope} | ({} if type_ is None else {"type": type_})
    answer = LocalServer(data).post(_path(project), body)
    if as_json:
        print_json(answer)
    else:
        print(f"{name} gets a column ({answer['type']}). See: hedgerow property status")  # noqa: T201 - for people


def demote(data: Path | None, name: str, *, scope: str, project: str) -> None:
    query = urlencode({"name": name, "scope": scope})
    LocalServer(data).delete(f"{_path(project)}?{query}")
    print(f"{name} has no column any more.")  # noqa: T201 - for people


def show_promoted(data: Path | None, *, project: str, as_json: bool) -> None:
    found = LocalServer(data).get(_path(project))["results"]
    if as_json:
        print_json(found)
        return
    rows = [(item["name"], item["scope"], item["type"], _filled(item)) for item in found]
    print_table(("property", "scope", "type", "filled"), rows)


def show_suggestions(data: Path | None, *, project: str, as_json: bool) -> None:
    found = LocalServer(data).get(f"{_path(project)}/suggestions")["results"]
    if as_json:
        print_json(found)
        return
    rows = [
        (item["name"], item["scope"], item["queries"], f"{item['elapsed_ms'] / 1000:.1f}")
        for item in found
    ]
    print_table(("property", "scope", "queries", "seconds"), rows)


def _filled(item: dict[str, Any]) -> str:
    if item["error"]:
        return f"stopped: {item['error']}"
    if item["done"]:
        return "100 %"
    return f"{100 * item['rows_filled'] / item['rows']:.0f} % of {item['rows']} events"
