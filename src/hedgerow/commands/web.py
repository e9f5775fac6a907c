"""`hedgerow sign-in` and `hedgerow demo`: what the web app needs from the command line."""

from pathlib import Path

from hedgerow.commands.local_server import LocalServer
from hedgerow.commands.output import print_json


def show_sign_in_link(data: Path | None) -> None:
    print(LocalServer(data).post("/api/sign_in_links", {})["url"])  # noqa: T201 - for people


def load_demo_data(data: Path | None, project: str, *, as_json: bool) -> None:
    loaded = LocalServer(data).post(f"/api/projects/{project}/demo", {})
    if as_json:
        print_json(loaded)
    else:
        print(f"{loaded['events']:,} events of the demo shop were loaded.")  # noqa: T201 - as above
