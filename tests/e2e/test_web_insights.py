"""Insights, dashboards and web analytics in a real browser, on the demo shop."""

import subprocess
from pathlib import Path

import pytest
import requests

from hedgerow.testing.server import HedgerowServer

ROOT = Path(__file__).resolve().parents[2]
WALK_SECONDS_MAX = 300


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_every_insight_and_dashboard_shows_the_numbers_of_the_api(
    node: list[str], tmp_path: Path
) -> None:
    """`web/e2e/walk-insights.mjs` says what is done, with axe on each page."""
    assert (ROOT / "src/hedgerow/web/app/index.html").exists(), "run: make web"
    with HedgerowServer(tmp_path / "data") as server:
        requests.post(
            f"{server.url}/api/projects/@current/demo/",
            headers={"authorization": f"Bearer {server.personal_key}"},
            timeout=60,
        ).raise_for_status()
        server.wait_until_ingested()
        walk = subprocess.run(
            [*node, str(ROOT / "web/e2e/walk-insights.mjs"), server.open_link()],
            capture_output=True,
            text=True,
            check=False,
            timeout=WALK_SECONDS_MAX,
        )

    assert walk.returncode == 0, walk.stderr
