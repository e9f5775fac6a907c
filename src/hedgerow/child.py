"""Where the supervised processes begin: `python -m hedgerow.child edge|core SUPERVISOR_PID`.

Apart from the command line, whose libraries would stay in memory.
"""

import os
import sys

from hedgerow import exit_codes
from hedgerow.core.errors import UserError
from hedgerow.parent import end_with_parent
from hedgerow.settings import Settings, load_settings
from hedgerow.without import do_without

# Libraries take them where they find them: for a terminal the log's and the HTTP client's, for
# models the API's, for arrays and data frames the store's. Together 80 MB.
_UNUSED = ("click", "numpy", "pandas", "pydantic", "pydantic_core", "pygments", "rich")


def _prepare(role: str, parent_pid: int) -> Settings:
    end_with_parent(parent_pid)
    os.umask(0o077)
    do_without(*_UNUSED)
    from hedgerow.logs import configure_logging  # noqa: PLC0415 - after what it does without

    settings = load_settings()
    configure_logging(role, settings.log_level)
    return settings


def _run(role: str, settings: Settings) -> None:
    # Each process imports only what is its own.
    if role == "edge":
        from hedgerow.edge_process import run_edge  # noqa: PLC0415

        run_edge(settings)
    else:
        from hedgerow.migrate_apart import migrate_apart  # noqa: PLC0415

        # Before the store's libraries start their threads.
        migrate_apart(settings.directory_path)
        from hedgerow.core_process import run_core  # noqa: PLC0415

        run_core(settings)


def main(role: str, parent_pid: int) -> int:
    """Returns the exit code. An error of the user's making is one clear line."""
    try:
        _run(role, _prepare(role, parent_pid))
    except UserError as error:
        print(f"hedgerow: {error}", file=sys.stderr)  # noqa: T201 - for the operator
        return exit_codes.CONFIGURATION
    return exit_codes.OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
