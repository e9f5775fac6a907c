"""`hedgerow serve`: supervise, and tell the operator where everything is.

It runs as a program of its own (`python -m hedgerow.serve`), so that the command line's libraries
do not stay in memory.
"""

import os
import sys

from hedgerow import exit_codes
from hedgerow.core.errors import UserError
from hedgerow.core.ids import new_sign_in_token
from hedgerow.settings import Settings, load_settings
from hedgerow.supervise import StartFailedError, child_environment, supervise
from hedgerow.welcome import Welcome
from hedgerow.wire.sdk_routes import checked_alias

EXAMPLE_QUERY = "SELECT event, count() FROM events GROUP BY event"
EXAMPLE_EVENT = '{{"api_key":"{key}","event":"hello","distinct_id":"me"}}'


def curl_example(settings: Settings, project_key: str) -> str:
    """A line that works when pasted into a shell."""
    body = EXAMPLE_EVENT.format(key=project_key)
    return (
        f"curl {settings.local_url}/i/v0/e/ -H 'Content-Type: application/json' \\\n    -d '{body}'"
    )


def print_welcome(settings: Settings, welcome: Welcome, sign_in_token: str) -> None:
    """The first thing a new user reads; plain text, so that every line can be copied whole."""
    lines = [
        "",
        "Hedgerow is running.",
        "",
        f"  Open          {settings.local_url}/?token={sign_in_token}",
        f"  Project key   {welcome.project_key}",
    ]
    if welcome.personal_key:
        lines.append(f"  Personal key  {welcome.personal_key}   (to read; shown only this once)")
    lines += [
        f"  Data          {settings.data.absolute()}",
        "",
        "Send a first event:",
        "",
        f"  {curl_example(settings, welcome.project_key)}",
        "",
        "and ask about it:",
        "",
        f'  hedgerow query --data {settings.data} "{EXAMPLE_QUERY}"',
        "",
        "Stop with Ctrl-C: what was accepted is finished first.",
        "",
    ]
    print("\n".join(lines), flush=True)  # noqa: T201 - for the operator


def run_serve(settings: Settings) -> int:
    """Returns the exit code. Raises `UserError` when serving cannot begin."""
    checked_alias(settings.path_alias)
    sign_in_token = new_sign_in_token()

    def on_ready(welcome: Welcome) -> None:
        print_welcome(settings, welcome, sign_in_token)

    return supervise(settings, sign_in_token=sign_in_token, on_ready=on_ready)


def replace_by_server(settings: Settings) -> None:
    """Turn this process into the server; does not return."""
    environment = os.environ | child_environment(settings)
    os.execve(sys.executable, [sys.executable, "-m", "hedgerow.serve"], environment)  # noqa: S606


def main() -> int:
    """An error of the user's making is one clear line."""
    try:
        return run_serve(load_settings())
    except (UserError, StartFailedError) as error:
        print(f"hedgerow: {error}", file=sys.stderr)  # noqa: T201 - for the operator
        return exit_codes.CONFIGURATION


if __name__ == "__main__":
    sys.exit(main())
