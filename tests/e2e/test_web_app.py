"""The built web app in a real browser, against a server that has just started."""

from collections.abc import Callable

import pytest

WALK_SECONDS_MAX = 600


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_a_newcomer_finds_every_page_well_and_no_value_runs_script(
    walk: Callable[[str], None],
) -> None:
    """`web/e2e/walk.mjs` says what is done: from the first event to a person, SQL, an account,
    every page in light and dark and on a phone with axe, and the hostile values on all of them.
    """
    walk("walk.mjs")
