"""Feature flags and surveys in the web app, in a real browser, obeyed by a real server."""

import subprocess
from pathlib import Path

import pytest
from tests.e2e.test_web_app import ROOT, node

from hedgerow.testing.server import HedgerowServer

WALK_SECONDS_MAX = 300


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_what_is_switched_on_the_page_is_what_sdks_are_told(tmp_path: Path) -> None:
    """`web/e2e/walk-flags.mjs` says what is done: a flag is made, tried on people, changed,
    switched, deleted and brought back, each time with what `/flags` then answers; with axe, in
    light and dark and on a phone, and with hostile values.
    """
    assert (ROOT / "src/hedgerow/web/app/index.html").exists(), "run: make web"
    with HedgerowServer(tmp_path / "data") as server:
        walk = subprocess.run(
            [node(), str(ROOT / "web/e2e/walk-flags.mjs"), server.open_link(), server.project_key],
            capture_output=True,
            text=True,
            check=False,
            timeout=WALK_SECONDS_MAX,
        )

    assert walk.returncode == 0, walk.stderr
