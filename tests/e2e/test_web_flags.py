"""Feature flags and surveys in the web app, in a real browser, obeyed by a real server."""

import subprocess
from pathlib import Path

import pytest
from tests.e2e.test_web_app import ROOT, node

from hedgerow.testing.server import HedgerowServer

WALK_SECONDS_MAX = 300


def walk(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """One of the walks of `web/e2e`, against a server that has just started."""
    assert (ROOT / "src/hedgerow/web/app/index.html").exists(), "run: make web"
    with HedgerowServer(folder) as server:
        return subprocess.run(
            [node(), str(ROOT / "web/e2e" / name), server.open_link(), server.project_key],
            capture_output=True,
            text=True,
            check=False,
            timeout=WALK_SECONDS_MAX,
        )


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_what_is_switched_on_the_page_is_what_sdks_are_told(tmp_path: Path) -> None:
    """`web/e2e/walk-flags.mjs` says what is done: a flag is made, tried on people, changed,
    switched, deleted and brought back, each time with what `/flags` then answers; with axe, in
    light and dark and on a phone, and with hostile values.
    """
    done = walk("walk-flags.mjs", tmp_path / "data")

    assert done.returncode == 0, done.stderr


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_a_survey_made_on_the_page_is_asked_and_its_answers_are_read(tmp_path: Path) -> None:
    """`web/e2e/walk-surveys.mjs` says what is done: a survey is made, launched, shown by posthog-js
    and answered there, stopped, resumed and archived, each time with what SDKs are then told; the
    results have the API's digits; with axe, in light and dark and on a phone, and with hostile
    values.
    """
    done = walk("walk-surveys.mjs", tmp_path / "data")

    assert done.returncode == 0, done.stderr
